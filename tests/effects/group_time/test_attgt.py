"""Which cells are estimated, from which units, and which are left out."""

import numpy as np
import pytest

from analysis.effects.group_time.attgt import (
    NO_CLEAN_PERIOD,
    ONLY_COMPARED_WITH,
    estimate_group_time,
)
from analysis.effects.group_time.wide import WidePanel


def wide(outcome, adoption, *, controls=None, weights=None, periods=None):
    outcome = np.asarray(outcome, dtype="float64")
    units, count = outcome.shape
    return WidePanel(
        periods=np.arange(1.0, count + 1) if periods is None else np.asarray(periods, float),
        outcome=outcome,
        adoption=np.asarray(adoption, dtype="float64"),
        weights=np.ones(units) if weights is None else np.asarray(weights, dtype="float64"),
        controls=np.empty((units, count, 0)) if controls is None else controls,
        clusters=np.arange(units),
    )


def random_panel(seed=0, *, units=60, count=8, missing=0.0, cohorts=(4.0, 6.0, np.nan)):
    random = np.random.default_rng(seed)
    outcome = random.normal(size=(units, count))
    outcome[random.random(outcome.shape) < missing] = np.nan
    return wide(outcome, np.array(cohorts)[np.arange(units) % len(cohorts)])


def cell(effects, cohort, period):
    (place,) = np.flatnonzero((effects.cohort == cohort) & (effects.period == period))
    return place


def reasons(effects):
    return {(left.cohort, left.reason): left.periods for left in effects.left_out}


def difference(panel, treated, untreated, period, base):
    changes = panel.outcome[:, int(period) - 1] - panel.outcome[:, int(base) - 1]
    return np.nanmean(changes[treated]) - np.nanmean(changes[untreated])


@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("base", ["universal", "varying"])
@pytest.mark.parametrize("comparison", ["never", "notyet"])
@pytest.mark.parametrize("anticipation", [0, 1])
def test_every_cell_by_hand(missing, base, comparison, anticipation):
    """Catches a wrong base period, a unit compared with that is treated, gaps mishandled."""
    panel = random_panel(missing=missing)
    effects = estimate_group_time(
        panel, comparison=comparison, base=base, anticipation=anticipation
    )
    assert len(effects.att) == 2 * (8 if base == "universal" else 7)
    for cohort, period, value in zip(effects.cohort, effects.period, effects.att, strict=True):
        clean = cohort - 1 - anticipation
        start = clean if base == "universal" or period >= cohort else period - 1
        if period == start:
            assert value == 0
            continue
        adopts = np.nan_to_num(panel.adoption, nan=np.inf)
        if comparison == "never":
            untreated = np.isinf(adopts)
        else:
            untreated = (adopts > max(period, start) + anticipation) & (adopts != cohort)
        expected = difference(panel, adopts == cohort, untreated, period, start)
        assert value == pytest.approx(expected, abs=1e-12)


def test_a_gap_costs_only_comparisons_that_need_it():
    """Catches dropping a unit, or a whole cell, for a gap somewhere else."""
    panel = random_panel()
    whole = estimate_group_time(panel)
    gappy = panel.outcome.copy()
    gappy[0, 6] = np.nan  # cohort 4, whose base is period 3
    holed = estimate_group_time(wide(gappy, panel.adoption))
    changed = np.flatnonzero(~np.isclose(holed.att, whole.att, rtol=0, atol=1e-12))
    assert changed.tolist() == [cell(whole, 4, 7)]
    assert holed.contributions[0, changed[0]] == 0


def test_gaps_are_the_same_as_dropping_if_none_are_partly_observed():
    """Units that are never observed in a comparison leave it as if they were not in the panel."""
    panel = random_panel()
    gappy = panel.outcome.copy()
    gappy[:6] = np.nan
    with_gaps = estimate_group_time(wide(gappy, panel.adoption))
    without = estimate_group_time(wide(panel.outcome[6:], panel.adoption[6:]))
    np.testing.assert_allclose(with_gaps.att, without.att, atol=1e-14)
    np.testing.assert_allclose(with_gaps.contributions[6:], without.contributions, atol=1e-15)
    assert not with_gaps.contributions[:6].any()


