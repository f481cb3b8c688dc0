"""What imputation and two-stage estimation must not depend on, and what they must recover."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effects.design import Design
from analysis.effects.estimators.imputation import estimate_imputation
from analysis.effects.estimators.two_stage import estimate_two_stage
from analysis.effects.inference.fit import cluster_sums

SAME = 1e-8
FEW = settings(max_examples=8, deadline=None)
BOTH = pytest.mark.parametrize("estimate", [estimate_imputation, estimate_two_stage])
SEEDS = st.integers(0, 10_000)

DESIGN = Design("y", "share", "adoption", "adoption", "district", weights="weight")
LABELS = ["kind", "averaging", "cohort", "period", "event_time"]


def draw_panel(seed, *, noise=1.0, units=24, periods=9):
    """Draw an unbalanced panel in which effects differ by cohort and period."""
    draw = np.random.default_rng(seed)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    adoption = np.array([4.0, 6.0, np.nan])[unit % 3]
    gain = np.where(period >= adoption, 0.5 * np.nan_to_num(adoption) + np.sqrt(period), 0.0)
    level = draw.normal(size=units)[unit] + draw.normal(size=periods)[period]
    panel = pd.DataFrame(
        {
            "unit": unit,
            "district": unit // 2,
            "period": period,
            "adoption": adoption,
            "weight": draw.integers(1, 300, len(unit)).astype("float64"),
            "gain": gain,
            "y": level + gain + noise * draw.normal(size=len(unit)),
        }
    )
    return panel[draw.random(len(unit)) < 0.95]


def numbers(effects, *, scale=1.0):
    """Values and errors, by what they are of."""
    sums = cluster_sums(effects.evidence.contributions, effects.evidence.clusters)
    frame = effects.targets.assign(se=np.sqrt((sums**2).sum(axis=0)) / scale)
    frame["value"] /= scale
    return frame.sort_values(LABELS, na_position="first").reset_index(drop=True)


def assert_same(found, expected):
    pd.testing.assert_frame_equal(found, expected, rtol=SAME, atol=SAME, check_dtype=False)


@BOTH
@FEW
@given(seed=SEEDS)
def test_row_order_and_names_of_units(estimate, seed):
    panel = draw_panel(seed)
    expected = numbers(estimate(panel, DESIGN))
    shuffled = panel.sample(frac=1, random_state=seed)
    assert_same(numbers(estimate(shuffled, DESIGN)), expected)
    names = np.random.default_rng(seed).permutation(24)
    renamed = panel.assign(unit=names[panel["unit"]], district=[f"d{d}" for d in panel["district"]])
    assert_same(numbers(estimate(renamed, DESIGN)), expected)


@BOTH
@FEW
@given(seed=SEEDS, shift=st.integers(-3000, 3000))
def test_shift_of_time(estimate, seed, shift):
    panel = draw_panel(seed)
    shifted = panel.assign(period=panel["period"] + shift, adoption=panel["adoption"] + shift)
    found = numbers(estimate(shifted, DESIGN))
    found[["cohort", "period"]] -= shift
    assert_same(found, numbers(estimate(panel, DESIGN)))


@BOTH
@FEW
@given(seed=SEEDS, factor=st.sampled_from([-1.0, 1e-3, 250.0]))
def test_scale_of_the_outcome_and_of_the_weights(estimate, seed, factor):
    panel = draw_panel(seed)
    scaled = panel.assign(y=panel["y"] * factor, weight=panel["weight"] * abs(factor))
    found = numbers(estimate(scaled, DESIGN), scale=factor)
    found["se"] = found["se"].abs()
    assert_same(found, numbers(estimate(panel, DESIGN)))


@BOTH
@FEW
@given(seed=SEEDS)
def test_duplicates_with_half_the_weight(estimate, seed):
    """Errors of pre-trends are left out: they count observations."""
    panel = draw_panel(seed)
    half = panel.assign(weight=panel["weight"] / 2)
    twice = pd.concat([half, half.assign(unit=half["unit"] + 1000)])
    found, expected = numbers(estimate(twice, DESIGN)), numbers(estimate(panel, DESIGN))
    if estimate is estimate_imputation:
        found.loc[found["event_time"] < 0, "se"] = expected.loc[expected["event_time"] < 0, "se"]
    assert_same(found, expected)


@BOTH
@FEW
@given(seed=SEEDS)
def test_unit_that_is_always_treated_adds_nothing(estimate, seed):
    panel = draw_panel(seed)
    row = {"unit": 500, "district": 0, "adoption": 0.0, "weight": 100.0, "gain": 0.0}
    always = pd.DataFrame([row | {"period": t, "y": t**2 / 7} for t in range(9)])
    found = estimate(pd.concat([panel, always]), DESIGN)
    assert_same(numbers(found), numbers(estimate(panel, DESIGN)))
    assert sum(found.sample.dropped.values()) == 9


@BOTH
@FEW
@given(seed=SEEDS, level=st.floats(-5, 5))
def test_never_treated_unit_that_is_as_predicted_changes_no_value(estimate, seed, level):
    """Any other never-treated unit, a constant one too, moves the period effects."""
    panel = draw_panel(seed)
    effects = estimate(panel, DESIGN)
    untreated = panel[~(panel["period"] >= panel["adoption"])]
    dummies = np.hstack([np.eye(24)[untreated["unit"]], np.eye(9)[untreated["period"]]])
    root = np.sqrt(untreated["weight"].to_numpy())
    fitted = np.linalg.lstsq(dummies * root[:, None], untreated["y"] * root, rcond=None)[0]
    row = {"unit": 500, "district": 500, "adoption": np.nan, "weight": 70.0, "gain": 0.0}
    more = pd.DataFrame([row | {"period": t, "y": level + fitted[24 + t]} for t in range(9)])
    found = estimate(pd.concat([panel, more]), DESIGN).targets
    expected = effects.targets
    keep = (found["kind"] != "event_time") | (found["event_time"] >= 0)
    np.testing.assert_allclose(found["value"][keep], expected["value"][keep], atol=SAME)


@BOTH
def test_recovers_effects_that_differ_by_cohort_and_period(estimate):
    """Without noise each effect is its truth, and no unit contributes an error."""
    panel = draw_panel(1, noise=0.0)
    effects = estimate(panel, DESIGN)
    treated = panel[panel["period"] >= panel["adoption"]]
    found = effects.targets.set_index(["cohort", "period"])
    for place, group in treated.groupby(["adoption", "period"]):
        row = found[found["kind"] == "group_time"].loc[place]
        assert row["value"] == pytest.approx(group["gain"].iloc[0], abs=SAME)
    truth = np.average(treated["gain"], weights=treated["weight"])
    overall = effects.targets.loc[effects.targets["averaging"] == "cells", "value"].item()
    assert overall == pytest.approx(truth, abs=SAME)
    if estimate is estimate_imputation:
        assert numbers(effects)["se"].to_numpy() == pytest.approx(0.0, abs=SAME)


@BOTH
def test_counts_in_logarithms_with_exposure_and_control(estimate):
    """A count proportional to exposure and to a power of a control, without noise."""
    panel = draw_panel(2, noise=0.0).reset_index(drop=True)
    draw = np.random.default_rng(2)
    people, rain = draw.uniform(1e3, 1e5, len(panel)), draw.normal(size=len(panel))
    count = people * np.exp(panel["y"] + 0.3 * rain)
    panel = panel.assign(count=count, people=people, rain=rain)
    design = dataclasses.replace(
        DESIGN, outcome="count", scale="count", exposure="people", controls=("rain",)
    )
    targets = estimate(panel, design).targets
    by_pair = targets[targets["kind"] == "group_time"]
    truth = 0.5 * by_pair["cohort"] + np.sqrt(by_pair["period"])
    np.testing.assert_allclose(by_pair["value"], truth, atol=SAME)


@pytest.mark.slow
@BOTH
def test_errors_with_weights_match_their_sampling_variation(estimate):
    """Errors are serially correlated and larger where weights are small; 400 draws know a standard
    deviation to 3.5 per cent, and 150 units without small-sample factor cost some more."""
    units, periods = 150, 8
    draw = np.random.default_rng(5)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    adoption = np.array([3.0, 5.0, np.nan])[unit % 3]
    weight = draw.integers(10, 400, len(unit)).astype("float64")
    panel = pd.DataFrame({"unit": unit, "period": period, "adoption": adoption, "weight": weight})
    design = dataclasses.replace(DESIGN, cluster="unit")
    values, variances = [], []
    for _ in range(400):
        shocks = draw.normal(size=(units, periods))
        for place in range(1, periods):
            shocks[:, place] += 0.5 * shocks[:, place - 1]
        effects = estimate(panel.assign(y=shocks.ravel() * np.sqrt(100 / weight)), design)
        values.append(effects.targets["value"])
        variances.append((effects.evidence.contributions**2).sum(axis=0))
    ratio = np.sqrt(np.mean(variances, axis=0)) / np.std(values, axis=0)
    overall = ratio[(effects.targets["averaging"] == "cells").to_numpy()]
    assert overall == pytest.approx(1.0, abs=0.12)
