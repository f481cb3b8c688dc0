"""Doses that go up and down: by hand, known truth, agreement with other software, errors."""

import dataclasses
import warnings

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimators.callaway_santanna import estimate_callaway_santanna
from analysis.effects.estimators.chaisemartin_dhaultfoeuille import (
    estimate_chaisemartin_dhaultfoeuille,
)
from analysis.effects.inference.fit import cluster_sums
from analysis.errors import DesignError

DESIGN = Design("y", "share", "dose", "dose", cluster="unit")

# Sums of a few hundred numbers, taken in another order.
SAME = 1e-10


def doses_panel(seed=1, units=80, periods=12, noise=0.5, starts=(0.0, 1.0), again=True):
    """Draw y = unit + period + trend of those with the first dose + 2 dose + dose before + noise.

    A third of units keeps its first dose; the others change it by one, up from 0 or down from 1,
    and some change back.
    """
    draw = np.random.default_rng(seed)
    unit = np.repeat(np.arange(units), periods)
    period = np.tile(np.arange(periods), units)
    start = draw.choice(starts, units)
    change = np.where(draw.random(units) < 1 / 3, periods, draw.integers(2, periods - 1, units))
    back = change + np.where(draw.random(units) < 0.5, draw.integers(1, 5, units), periods)
    if not again:
        back[:] = periods
    away = (period >= change[unit]) & (period < back[unit])
    dose = np.where(away, 1 - start[unit], start[unit])
    before = np.where(period == 0, dose, np.roll(dose, 1))
    y = draw.normal(0, 3, units)[unit] + draw.normal(0, 1, periods)[period]
    y += 0.3 * start[unit] * period + 2 * dose + before + noise * draw.normal(0, 1, len(unit))
    return pd.DataFrame(
        {
            "unit": unit,
            "district": unit % 20,
            "period": period,
            "dose": dose,
            "y": y,
            "weight": draw.uniform(1, 3, len(unit)),
        }
    )


def event_times(effects):
    rows = effects.targets[effects.targets["kind"] == "event_time"]
    return pd.Series(rows["value"].to_numpy(), rows["event_time"].astype(int))


def total(effects):
    return float(effects.targets.loc[effects.targets["kind"] == "overall", "value"].iloc[0])


def standard_errors(effects):
    """Errors of event times by the sums of contributions over clusters."""
    sums = cluster_sums(effects.evidence.contributions, effects.evidence.clusters)
    return pd.Series(np.sqrt((sums**2).sum(axis=0))[1:], event_times(effects).index)


def test_by_hand():
    """Catches a wrong base period, sign, set of controls or denominator.

    Unit a goes from 0 to 2 in period 3 and to 1 in period 4; b goes from 3 to 2 in period 4; c and
    d keep 0 and 3. With the controls' changes all known, every number is a subtraction.
    """
    outcomes = {"a": [1, 2, 9, 7], "b": [5, 5, 6, 3], "c": [0, 1, 2, 4], "d": [4, 4, 5, 6]}
    doses = {"a": [0, 0, 2, 1], "b": [3, 3, 3, 2], "c": [0] * 4, "d": [3] * 4}
    rows = [(u, t + 1, doses[u][t], outcomes[u][t]) for u in "abcd" for t in range(4)]
    panel = pd.DataFrame(rows, columns=["unit", "period", "dose", "y"])
    found = estimate_chaisemartin_dhaultfoeuille(panel, DESIGN)
    a_now, a_next = (9 - 2) - (2 - 1), (7 - 2) - (4 - 1)
    b_now = -((3 - 6) - (6 - 5))
    a_placebo = (1 - 2) - (0 - 1)
    b_placebo = -((5 - 6) - (4 - 5))
    expected = {-2: (a_placebo + b_placebo) / 2, -1: 0, 0: (a_now + b_now) / 2, 1: a_next}
    assert event_times(found).to_dict() == pytest.approx(expected)
    assert total(found) == pytest.approx((a_now + a_next + b_now) / (2 + 1 + 1))


