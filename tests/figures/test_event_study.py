"""The event-study figure."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis.effects.result import Result
from analysis.errors import DesignError
from analysis.figures.event_study import (
    draw_event_studies,
    draw_event_study,
    effect_label,
    event_times_frame,
)
from analysis.study.schema import Study

MakeResult = Callable[..., Result]


@pytest.fixture
def result(make_result: MakeResult) -> MakeResult:
    def make(scale: str = "share") -> Result:
        value = np.array([0.0, 0.01, 0.0, 0.02, 0.03])
        frame = pd.DataFrame(
            {"value": value, "standard_error": 0.01, "lower": value - 0.02, "upper": value + 0.02},
            index=[-3, -2, -1, 0, 1],
        )
        return make_result(scale, event_time=frame)

    return make


def line(figure: Figure, label: str) -> np.ndarray:
    (found,) = [given for given in figure.axes[0].lines if given.get_label() == label]
    return np.asarray(found.get_xydata())


def test_rates_are_drawn_in_percentage_points(result: MakeResult, real_study: Study) -> None:
    """Would catch an axis that says percentage points over values between 0 and 1."""
    truth = pd.DataFrame({"event_time": [0], "value": [0.025]})
    figure = draw_event_study(result(), study=real_study, truth=truth)
    assert "percentage points" in figure.axes[0].get_ylabel()
    assert line(figure, "Truth").tolist() == [[0.0, 2.5]]


def test_counts_are_drawn_in_log_points(result: MakeResult, real_study: Study) -> None:
    figure = draw_event_study(result("count"), study=real_study)
    assert "log points" in figure.axes[0].get_ylabel()


def test_truth_is_drawn_inside_the_window_only(result: MakeResult, real_study: Study) -> None:
    """Would catch an axis stretched by true effects long after the last estimate."""
    truth = pd.DataFrame({"event_time": range(-3, 9), "value": 0.01})
    months = line(draw_event_study(result(), study=real_study, truth=truth), "Truth")[:, 0]
    assert months.tolist() == [-3, -2, -1, 0, 1]


def test_the_ends_are_months_like_the_others(result: MakeResult, real_study: Study) -> None:
    """Would catch ends drawn as if they stood for all months beyond."""
    figure = draw_event_study(result(), study=real_study)
    labels = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    assert labels[0] == "−3"
    assert labels[-1] == "1"


def test_a_result_without_event_times_is_refused(
    make_result: MakeResult, real_study: Study
) -> None:
    with pytest.raises(DesignError, match="twfe: it has no event-time estimates"):
        draw_event_study(make_result(), study=real_study)


def test_estimators_stand_side_by_side_at_each_month(result: MakeResult, real_study: Study) -> None:
    """Would catch intervals drawn over each other, of which only the last can be seen."""
    figure = draw_event_studies([result(), result(), result()], study=real_study)
    places = [list(group.get_segments()) for group in figure.axes[0].collections]
    first = [segments[0][0][0] for segments in places]
    assert len(set(first)) == 3
    assert np.mean(first) == pytest.approx(-3)


def test_results_over_each_other_have_event_times_and_are_few(
    result: MakeResult, make_result: MakeResult, real_study: Study
) -> None:
    with pytest.raises(DesignError, match="no event-time estimates"):
        draw_event_studies([result(), make_result()], study=real_study)
    with pytest.raises(DesignError, match="there are 5 results"):
        draw_event_studies([result()] * 5, study=real_study)


def test_what_is_drawn_can_be_drawn_again(result: MakeResult) -> None:
    """Catches points in another unit than the figure's, and a truth beyond its months."""
    truth = pd.DataFrame({"event_time": [0, 1, 99], "value": [0.025, 0.03, 1.0]})
    points = event_times_frame([result()], truth)
    assert points.columns.tolist() == ["estimator", "event_time", "value", "lower", "upper"]
    estimates = points[points["estimator"] != "Truth"].set_index("event_time")
    assert estimates.loc[1, ["value", "lower", "upper"]].tolist() == [3.0, 1.0, 5.0]
    truths = points[points["estimator"] == "Truth"]
    assert truths[["event_time", "value"]].to_numpy().tolist() == [[0, 2.5], [1, 3.0]]
    assert truths[["lower", "upper"]].isna().all().all()


def test_a_long_label_of_an_axis_has_lines(result: MakeResult) -> None:
    """Would catch a label that is longer than the axis."""
    design = dataclasses.replace(result().design, outcome="log_p90_days", scale="log")
    label = "Effect on log 90th percentile of\nhandling time\n(log points)"
    assert effect_label(design) == label
