"""Randomization of adoption dates: exact size, intervals that invert the test, honest refusals."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimate import estimate
from analysis.effects.estimators.poisson import estimate_poisson
from analysis.effects.estimators.twfe import estimate_twfe
from analysis.effects.estimators.twfe_event_study import estimate_twfe_event_study
from analysis.effects.inference.assignments import deal_adoption, deal_out
from analysis.effects.inference.randomization import invert_lines, randomization, share_as_large
from analysis.effects.inference.uncertainty import Case, Choices
from analysis.effects.sample import draw_sample
from analysis.errors import DesignError

DESIGN = Design("y", "share", "adoption", "g", cluster="unit", seed=3)


def panel_of(outcome, adoption):
    """Write outcomes of shape (units, periods) and adoption periods as a panel."""
    units, periods = outcome.shape
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "period": np.tile(np.arange(periods), units),
            "g": np.repeat(adoption, periods).astype(float),
            "y": outcome.ravel(),
        }
    )


def apply(panel, design, estimator=estimate_twfe, draws=None):
    effects = estimator(panel, design)
    case = Case(effects, panel, design, estimator, Choices("randomization", draws=draws))
    return effects, randomization(case)


def noise(units=6, periods=6, seed=1):
    return np.random.default_rng(seed).normal(size=(units, periods))


def test_the_test_rejects_in_exactly_the_share_of_assignments_it_says():
    """Catches a p-value that leaves out the data's own assignment, or counts one twice."""
    outcome = noise(5, 4)
    p_values = []
    for first in range(5):
        for second in range(first + 1, 5):
            adoption = np.full(5, np.nan)
            adoption[[first, second]] = 2
            _, found = apply(panel_of(outcome, adoption), DESIGN)
            p_values.append(found.p_value[0])
    assert sorted(p_values) == pytest.approx(np.arange(1, 11) / 10)


def test_the_p_value_of_means_computed_by_hand():
    """With two periods the estimate is a difference of mean changes."""
    change = np.array([5.0, 1.0, 2.0, -1.0, 0.5])
    outcome = np.stack([np.zeros(5), change], axis=1)
    _, found = apply(panel_of(outcome, [1, np.nan, np.nan, np.nan, np.nan]), DESIGN)
    # Unit 0 alone has so large a difference from the mean of the others.
    assert found.p_value[0] == pytest.approx(1 / 5)
    assert "5 clusters by unit, all 5 distinct assignments" in found.words


@pytest.mark.parametrize("scale", ["share", "count"])
def test_the_interval_ends_where_the_test_begins_to_reject(scale):
    """Catches roots of the wrong sign, or an effect taken out on the wrong scale."""
    outcome = noise(6, 5, seed=2)
    adoption = np.array([2, 3, *4 * [np.nan]])
    panel = panel_of(np.exp(outcome) if scale == "count" else outcome, adoption)
    design = dataclasses.replace(DESIGN, scale=scale)
    _, found = apply(panel, design)
    _check_ends(panel, design, estimate_twfe, found, slack=1e-6)


@pytest.mark.slow
def test_the_interval_of_a_poisson_model_inverts_its_test_too():
    draw = np.random.default_rng(5)
    panel = panel_of(draw.poisson(20, size=(6, 5)), np.array([2, 3, *4 * [np.nan]]))
    design = dataclasses.replace(DESIGN, scale="count")
    _, found = apply(panel, design, estimate_poisson)
    # The ends are searched until they move by less than a hundredth of the standard error.
    slack = 0.01 * found.standard_error[0]
    _check_ends(panel, design, estimate_poisson, found, slack)


def _check_ends(panel, design, estimator, found, slack):
    treated = panel["period"] >= panel["g"]

    def p_value_without(effect):
        rest = panel["y"] * np.exp(-effect * treated)
        if design.scale == "share":
            rest = panel["y"] - effect * treated
        deal = deal_adoption(panel, design, draw_sample(panel, design, "level"), 99)
        dealt = deal.panels(panel.assign(y=rest))
        runs = [estimator(one, design).targets["value"].iloc[:1] for one in dealt]
        return share_as_large(np.array(runs))[0]

    assert np.isfinite([found.lower[0], found.upper[0]]).all()
    for end, outwards in ((found.lower[0], -slack), (found.upper[0], slack)):
        assert p_value_without(end - outwards) > 0.05
        assert p_value_without(end + outwards) <= 0.05


def test_lines_are_inverted_as_a_grid_search_would():
    draw = np.random.default_rng(7)
    constant, slope = draw.normal(0.5, 1, 60), draw.uniform(-0.9, 0.9, 60)
    slope[0] = 1.0
    lower, upper = invert_lines(constant, slope)
    grid = np.linspace(constant[0] - 8, constant[0] + 8, 100_001)
    distance = np.abs(constant[:, None] - np.outer(slope, grid))
    kept = grid[(distance >= distance[0]).mean(axis=0) > 0.05]
    assert (lower, upper) == pytest.approx((kept.min(), kept.max()), abs=2e-4)


