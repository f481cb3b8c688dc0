"""The specification curve."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis.effects.design import Design
from analysis.effects.sensitivity.specification_curve import Specification, SpecificationCurve
from analysis.figures.specification_curve import draw_specification_curve
from analysis.study.schema import Study

DESIGN = Design("satisfaction_rate", "share", "adoption", "g", cluster="unit")


def curve() -> SpecificationCurve:
    options = [("a",), ("b",), ("a", "b")]
    estimates = pd.DataFrame(
        {
            "weights": ["a", "b", "a or b"],
            "value": [0.01, 0.02, 0.05],
            "lower": [-0.01, -np.inf, 0.03],
            "upper": [0.03, np.inf, 0.07],
        }
    )
    return SpecificationCurve(
        design=DESIGN,
        choices={"weights": ("a", "b")},
        estimates=estimates,
        specifications=tuple(
            Specification({"weights": given}, DESIGN, "twfe", None) for given in options
        ),
        left_out=pd.DataFrame(columns=["weights", "reason"]),
    )


@pytest.fixture
def figure() -> Figure:
    return draw_specification_curve(curve(), study=None)


def points(figure: Figure, label: str) -> list[list[float]]:
    (found,) = [line for line in figure.axes[0].lines if line.get_label() == label]
    return np.asarray(found.get_xydata()).tolist()


def test_estimates_are_in_their_unit_and_apart_from_zero_or_not(figure: Figure) -> None:
    """Would catch an interval without ends that counts as significant."""
    assert points(figure, "95% interval without zero") == [[3.0, 5.0]]
    assert points(figure, "95% interval with zero") == [[1.0, 1.0], [2.0, 2.0]]
    assert points(figure, "Median estimate")[0][1] == 2.0
    assert "percentage points" in figure.axes[0].get_ylabel()


def test_marks_stand_below_their_estimates(figure: Figure) -> None:
    """Would catch a panel of choices in another order than the curve above it."""
    below = figure.axes[1]
    rows = {text.get_text(): text.get_position()[1] for text in below.get_yticklabels()}
    marks = {line.get_ydata()[0]: np.asarray(line.get_xdata()).tolist() for line in below.lines}
    assert marks[rows["a"]] == [1, 3]
    assert marks[rows["b"]] == [2, 3]
    assert figure.axes[0].get_xlim() == below.get_xlim()


def test_both_panels_say_that_data_are_simulated(simulated_study: Study, figure: Figure) -> None:
    marked = draw_specification_curve(curve(), study=simulated_study)
    assert all("Simulated" in axes.texts[0].get_text() for axes in marked.axes)
    assert not any(axes.texts for axes in figure.axes)
