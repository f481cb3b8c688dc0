"""The joint test of effects before adoption."""

import dataclasses

import numpy as np
import pytest

from analysis.effects.estimators.callaway_santanna import estimate_callaway_santanna
from analysis.effects.evidence import Own
from analysis.effects.group_time.pretest import pretest, wald_test
from analysis.errors import DesignError


@pytest.fixture
def effects(make_panel, rate_design):
    panel = make_panel(units=90, periods=8)
    return estimate_callaway_santanna(panel, dataclasses.replace(rate_design, weights=None))


def test_base_does_not_matter(make_panel, rate_design, effects):
    """Effects before adoption from either base are linear combinations of one another."""
    varying = dataclasses.replace(rate_design, weights=None, base="varying", comparison="never")
    universal = dataclasses.replace(varying, base="universal")
    panel = make_panel(units=90, periods=8)
    one = pretest(estimate_callaway_santanna(panel, varying))
    other = pretest(estimate_callaway_santanna(panel, universal))
    assert one.statistic == pytest.approx(other.statistic, rel=1e-9)
    assert one.restrictions == other.restrictions == 5
    assert 0 < one.p_value < 1


def test_anticipated_periods_can_be_left_out(effects):
    assert pretest(effects, last=-2).restrictions == pretest(effects).restrictions
    assert pretest(effects, last=-3).restrictions == pretest(effects).restrictions - 2


def test_trend_is_found(make_panel, rate_design):
    panel = make_panel(units=90, periods=8)
    drift = panel.groupby("unit").cumcount() * panel["adoption_period"].notna() * 0.05
    panel["satisfaction_rate"] = panel["satisfaction_rate"] + drift
    design = dataclasses.replace(rate_design, weights=None)
    assert pretest(estimate_callaway_santanna(panel, design)).p_value < 1e-6


def test_too_few_clusters_give_no_number():
    random = np.random.default_rng(0)
    found = wald_test(np.ones(3), random.normal(size=(9, 3)), np.arange(9) % 2)
    assert np.isnan([found.statistic, found.p_value]).all()
    assert found.restrictions == 3


def test_needs_influence_and_periods_before(effects):
    vcov = np.eye(len(effects.targets))
    own = dataclasses.replace(effects, evidence=Own(lambda: (vcov, np.inf, "none"), True, 100))
    with pytest.raises(DesignError, match="before adoption cannot be tested"):
        pretest(own)
    with pytest.raises(DesignError, match="reach back two periods"):
        pretest(effects, last=-99)
