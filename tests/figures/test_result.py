"""Any result as a figure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from analysis.effects.result import Result
from analysis.figures.result import draw_result

MakeResult = Callable[..., Result]


def by_event_time(**columns: list[float]) -> pd.DataFrame:
    value = np.array([0.02, 0.0, 0.3])
    given = {"value": value, "lower": value - 0.1, "upper": value + 0.1} | columns
    frame = pd.DataFrame(given, index=[-2, -1, 0])
    frame.loc[-1] = 0.0
    return frame


def bands(figure: Figure) -> list[np.ndarray]:
    found = [part for part in figure.axes[0].collections if part.get_label().startswith("95% band")]
    return [
        line for part in found if isinstance(part, LineCollection) for line in part.get_segments()
    ]


def test_the_band_is_drawn_where_there_is_one(make_result: MakeResult) -> None:
    """Would catch a band that is drawn in another unit than the estimates."""
    frame = by_event_time(band_lower=[-0.2, 0.0, 0.1], band_upper=[0.3, 0.0, 0.5])
    figure = draw_result(make_result("share", event_time=frame))
    assert bands(figure)[2].tolist() == [[0.0, 10.0], [0.0, 50.0]]
    assert not bands(draw_result(make_result("share", event_time=by_event_time())))


def test_an_outcome_without_a_label_is_called_by_its_column(make_result: MakeResult) -> None:
    """Would catch a figure that knows only the compendium's own measures."""
    axes = draw_result(make_result("level", event_time=by_event_time())).axes[0]
    assert axes.get_ylabel() == "Effect on wages\n(units of the outcome)"
    measured = draw_result(make_result("count", event_time=by_event_time())).axes[0]
    assert measured.get_ylabel() == "Effect on complaints\n(log points)"


def test_without_event_times_the_overall_effects_are_drawn(make_result: MakeResult) -> None:
    axes = draw_result(make_result("share")).axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["Regression coefficient"]
    assert axes.get_xlabel() == "Effect on satisfaction rate (percentage points)"
    assert axes.get_xlim()[0] == pytest.approx(-22.5, abs=3)


def test_an_interval_without_ends_leaves_its_estimate(make_result: MakeResult) -> None:
    """Would catch an axis that an infinite end stretches, or a lost estimate."""
    frame = by_event_time(lower=[-np.inf, 0.0, np.nan], upper=[np.inf, 0.0, np.nan])
    axes = draw_result(make_result("level", event_time=frame)).axes[0]
    assert max(np.abs(axes.get_ylim())) < 1
    points = [line for line in axes.lines if len(line.get_xdata()) == 3]
    assert np.asarray(points[0].get_ydata()).tolist() == [0.02, 0.0, 0.3]


def test_the_reference_is_hollow_wherever_it_is(make_result: MakeResult) -> None:
    """Would catch a design with anticipation whose reference looks estimated."""
    result = make_result("level", event_time=by_event_time())
    hollow = [line for line in draw_result(result).axes[0].lines if line.get_mfc() == "white"]
    assert [np.asarray(line.get_xdata()).tolist() for line in hollow] == [[-1]]


def test_a_result_draws_itself(make_result: MakeResult) -> None:
    assert isinstance(make_result().plot(), Figure)
