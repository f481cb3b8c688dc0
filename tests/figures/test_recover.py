"""The figure of bias and coverage."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from analysis.errors import DataError
from analysis.figures.recover import draw_recover


@pytest.fixture
def summary() -> pd.DataFrame:
    rows = [
        (effect, estimator, inference, True, bias, 0.001, coverage, 0.01)
        for effect in ("none", "heterogeneous")
        for estimator, bias, coverage in (("twfe", 0.05, 0.12), ("callaway_santanna", 0.0, 0.95))
        for inference in ("auto", "CR1")
    ]
    names = ["effect", "estimator", "inference", "headline", "bias", "bias_error"]
    return pd.DataFrame(rows, columns=[*names, "coverage", "coverage_error"])


def texts(figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text)]


def test_every_estimator_and_method_is_named(summary: pd.DataFrame) -> None:
    drawn = texts(draw_recover(summary, scale="count"))
    for name in ("Two-way fixed effects", "Callaway-Sant'Anna", "default", "CR1"):
        assert name in drawn
    assert "Bias (log points)" in drawn


def test_a_coverage_off_the_axis_is_written(summary: pd.DataFrame) -> None:
    """Catches a complete failure that would simply not be in the picture."""
    assert texts(draw_recover(summary, scale="count")).count("12") == 4


def test_rates_are_in_percentage_points(summary: pd.DataFrame) -> None:
    figure = draw_recover(summary, scale="share")
    drawn = [line.get_xdata() for line in figure.axes[0].lines]
    assert any(np.allclose(values, [5.0, 0.0]) for values in drawn)


def test_every_panel_is_marked_as_simulated(summary: pd.DataFrame) -> None:
    for axes in draw_recover(summary, scale="count").axes:
        assert any("Simulated" in text.get_text() for text in axes.texts)


def test_no_text_is_cut_off(summary: pd.DataFrame) -> None:
    figure = draw_recover(summary, scale="count")
    for text in [label for axes in figure.axes for label in axes.get_yticklabels()]:
        if text.get_text() and text.get_visible():
            assert text.get_window_extent().x0 > -1


def test_nothing_to_draw_is_refused(summary: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="look at what was refused"):
        draw_recover(summary.assign(headline=False), scale="count")
