"""The figure of a Goodman-Bacon decomposition."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.sensitivity.bacon import Bacon
from analysis.figures.bacon import draw_bacon
from analysis.study.schema import Study


@pytest.fixture
def bacon() -> Bacon:
    comparisons = pd.DataFrame(
        {
            "type": ["treated_vs_never", "treated_vs_never", "later_vs_earlier"],
            "treated": [3.0, 5.0, 5.0],
            "control": [np.nan, np.nan, 3.0],
            "weight": [0.5, 0.3, 0.2],
            "estimate": [0.02, 0.04, -0.01],
        }
    )
    design = Design("repeat_share", "share", "adoption", "adoption_period", "unit")
    return Bacon(0.02, comparisons, design, "none", {})


def test_each_type_has_its_points_and_its_weight(bacon: Bacon, real_study: Study) -> None:
    """Would catch types that share a marker, or a weight beside the wrong one."""
    (axes,) = draw_bacon(bacon, study=real_study).axes
    lines = {str(line.get_label()): line for line in axes.lines}
    never = lines["Treated and never treated: weight 0.80"]
    later = lines["Later and already treated: weight 0.20"]
    np.testing.assert_allclose(never.get_xydata(), [[0.5, 2], [0.3, 4]])
    np.testing.assert_allclose(later.get_xydata(), [[0.2, -1]])
    assert never.get_marker() != later.get_marker()
    assert not any("Earlier" in label for label in lines)


def test_the_coefficient_is_in_percentage_points(bacon: Bacon, real_study: Study) -> None:
    (axes,) = draw_bacon(bacon, study=real_study).axes
    (line,) = [line for line in axes.lines if "Coefficient" in str(line.get_label())]
    assert line.get_label() == "Coefficient: 2.00"
    np.testing.assert_allclose(line.get_ydata(), 2)
    assert "percentage points" in axes.get_ylabel()


def test_simulated_data_are_marked(bacon: Bacon, simulated_study: Study) -> None:
    (axes,) = draw_bacon(bacon, study=simulated_study, outcome="repeated complaints").axes
    assert any("simulated-mark" in str(text.get_gid()) for text in axes.texts)
    assert axes.get_ylabel().startswith("Effect on repeated complaints")
