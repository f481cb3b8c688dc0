"""What must not matter does not: the order of rows, names, the calendar, units of weight."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.effects.registry import estimate

# Sums in another order differ in the last digits.
SAME = 1e-8
FEW = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CASES = st.tuples(st.integers(0, 10_000), st.sampled_from(["twfe", "twfe_event_study", "poisson"]))


@pytest.fixture
def same(make_panel, count_design, rate_design):
    def check(case, change_panel, change_design=lambda design: design):
        seed, estimator = case
        panel = make_panel(seed, units=45, periods=12, districts=45)
        design = count_design if estimator == "poisson" else rate_design
        expected = estimate(panel, design, estimator).overall
        found = estimate(change_panel(panel), change_design(design), estimator).overall
        for name in ("value", "standard_error", "lower", "upper", "p_value"):
            wanted = getattr(expected, name)
            assert getattr(found, name) == pytest.approx(wanted, rel=SAME, abs=1e-10)

    return check


@FEW
@given(case=CASES)
def test_row_order(case, same):
    same(case, lambda panel: panel.sample(frac=1, random_state=case[0]))


@FEW
@given(case=CASES)
def test_unit_names(case, same):
    draw = np.random.default_rng(case[0])

    def rename(panel):
        names = panel["unit"].unique()
        return panel.assign(
            unit=panel["unit"].map(dict(zip(names, draw.permutation(names), strict=True)))
        )

    same(case, rename)


@FEW
@given(case=CASES, months=st.integers(-500, 500))
def test_time_shift(case, months, same):
    def shift(panel):
        return panel.assign(
            period=panel["period"] + months, adoption_period=panel["adoption_period"] + months
        )

    same(case, shift)


@FEW
@given(case=CASES, factor=st.floats(0.01, 100))
def test_scale_of_weights(case, factor, same):
    same(
        case,
        lambda panel: panel.assign(
            satisfaction_rate_weight=factor * panel["satisfaction_rate_weight"]
        ),
    )


@FEW
@given(case=CASES)
def test_cluster_names(case, same):
    same(
        case,
        lambda panel: panel.assign(other="c" + panel["unit"].str[::-1]),
        lambda design: dataclasses.replace(design, cluster="other"),
    )
