"""The forest plot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.figures.estimates import draw_estimates, ends_of_long_groups
from analysis.study.schema import Study


def frame(**columns: object) -> pd.DataFrame:
    given = {"label": ["b", "a"], "value": [0.1, 0.2], "lower": [0.0, 0.1], "upper": [0.2, 0.3]}
    return pd.DataFrame(given | columns)


def test_rows_stand_in_the_order_given_from_the_top(real_study: Study) -> None:
    """Would catch a plot that sorts, so that the text beside it names the wrong row."""
    axes = draw_estimates(frame(), study=real_study).axes[0]
    heights = {text.get_text(): text.get_position()[1] for text in axes.get_yticklabels()}
    assert heights["b"] < heights["a"]
    assert axes.yaxis_inverted()


def test_values_and_truth_share_a_unit(real_study: Study) -> None:
    """Would catch a truth line that is a hundred times too near to zero."""
    unit = "percentage points"
    axes = draw_estimates(frame(), study=real_study, truth=0.15, unit=unit).axes[0]
    (truth,) = [line for line in axes.lines if line.get_label() == "Truth"]
    assert np.asarray(truth.get_xdata()).tolist() == pytest.approx([15, 15])
    assert axes.get_xlim()[1] > 30


def test_an_estimate_that_could_not_be_made_is_said_so(real_study: Study) -> None:
    """Would catch a row that silently vanishes."""
    figure = draw_estimates(frame(value=[np.nan, 0.2]), study=real_study)
    assert [text.get_text() for text in figure.axes[0].texts] == ["not estimated"]


def test_an_unbounded_interval_is_not_taken_for_a_missing_estimate(real_study: Study) -> None:
    """Would catch a bootstrap interval without end that makes its estimate vanish."""
    axes = draw_estimates(frame(lower=[-np.inf, 0.1]), study=real_study).axes[0]
    assert [text.get_text() for text in axes.texts] == ["interval unbounded"]
    assert any(np.asarray(line.get_xdata()).tolist() == [0.1] for line in axes.lines)


def test_missing_columns_are_all_named(real_study: Study) -> None:
    with pytest.raises(DataError, match=r"'lower' is missing[\s\S]*'upper' is missing"):
        draw_estimates(frame().drop(columns=["lower", "upper"]), study=real_study)


def test_a_long_group_is_shown_by_its_two_ends_and_a_short_one_whole() -> None:
    values = [0.3, 0.1, 0.2]
    checks = pd.DataFrame({"group": "long", "label": ["a", "b", "c"], "value": values})
    short = pd.DataFrame({"group": "short", "label": ["d"], "value": [0.0]})
    shown = ends_of_long_groups(pd.concat([checks, short], ignore_index=True), longest=2)
    assert shown["label"].tolist() == ["lowest: b", "highest: a", "d"]