def test_too_few_assignments_give_an_interval_without_ends():
    assert invert_lines(np.array([2.0, *18 * [0.0]]), np.array([1.0, *18 * [0.0]])) == (
        -np.inf,
        np.inf,
    )


def test_an_assignment_that_cannot_be_estimated_is_left_out():
    runs = np.array([[2.0, 0.0], [np.nan, 0.0], [1.0, 0.0], [-2.0, 0.0]])
    share = share_as_large(runs)
    assert share[0] == pytest.approx(2 / 3)
    assert np.isnan(share[1])


def test_adoption_moves_with_whole_clusters_if_it_was_given_to_them():
    """Catches streets that are dealt one by one where their district adopted."""
    outcome = noise(12, 4, seed=4)
    adoption = np.repeat([2, np.nan, np.nan, np.nan], 3)
    panel = panel_of(outcome, adoption).assign(district=lambda rows: rows["unit"] // 3)
    _, found = apply(panel, dataclasses.replace(DESIGN, cluster="district"))
    assert "4 clusters by district, all 4 distinct assignments" in found.words
    adoption[1] = np.nan
    mixed = panel_of(outcome, adoption).assign(district=lambda rows: rows["unit"] // 3)
    _, found = apply(mixed, dataclasses.replace(DESIGN, cluster="district"))
    assert "12 units by unit, all 66 distinct assignments" in found.words


def test_effects_before_adoption_are_tested_but_have_no_interval():
    outcome = noise(7, 6, seed=6)
    panel = panel_of(outcome, np.array([3, 3, 4, *4 * [np.nan]]))
    effects, found = apply(panel, DESIGN, estimate_twfe_event_study)
    times = effects.targets["event_time"].to_numpy()
    lead, lag, reference = times == -2, times == 0, times == -1
    assert np.isfinite(found.p_value[lead | lag]).all()
    assert np.isnan(found.lower[lead]).all()
    assert np.isfinite(found.upper[lag]).all()
    assert found.standard_error[reference].tolist() == [0.0]
    assert found.lower[reference].tolist() == [0.0]
    kinds = effects.targets["kind"] == "event_time"
    errors = np.sqrt(np.diag(found.event_time_vcov))
    np.testing.assert_allclose(errors, found.standard_error[kinds], rtol=1e-12)


def test_row_order_does_not_matter():
    outcome = noise(14, 4, seed=8)
    panel = panel_of(outcome, np.array([2, 2, 2, 3, *10 * [np.nan]]))
    shuffled = panel.sample(frac=1, random_state=1).reset_index(drop=True)
    _, found = apply(panel, DESIGN, draws=30)
    _, again = apply(shuffled, DESIGN, draws=30)
    for name in ("standard_error", "lower", "upper", "p_value"):
        np.testing.assert_allclose(getattr(found, name), getattr(again, name), rtol=1e-9)


def test_units_that_the_estimate_leaves_out_take_no_part():
    """Catches units treated before the panel that come in under another unit's adoption."""
    outcome = noise(7, 4, seed=9)
    early = panel_of(outcome, np.array([-3, 2, *5 * [np.nan]]))
    without = early[early["unit"] != 0].reset_index(drop=True)
    np.testing.assert_allclose(
        apply(early, DESIGN)[1].p_value, apply(without, DESIGN)[1].p_value, rtol=1e-12
    )


def test_what_cannot_be_dealt_out_is_refused():
    panel = panel_of(noise(), np.array([3, 3, *4 * [np.nan]])).assign(
        dose=lambda rows: rows["period"] * rows["unit"] / 10.0
    )
    dose = dataclasses.replace(DESIGN, treatment="dose", treatment_column="dose")
    with pytest.raises(DesignError, match="dose: a dose cannot be dealt out anew"):
        apply(panel, dose)


def test_a_panel_whose_groups_all_adopt_alike_cannot_be_dealt_out():
    panel = panel_of(noise(), np.full(6, 3.0))
    with pytest.raises(DesignError, match="all have the same adoption"):
        deal_adoption(panel, DESIGN, draw_sample(panel, DESIGN, "level"), 9)


def test_draws_are_seeded_and_begin_with_the_data_itself():
    adoption = np.array([2.0, 3.0, *18 * [np.nan]])
    dealt, words = deal_out(adoption, 50, seed=4)
    again, _ = deal_out(adoption, 50, seed=4)
    assert dealt.shape == (51, 20)
    assert dealt[0].tolist() == list(range(20))
    assert (dealt == again).all()
    assert words == "50 draws with seed 4 and the data's own"
    every, _ = deal_out(adoption, 200, seed=4)
    assert len({tuple(row) for row in np.nan_to_num(adoption[every])}) == len(every) == 20 * 19


def test_by_name_it_serves_any_estimator_and_says_how():
    """Catches a row of the registry that does not work from the front door."""
    panel = panel_of(noise(seed=11), np.array([3, 3, *4 * [np.nan]]))
    result = estimate(panel, DESIGN, "callaway_santanna", "randomization")
    assert result.inference_name == "randomization"
    assert 1 / 15 <= result.overall.p_value <= 1
    assert result.overalls["standard_error"].gt(0).all()
