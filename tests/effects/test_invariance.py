"""What must not matter does not: the order of rows, names, the calendar, units of measurement."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.effects.estimate import estimate
from analysis.effects.registry import ESTIMATORS

# Sums in another order differ in the last digits.
SAME = 1e-7
FEW = settings(
    max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SEEDS = st.integers(0, 10_000)

every_estimator = pytest.mark.parametrize("name", [estimator.name for estimator in ESTIMATORS])


@pytest.fixture
def same(make_panel, design_for_estimator):
    """Check that a change leaves every number of the result as it was, but for a factor."""

    def check(seed, name, change_panel, change_design=lambda design: design, factor=1.0):
        panel = make_panel(seed, units=45, periods=10, districts=45)
        design = design_for_estimator(name)
        expected = estimate(panel, design, name)
        found = estimate(change_panel(panel), change_design(design), name)
        columns = ["value", "standard_error", "lower", "upper"]
        wanted = expected.tidy()[columns].to_numpy() * factor
        size = np.nanmax(np.abs(wanted))
        np.testing.assert_allclose(
            found.tidy()[columns].to_numpy(), wanted, rtol=SAME, atol=SAME * size
        )
        assert found.overall.p_value == pytest.approx(expected.overall.p_value, rel=1e-4, abs=1e-12)

    return check


@every_estimator
@FEW
@given(seed=SEEDS)
def test_row_order(name, seed, same):
    same(seed, name, lambda panel: panel.sample(frac=1, random_state=seed))


@every_estimator
@FEW
@given(seed=SEEDS)
def test_unit_names(name, seed, same):
    draw = np.random.default_rng(seed)

    def rename(panel):
        names = panel["unit"].unique()
        return panel.assign(
            unit=panel["unit"].map(dict(zip(names, draw.permutation(names), strict=True)))
        )

    same(seed, name, rename)


@every_estimator
@FEW
@given(seed=SEEDS, months=st.integers(-500, 500))
def test_time_shift(name, seed, months, same):
    def shift(panel):
        return panel.assign(
            period=panel["period"] + months, adoption_period=panel["adoption_period"] + months
        )

    same(seed, name, shift)


@every_estimator
@FEW
@given(seed=SEEDS, factor=st.floats(0.01, 100))
def test_scale_of_weights(name, seed, factor, same):
    same(
        seed,
        name,
        lambda panel: panel.assign(
            satisfaction_rate_weight=factor * panel["satisfaction_rate_weight"]
        ),
    )


@every_estimator
@FEW
@given(seed=SEEDS, factor=st.floats(0.01, 100))
def test_scale_of_outcome(name, seed, factor, same, design_for_estimator):
    """A rate's effects scale with it; a count's, in logarithms, do not change."""
    design = design_for_estimator(name)
    if name in {"fractional_logit", "etwfe_logit"}:
        pytest.skip("a share cannot be scaled")
    scaled = design.outcome
    same(
        seed,
        name,
        lambda panel: panel.assign(**{scaled: factor * panel[scaled].astype("float64")}),
        lambda given: dataclasses.replace(
            given, scale="level" if given.scale == "share" else "count"
        ),
        factor=factor if design.scale == "share" else 1.0,
    )


@every_estimator
@FEW
@given(seed=SEEDS)
def test_cluster_names(name, seed, same):
    same(
        seed,
        name,
        lambda panel: panel.assign(other="c" + panel["unit"].str[::-1]),
        lambda design: dataclasses.replace(design, cluster="other"),
    )


@every_estimator
@FEW
@given(seed=SEEDS)
def test_every_unit_twice_with_half_its_weight(name, seed, make_panel, design_for_estimator):
    """Two copies of a unit in one cluster hold no more information than the unit."""
    if name == "synthetic_did":
        pytest.skip("its penalty on unequal weights grows with the number of treated units")
    panel = make_panel(seed, units=45, periods=10).assign(original=lambda rows: rows["unit"])
    halved = panel.assign(satisfaction_rate_weight=panel["satisfaction_rate_weight"] / 2)
    twice = pd.concat([halved, halved.assign(unit="copy of " + halved["unit"])])
    design = dataclasses.replace(design_for_estimator(name), cluster="original")
    expected, found = (
        estimate(rows, design, name, inference="none").overalls["value"] for rows in (panel, twice)
    )
    np.testing.assert_allclose(found, expected, rtol=1e-6)


@every_estimator
@FEW
@given(seed=SEEDS)
def test_a_unit_that_never_adopts_and_never_changes(name, seed, make_panel, design_for_estimator):
    """Without noise and without common shocks, it tells nothing new, so nothing may change."""
    panel = make_panel(seed, units=30, periods=10)
    on = (panel["period"] >= panel["adoption_period"]).astype("float64")
    base = 40.0 + panel["unit"].str[-2:].astype("float64")
    panel = panel.assign(complaints=base * np.exp(-0.2 * on), satisfaction_rate=0.5 + 0.1 * on)
    constant = panel[panel["unit"] == "street 002"].assign(unit="street 999")
    assert constant["adoption_period"].isna().all()
    design = design_for_estimator(name)
    if design.treatment == "dose":
        panel = panel.assign(
            satisfaction_rate=0.5 + 0.1 * panel["dose"],
            complaints=base * np.exp(-0.2 * panel["dose"]),
        )
        constant = panel[panel["unit"] == "street 002"].assign(unit="street 999")
    for rows in (panel, pd.concat([panel, constant])):
        value = estimate(rows, design, name, inference="none").overall.value
        truth = 0.1 if design.scale == "share" else -0.2
        assert value == pytest.approx(truth, abs=1e-6)