@pytest.mark.parametrize("weights", [None, "weight"])
def test_recovers_the_truth_without_noise(weights):
    """Catches a switch down that is counted like one up, and lags that leak into placebos."""
    panel = doses_panel(noise=0.0, again=False)
    found = estimate_chaisemartin_dhaultfoeuille(
        panel, dataclasses.replace(DESIGN, weights=weights)
    )
    times = event_times(found)
    np.testing.assert_allclose(times[times.index < 0], 0, atol=1e-12)
    np.testing.assert_allclose(times[0], 2)
    np.testing.assert_allclose(times[times.index > 0], 3)


def test_the_total_is_per_unit_of_the_dose():
    """Catches a denominator that forgets periods after the dose went back."""
    panel = doses_panel(noise=0.0)
    panel["dose"] *= 4
    twice = doses_panel(noise=0.0)
    for data, scale in ((panel, 4), (twice, 1)):
        found = estimate_chaisemartin_dhaultfoeuille(data, DESIGN)
        changes, gains = 0.0, 0.0
        for _, unit in data.groupby("unit"):
            gone = np.abs(unit["dose"] - unit["dose"].iloc[0]).to_numpy()
            changes += gone.sum()
            gains += (2 * gone.sum() + gone[:-1].sum()) / scale
        assert total(found) == pytest.approx(gains / changes, rel=1e-12)


# moderndid 0.2.0, did_multiplegt with effects=5 and placebo=4 on doses_panel(starts=(0.0,)):
# estimates and errors of the effects, then of the placebos. With doses that first go down, and
# with clusters of several units, the library is wrong, so these are without either.
MODERNDID = {
    None: (
        [
            1.9500738267244135,
            2.837408835869698,
            2.4187063036550063,
            2.071115294265881,
            1.504965400308674,
        ],
        [
            0.09857751152056934,
            0.1275275821238236,
            0.1759799391437268,
            0.19324854742978198,
            0.23655770984644398,
        ],
        [0.04221469371948353, 0.07259781738301321, -0.11820836721805501, 0.04111186962401312],
        [0.1093614287877152, 0.10604402941401488, 0.11156257472835203, 0.20020670156008888],
    ),
    "weight": (
        [
            1.9688225622841533,
            2.8366546725470743,
            2.3705553374126054,
            2.1202327611314282,
            1.6196648305376642,
        ],
        [
            0.10177241993627925,
            0.13061857731413723,
            0.18246116831824616,
            0.18085921758399906,
            0.22855523609036368,
        ],
        [0.01601463192948911, 0.0794834997711287, -0.14069065329118327, -0.08410318782089674],
        [0.10806195347849497, 0.10336463689071455, 0.11486351260810002, 0.18595503943322564],
    ),
}


@pytest.mark.parametrize("weights", [None, "weight"])
def test_agrees_with_moderndid_on_switches_up(weights):
    panel = doses_panel(starts=(0.0,))
    found = estimate_chaisemartin_dhaultfoeuille(
        panel, dataclasses.replace(DESIGN, weights=weights)
    )
    times, errors = event_times(found), standard_errors(found)
    effects, effect_errors, placebos, placebo_errors = MODERNDID[weights]
    for values, stated, which in (
        (effects, effect_errors, range(5)),
        (placebos, placebo_errors, range(-2, -6, -1)),
    ):
        np.testing.assert_allclose(times[list(which)], values, rtol=SAME)
        np.testing.assert_allclose(errors[list(which)], stated, rtol=SAME)


def test_agrees_with_diff_diff_on_switches_up_and_down():
    from diff_diff import ChaisemartinDHaultfoeuille

    panel = doses_panel(again=False)
    with warnings.catch_warnings():
        # It warns that some units switch down, and that few are left at the last event time.
        warnings.simplefilter("ignore", UserWarning)
        expected = ChaisemartinDHaultfoeuille(twfe_diagnostic=False).fit(
            panel, "y", unit="unit", time="period", treatment="dose", L_max=5
        )
    times = event_times(estimate_chaisemartin_dhaultfoeuille(panel, DESIGN))
    theirs = [expected.event_study_effects[step]["effect"] for step in range(1, 6)]
    np.testing.assert_allclose(times[list(range(5))], theirs, rtol=SAME)


