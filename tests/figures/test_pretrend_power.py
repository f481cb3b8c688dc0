"""The figure of what a pre-test could have missed."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.effects.sensitivity.event_study import EventStudy
from analysis.effects.sensitivity.pretrend_power import PretrendPower, pretrend_power
from analysis.figures.pretrend_power import draw_pretrend_power
from analysis.study.schema import Study


@pytest.fixture
def power() -> PretrendPower:
    times, values = np.array([-4, -3, -1, 0, 1]), np.array([0.01, 0, 0.02, 0.03, 0.05])
    return pretrend_power(EventStudy(times, values, 1e-4 * np.eye(5), -2), slope=0.01)


def test_the_violation_goes_through_the_reference(power: PretrendPower, real_study: Study) -> None:
    """Would catch a trend and a reference drawn at -1 where the reference is earlier."""
    (axes,) = draw_pretrend_power(power, study=real_study, unit="percentage points").axes
    lines = {str(line.get_label()): np.asarray(line.get_xydata()) for line in axes.lines}
    (trend,) = [data for label, data in lines.items() if label.startswith("Violation found")]
    np.testing.assert_allclose(trend, [[t, t + 2] for t in (-4, -3, -2, -1, 0, 1)])
    hollow = [line for line in axes.lines if line.get_markerfacecolor() == "white"]
    assert [-2, 0] in [point for line in hollow for point in np.asarray(line.get_xydata()).tolist()]
    assert f"chance {power.power:.2f}" in " ".join(lines)


def test_units_and_periods_are_named(power: PretrendPower, simulated_study: Study) -> None:
    (axes,) = draw_pretrend_power(power, study=simulated_study, period="Years").axes
    assert axes.get_xlabel() == "Years since adoption"
    assert axes.get_ylabel() == "Effect (log points)"
    assert any("simulated-mark" in str(text.get_gid()) for text in axes.texts)