@pytest.mark.parametrize("comparison", ["never", "notyet"])
def test_without_never_treated_the_last_cohort_is_only_compared_with(comparison):
    """Catches effects of the last cohort, and comparisons with it once it adopts."""
    panel = random_panel(cohorts=(4.0, 6.0, 8.0))
    effects = estimate_group_time(panel, comparison=comparison, base="varying")
    assert set(effects.cohort) == {4.0, 6.0}
    assert effects.period.max() == 7
    found = reasons(effects)
    assert found[8.0, ONLY_COMPARED_WITH] == ()
    assert found[4.0, "no unit is left to compare with"] == (8.0,)
    adopts = panel.adoption
    untreated = adopts == 8 if comparison == "never" else adopts > 5
    expected = difference(panel, adopts == 4, untreated, 5, 3)
    assert effects.att[cell(effects, 4, 5)] == pytest.approx(expected)


def test_cohort_without_a_clean_period_is_named():
    panel = random_panel(cohorts=(2.0, 6.0, np.nan))
    effects = estimate_group_time(panel, anticipation=1)
    assert set(effects.cohort) == {6.0}
    assert reasons(effects) == {(2.0, NO_CLEAN_PERIOD): ()}


def test_adoption_after_the_panel_is_never_unless_anticipated():
    panel = random_panel(cohorts=(4.0, 9.0, np.nan))
    late = estimate_group_time(panel, comparison="never")
    never = estimate_group_time(
        wide(panel.outcome, np.where(panel.adoption == 9, np.nan, panel.adoption)),
        comparison="never",
    )
    np.testing.assert_array_equal(late.att, never.att)
    anticipating = estimate_group_time(panel, comparison="never", anticipation=1)
    assert set(anticipating.cohort) == {4.0, 9.0}
    assert not anticipating.treated[anticipating.cohort == 9].any()


def test_failed_cells_are_left_out_and_named():
    """Catches a cell without overlap that is averaged as NaN or zero."""
    panel = random_panel()
    controls = np.random.default_rng(1).normal(size=(60, 8, 1))
    controls[:, 2, 0] = panel.adoption == 4  # before cohort 4 adopts it says who does
    effects = estimate_group_time(wide(panel.outcome, panel.adoption, controls=controls))
    assert np.isfinite(effects.att).all()
    assert not ((effects.cohort == 4) & (effects.period > 3)).any()
    (left,) = [one for one in effects.left_out if one.cohort == 4]
    assert left.periods == (4, 5, 6, 7, 8)
    assert "does not vary" in left.reason


def test_periods_the_panel_skips():
    """The base is the last period observed before adoption, wherever that is."""
    panel = random_panel(count=5, cohorts=(14.0, np.nan))
    skipping = wide(panel.outcome, panel.adoption, periods=[10, 11, 13, 15, 18])
    effects = estimate_group_time(skipping, base="varying")
    assert effects.period.tolist() == [11, 13, 15, 18]
    assert effects.base.tolist() == [10, 11, 13, 13]


def test_controls_are_those_of_the_earlier_period():
    """Catches controls that the treatment may have changed."""
    panel = random_panel()
    controls = np.random.default_rng(1).normal(size=(60, 8, 1))
    effects = estimate_group_time(wide(panel.outcome, panel.adoption, controls=controls))
    later = controls.copy()
    later[:, 3:] += 10 * np.random.default_rng(2).normal(size=(60, 5, 1))
    again = estimate_group_time(wide(panel.outcome, panel.adoption, controls=later))
    of_first = effects.cohort == 4
    np.testing.assert_array_equal(effects.att[of_first], again.att[of_first])
    assert (effects.att[~of_first] != again.att[~of_first]).any()


def test_nothing_to_estimate():
    panel = random_panel(cohorts=(np.nan,))
    assert len(estimate_group_time(panel).att) == 0
