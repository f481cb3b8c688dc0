"""The figure of robust bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from analysis.effects.sensitivity.honest import HonestSensitivity
from analysis.errors import DataError
from analysis.figures.honest import draw_honest
from analysis.study.schema import Study


def sensitivity(**changes: object) -> HonestSensitivity:
    bounds = pd.DataFrame(
        {
            "parameter": [0.5, 1.0, 2.0],
            "lower": [0.01, -0.01, -0.05],
            "upper": [0.05, 0.07, 0.11],
            "contains_zero": [False, True, True],
            "note": "",
        }
    )
    found = HonestSensitivity(
        restriction="relative_magnitudes",
        method="C-LF",
        level=0.95,
        target="effect at adoption",
        value=0.03,
        lower=0.015,
        upper=0.045,
        bounds=bounds,
        breakdown=0.75,
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def lines(axes: Axes) -> dict[str, np.ndarray]:
    return {str(line.get_label()): np.asarray(line.get_xydata()) for line in axes.lines}


def test_intervals_stand_at_their_parameters(real_study: Study) -> None:
    (axes,) = draw_honest(sensitivity(), study=real_study, unit="percentage points").axes
    drawn = lines(axes)
    np.testing.assert_allclose(drawn["Robust interval, excludes zero"], [[0.5, 1], [0.5, 5]])
    np.testing.assert_allclose(drawn["Robust interval, contains zero"], [[1, -1], [1, 7]])
    np.testing.assert_allclose(drawn["Breakdown value: 0.75"][:, 0], 0.75)
    labels = [text.get_text() for text in axes.get_xticklabels()]
    assert labels == ["parallel", "0.5", "1", "2"]


@pytest.mark.parametrize("breakdown", [np.nan, np.inf, 3.0])
def test_a_breakdown_value_off_the_axis_is_not_drawn(breakdown: float, real_study: Study) -> None:
    """Would catch an axis stretched to where no interval is."""
    (axes,) = draw_honest(sensitivity(breakdown=breakdown), study=real_study).axes
    assert not any("Breakdown" in label for label in lines(axes))
    assert axes.get_xlim()[1] < 2.5


def test_smoothness_is_in_the_unit_of_the_estimates(real_study: Study) -> None:
    """Would catch slopes of rates drawn as shares under an axis of percentage points."""
    found = sensitivity(restriction="smoothness")
    (axes,) = draw_honest(found, study=real_study, unit="percentage points").axes
    assert "percentage points" in axes.get_xlabel()
    assert lines(axes)["Breakdown value: 75"][0, 0] == 75


def test_an_infinite_end_is_an_arrow_and_an_empty_interval_is_nothing(real_study: Study) -> None:
    bounds = sensitivity().bounds.assign(
        lower=[np.nan, -0.01, -np.inf], upper=[np.nan, 0.07, np.inf]
    )
    (axes,) = draw_honest(sensitivity(bounds=bounds), study=real_study).axes
    markers = [line.get_marker() for line in axes.lines]
    assert markers.count("^") == markers.count("v") == 1
    assert not any("excludes" in label for label in lines(axes))
    assert np.isfinite(axes.get_ylim()).all()


def test_one_interval_can_be_drawn_and_none_cannot(simulated_study: Study) -> None:
    one = sensitivity().bounds.iloc[:1]
    (axes,) = draw_honest(sensitivity(bounds=one), study=simulated_study).axes
    assert any("simulated-mark" in str(text.get_gid()) for text in axes.texts)
    with pytest.raises(DataError, match="there is no robust interval"):
        draw_honest(sensitivity(bounds=one.iloc[:0]), study=simulated_study)
