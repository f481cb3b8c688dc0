"""Leads of the treatment in the regression on untreated rows."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimators.first_stage import fit_first_stage
from analysis.effects.estimators.imputation import estimate_imputation
from analysis.effects.estimators.pre_trends import estimate_pre_trends

DESIGN = Design("y", "share", "adoption", "adoption", cluster="unit")


def panel_of(adoptions, periods=8):
    draw = np.random.default_rng(0)
    rows = [(u, t, g) for u, g in enumerate(adoptions) for t in range(periods)]
    panel = pd.DataFrame(rows, columns=["unit", "period", "adoption"])
    return panel.assign(y=draw.normal(size=len(panel)))


def pre_trends(panel, **changes):
    design = dataclasses.replace(DESIGN, **changes)
    return estimate_pre_trends(fit_first_stage(panel, design), design)


def test_leads_without_a_window_are_seen_in_every_cohort():
    """The cohort of period 4 has four untreated periods: three leads and one to start from."""
    found = pre_trends(panel_of([4, 4, 6, 6, None, None]))
    assert found.event_times.tolist() == [-3, -2, -1]
    assert found.notes == ()


def test_leads_of_a_cohort_with_one_untreated_period():
    found = pre_trends(panel_of([1, 1, 6, 6, None, None]))
    assert found.event_times.tolist() == [-1]


def test_anticipation_moves_the_leads():
    found = pre_trends(panel_of([4, 4, 6, 6, None, None]), anticipation=2)
    assert found.event_times.tolist() == [-3]


def test_leads_that_are_not_identified_are_left_out():
    """All leads of a cohort together are its units' effects, so one of them must go."""
    found = pre_trends(panel_of([4, 4, 4, None, None]), event_window=(-9, 3))
    assert found.event_times.tolist() == [-3, -2, -1]
    words = "pre-trends are tested from event time -3 on: none earlier is identified"
    assert found.notes == (words,)


def test_no_lead_at_all():
    """One untreated period for each unit that adopts: nothing to compare it with."""
    effects = estimate_imputation(panel_of([1, 1, 1, None, None]), DESIGN)
    times = effects.targets.loc[effects.targets["kind"] == "event_time", "event_time"]
    assert times.min() == 0
    assert len(effects.targets) == effects.evidence.contributions.shape[1]
    assert effects.notes[0].startswith("no pre-trend can be tested")


def test_a_break_before_adoption_is_found():
    """Known truth: the outcome moves by 2 one period early, in untreated rows only."""
    panel = panel_of([4, 4, 6, 6, None, None])
    time = panel["period"] - panel["adoption"]
    panel["y"] = panel["unit"] + panel["period"] ** 2 + 2.0 * (time == -1)
    found = pre_trends(panel)
    assert found.coefficients == pytest.approx(np.array([0.0, 0.0, 2.0]), abs=1e-9)
    assert found.contributions == pytest.approx(np.zeros((6, 3)), abs=1e-9)


def test_values_and_errors_are_those_of_a_regression_with_dummies():
    """With weights and a control; unit effects, nested in clusters, do not count in K."""
    panel = panel_of([4, 4, 6, 6, None, None, None])
    draw = np.random.default_rng(1)
    panel = panel.assign(x=draw.normal(size=len(panel)), weight=draw.uniform(1, 9, len(panel)))
    found = pre_trends(panel, weights="weight", controls=("x",), event_window=(-2, 1))
    untreated = panel[~(panel["period"] >= panel["adoption"])]
    time = untreated["period"] - untreated["adoption"]
    columns = [time == -2, time == -1, untreated["x"]]
    columns += [untreated["unit"] == unit for unit in range(7)]
    columns += [untreated["period"] == period for period in range(1, 8)]
    design = np.stack([np.asarray(column, dtype="float64") for column in columns], axis=1)
    weighted = design * untreated[["weight"]].to_numpy()
    bread = np.linalg.inv(weighted.T @ design)
    outcome = untreated["y"].to_numpy()
    solved = bread @ weighted.T @ outcome
    scores = weighted * (outcome - design @ solved)[:, None]
    sums = pd.DataFrame(scores).groupby(untreated["unit"].to_numpy()).sum().to_numpy() @ bread
    rows, used = len(untreated), 3 + 8
    factor = 7 / 6 * (rows - 1) / (rows - used)
    assert found.coefficients == pytest.approx(solved[:2], rel=1e-9)
    np.testing.assert_allclose(found.contributions, np.sqrt(factor) * sums[:, :2], rtol=1e-8)
