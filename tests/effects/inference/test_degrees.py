"""A fit that leaves nothing tells no error; an outcome without noise is estimated all the same."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effects.design import Design
from analysis.effects.estimate import estimate
from analysis.effects.inference.uncertainty import Choices
from analysis.effects.refusals import Refusals
from analysis.effects.registry import ESTIMATORS, get_estimator
from analysis.effects.sensitivity.variants import across_designs, across_estimators
from analysis.errors import DesignError

NEVER = np.nan
DESIGN = Design("y", "level", "adoption", "adoption_period", cluster="unit")


def panel_of(adoption, periods, *, seed=1, noise=1.0, in_district=1):
    """Draw one row for each unit and period; `x` is a covariate without a part in the outcome."""
    draw = np.random.default_rng(seed)
    unit = np.repeat(np.arange(len(adoption)), periods)
    period = np.tile(np.arange(periods), len(adoption))
    level = 20.0 + unit % 3 + period % 4
    return pd.DataFrame(
        {
            "unit": [f"u{number:02d}" for number in unit],
            "district": [f"d{number // in_district:02d}" for number in unit],
            "period": period,
            "adoption_period": np.asarray(adoption, dtype="float64")[unit],
            "y": level + noise * draw.uniform(0, 1, len(unit)),
            "x": draw.uniform(0, 1, len(unit)),
        }
    )


def test_seventeen_rows_do_not_carry_six_trends():
    """Catches a standard error of almost nothing on trends that go through nearly every point.

    Six levels, six trends, one more period and one coefficient take fourteen degrees of freedom.
    """
    eighteen = panel_of([2, 2, 2, 2, NEVER, NEVER], 3)
    assert estimate(eighteen, DESIGN, "twfe_trends", "CR1").overall.standard_error > 0
    with pytest.raises(DesignError) as caught:
        estimate(eighteen.iloc[:-1], DESIGN, "twfe_trends", "CR1")
    assert str(caught.value).splitlines() == [
        "the error of the effect on 'y' cannot be told",
        "  - y: 17 rows leave 3 residual degrees of freedom; an error needs 4 or more",
        "    Hint: take more rows, or fewer fixed effects, lags, leads or controls; "
        "inference='none' gives the estimate alone",
    ]


def test_a_check_of_sixteen_rows_is_shown_as_refused_with_its_reason():
    rows = panel_of([1, 1, 1, 1, NEVER, NEVER, NEVER, NEVER], 2)
    powers = {f"x{power}": rows["x"] ** power for power in (2, 3, 4)}
    designs = {
        "one control": dataclasses.replace(DESIGN, controls=("x",)),
        "four controls": dataclasses.replace(DESIGN, controls=("x", *powers)),
    }
    refusals = Refusals()
    checks = across_designs(
        rows.assign(**powers), designs, "twfe", group="Controls", refusals=refusals
    )
    assert checks["label"].tolist() == ["one control"]
    assert refusals.table.to_dict("records") == [
        {
            "Not estimated": "Controls: four controls",
            "Reason": "y: 16 rows leave 2 residual degrees of freedom; an error needs 4 or more",
        }
    ]


# Each of five cohorts is one unit; the only control has a path of its own as well.
ALONE = panel_of([2, 3, 4, 5, 6, NEVER], 8)


@pytest.mark.parametrize("estimator", ["sun_abraham", "callaway_santanna"])
@pytest.mark.parametrize("method", ["CR1", "jackknife", "auto"])
def test_paths_of_single_units_tell_no_error(estimator, method):
    """Catches the error of zero in a panel of many rows, each of which has an effect of its own."""
    design = dataclasses.replace(DESIGN, comparison="never")
    with pytest.raises(DesignError, match="48 rows leave 0 residual degrees of freedom"):
        estimate(ALONE, design, estimator, method)


@pytest.mark.parametrize("method", ["none", "randomization"])
def test_what_does_not_rest_on_residuals_is_not_refused(method):
    """The estimate alone is one, and randomization compares estimates."""
    design = dataclasses.replace(DESIGN, comparison="never")
    choices = Choices(method, draws=19 if method == "randomization" else None)
    assert np.isfinite(estimate(ALONE, design, "callaway_santanna", choices).overall.value)


def test_a_cohort_that_fills_its_cluster_tells_no_error():
    """Catches an error of zero where one district of two adopted, and errors are by district.

    What units contribute is measured from the mean of their cohort, and adds up to zero in it.
    """
    panel = panel_of([4] * 5 + [NEVER] * 5, 9, in_district=5)
    design = dataclasses.replace(DESIGN, cluster="district")
    with pytest.raises(DesignError, match="fitted exactly within each cluster"):
        estimate(panel, design, "callaway_santanna", "CR1")
    finer = dataclasses.replace(design, cluster="unit")
    assert estimate(panel, finer, "callaway_santanna", "CR1").overall.standard_error > 0


def test_rows_that_are_fitted_exactly_lend_others_no_error():
    """Catches an error of zero where another part of the panel has residuals enough.

    In one half no unit is treated, and no effect links it to the other, which is fitted exactly.
    """
    quiet = panel_of([NEVER] * 8, 9).assign(half="quiet")
    treated = panel_of([1, NEVER], 2).replace({"unit": {"u00": "u90", "u01": "u91"}})
    panel = pd.concat([quiet, treated.assign(half="treated")], ignore_index=True)
    design = dataclasses.replace(DESIGN, absorb=(("half", "period"),))
    with pytest.raises(DesignError, match="fitted exactly within each cluster"):
        estimate(panel, design, "twfe", "CR1")


def test_a_variance_below_zero_is_no_error_of_zero():
    """Catches a standard error of 0.000 by two-way clusters, which packages write for it."""
    panel = panel_of([2, 2, 3, 3, NEVER, NEVER], 5, seed=11)
    with pytest.raises(DesignError, match="clustered by unit and by period, its variance is neg"):
        estimate(panel, DESIGN, "twfe", "two_way")
    assert estimate(panel, DESIGN, "twfe", "CR1").overall.standard_error > 0


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda one: one.name)
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_enough_rows_are_estimated_with_and_without_noise(estimator, noise):
    """Catches a rule that takes an outcome without noise for a fit without rows."""
    panel = panel_of([4] * 4 + [6] * 4 + [NEVER] * 6, 12, noise=noise)
    dose = (panel["period"] >= panel["adoption_period"]) * (1 + panel["unit"].str[-1].astype(int))
    panel = panel.assign(dose=dose.astype("float64"), rate=panel["y"] / 30)
    rate = "share" in estimator.scales
    adopts = "adoption" in estimator.treatments
    design = dataclasses.replace(
        DESIGN,
        outcome="rate" if rate else "y",
        scale="share" if rate else "count",
        treatment="adoption" if adopts else "dose",
        treatment_column="adoption_period" if adopts else "dose",
    )
    method = "analytic" if estimator.name == "synthetic_did" else "CR1"
    assert np.isfinite(estimate(panel, design, estimator.name, method).overall.standard_error)


def test_an_estimator_that_leaves_fewer_degrees_is_refused_and_others_are_not():
    """Catches checks by several estimators that end with the first that the panel cannot carry."""
    panel = panel_of([2, 2, 2, 2, NEVER, NEVER], 3).iloc[:-1]
    refusals = Refusals()
    checks = across_estimators(panel, DESIGN, ["twfe", "twfe_trends"], refusals=refusals)
    assert (len(checks), len(refusals.noted)) == (1, 1)


ragged = st.lists(st.booleans(), min_size=18, max_size=24)


@given(ragged, st.sampled_from(["twfe", "twfe_trends"]))
@settings(max_examples=60, deadline=None)
def test_the_rows_decide_and_not_the_outcome(kept, estimator):
    """Whatever rows are missing, two outcomes are both refused or both not."""

    def answer(seed):
        rows = panel_of([1, 2, 2, 3, NEVER, NEVER], 4, seed=seed).iloc[: len(kept)]
        try:
            estimate(rows[np.asarray(kept)], DESIGN, estimator, "CR1")
        except DesignError as error:
            return error.problems[0].what
        return "estimated"

    assert answer(1) == answer(2)


@given(ragged)
@settings(max_examples=60, deadline=None)
def test_no_degrees_are_left_where_a_regression_fits_any_outcome(kept):
    """Catches fixed effects that are not counted: residuals, and the degrees, vanish together."""
    rows = panel_of([1, 2, 2, 3, NEVER, NEVER], 4).iloc[: len(kept)][kept]
    try:
        evidence = get_estimator("twfe_trends").function(rows, DESIGN).evidence
    except DesignError:
        return
    exact = bool(np.abs(evidence.fit.residuals).max() < 1e-9)
    assert exact == (evidence.residual_degrees == 0)