@pytest.mark.parametrize(
    ("comparison", "anticipation"), [("notyet", 0), ("never", 0), ("never", 2)]
)
def test_adoption_is_callaway_and_santanna(make_panel, rate_design, comparison, anticipation):
    """On a balanced panel both average the same comparisons after adoption."""
    design = dataclasses.replace(
        rate_design, weights=None, comparison=comparison, anticipation=anticipation
    )
    panel = make_panel()
    ours = estimate_chaisemartin_dhaultfoeuille(panel, design)
    theirs = estimate_callaway_santanna(panel, design)
    cells = theirs.targets.query("kind == 'overall' and averaging == 'cells'")["value"].item()
    assert total(ours) == pytest.approx(cells, rel=SAME)
    after = event_times(ours).loc[-anticipation:]
    np.testing.assert_allclose(after, event_times(theirs)[after.index], rtol=SAME)
    pd.testing.assert_series_equal(
        ours.cohort_weights, theirs.cohort_weights, check_names=False, rtol=SAME
    )


def test_a_control_that_switches_in_the_same_period_is_none():
    """Catches controls that are treated by the end of the comparison."""
    rows = [("a", [0, 0, 1, 1], [0, 0, 5, 5]), ("b", [0, 0, 0, 1], [0, 0, 1, 9])]
    panel = pd.DataFrame(
        [(u, t, d[t], y[t]) for u, d, y in rows for t in range(4)],
        columns=["unit", "period", "dose", "y"],
    )
    found = estimate_chaisemartin_dhaultfoeuille(panel, DESIGN)
    assert event_times(found).to_dict() == {-2: 0, -1: 0, 0: 4}
    assert "1 of 2 units that switch have no effect of their own" in found.notes[0]


def test_does_not_depend_on_the_order_of_rows():
    panel = doses_panel()
    mixed = panel.sample(frac=1, random_state=3).reset_index(drop=True)
    one, other = (estimate_chaisemartin_dhaultfoeuille(data, DESIGN) for data in (panel, mixed))
    np.testing.assert_array_equal(one.targets["value"], other.targets["value"])
    np.testing.assert_array_equal(one.evidence.contributions, other.evidence.contributions)


def test_rows_that_cannot_be_used_are_counted():
    """Catches a change in a gap that is dated wrongly, and a reversal that is averaged in."""
    panel = doses_panel(starts=(0.0,))
    changing = panel.groupby("unit")["dose"].transform("max") > 0
    first = panel.loc[changing, "unit"].iloc[0]
    change = panel.loc[(panel["unit"] == first) & (panel["dose"] > 0), "period"].iloc[0]
    gap = (panel["unit"] == first) & (panel["period"] == change - 1)
    later = int(((panel["unit"] == first) & (panel["period"] >= change)).sum())
    found = estimate_chaisemartin_dhaultfoeuille(panel[~gap].reset_index(drop=True), DESIGN)
    assert found.sample.dropped == {"dose changed while the unit was not observed": later}
    last = (panel["unit"] == first) & (panel["period"] == panel["period"].max())
    panel.loc[last, "dose"] = -1.0
    found = estimate_chaisemartin_dhaultfoeuille(panel, DESIGN)
    assert found.sample.dropped == {"dose has been both above and below its first value": 1}


def test_clusters_above_units_change_errors_only():
    panel = doses_panel()
    by_unit = estimate_chaisemartin_dhaultfoeuille(panel, DESIGN)
    design = dataclasses.replace(DESIGN, cluster="district")
    by_district = estimate_chaisemartin_dhaultfoeuille(panel, design)
    np.testing.assert_array_equal(by_unit.targets["value"], by_district.targets["value"])
    assert by_district.evidence.clusters.max() == 19
    ratio = standard_errors(by_district)[[0, 1, 2]] / standard_errors(by_unit)[[0, 1, 2]]
    assert ratio.between(0.5, 2).all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"controls": ("weight",)}, "this estimator takes no controls"),
        ({"treatment_column": "constant"}, "no unit's dose changes"),
        ({"treatment_column": "own"}, "has one with the same first dose"),
    ],
)
def test_errors_say_what_is_missing(change, said):
    panel = doses_panel()
    panel = panel.assign(constant=panel["district"], own=panel["unit"] + panel["dose"] / 10)
    with pytest.raises(DesignError, match=said):
        estimate_chaisemartin_dhaultfoeuille(panel, dataclasses.replace(DESIGN, **change))
