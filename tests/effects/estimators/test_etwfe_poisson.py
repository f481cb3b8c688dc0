"""Extended Mundlak for counts: the pooled regression written out, empty cells, the truth."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.effects.estimate import estimate
from analysis.effects.estimators.etwfe_poisson import estimate_etwfe_poisson
from analysis.effects.inference.fit import cluster_sums
from analysis.errors import DesignError


def small_panel(make_panel, seed=3):
    panel = make_panel(seed, units=30, periods=6)
    kept = np.random.default_rng(5).random(len(panel)) > 0.15
    panel = panel[kept].reset_index(drop=True)
    codes = pd.factorize(panel["unit"])[0]
    draw = np.random.default_rng(6)
    return panel.assign(population=draw.uniform(1, 5, 30)[codes], size=draw.normal(size=len(panel)))


def pooled(panel, controls):
    """Fit the pooled regression with every column written out."""
    period = panel["period"].array.asi8
    adoption = np.where(panel["adoption_period"].isna(), -1, panel["adoption_period"].array.asi8)
    inside = (adoption > 0) & (period >= adoption)
    cell = pd.Series([f"{g} {t}" for g, t in zip(adoption, period, strict=True)]).where(inside)
    cells = pd.get_dummies(cell).to_numpy(float)
    cohorts = pd.get_dummies(adoption).to_numpy(float)
    periods = pd.get_dummies(period).to_numpy(float)[:, 1:]
    treated, others = [cells], [cohorts, periods]
    for name in controls:
        values = panel[name].to_numpy()[:, None]
        treated.append(cells * values)
        others += [cohorts * values, periods * values]
    treated, others = np.hstack(treated), np.hstack(others)
    columns = np.hstack([treated, others])
    fitted = sm.GLM(
        panel["complaints"].to_numpy(float),
        columns,
        family=sm.families.Poisson(),
        offset=np.log(panel["population"]),
    ).fit(
        tol=1e-14,
        maxiter=200,
        cov_type="cluster",
        cov_kwds={"groups": pd.factorize(panel["unit"])[0], "use_correction": False},
    )
    return columns, treated.shape[1], inside, fitted


@pytest.mark.parametrize("controls", [(), ("size",)])
@pytest.mark.parametrize("scale", ["count", "level"])
def test_it_is_the_pooled_regression_with_errors_by_the_delta_method(
    make_panel, count_design, controls, scale
):
    """Fitting controls and predicting the treated must be the pooled fit, errors included."""
    panel = small_panel(make_panel)
    design = dataclasses.replace(
        count_design, scale=scale, controls=controls, exposure="population"
    )
    columns, own, inside, fitted = pooled(panel, controls)
    without = columns.copy()
    without[:, :own] = 0
    offset = np.log(panel["population"].to_numpy())
    with_treatment = np.exp(offset + columns @ fitted.params)[inside]
    without_treatment = np.exp(offset + without @ fitted.params)[inside]
    first, second = columns[inside].T @ with_treatment, without[inside].T @ without_treatment
    if scale == "count":
        value = np.log(with_treatment.sum() / without_treatment.sum())
        gradient = first / with_treatment.sum() - second / without_treatment.sum()
    else:
        value = (with_treatment - without_treatment).mean()
        gradient = (first - second) / inside.sum()
    error = np.sqrt(gradient @ fitted.cov_params() @ gradient)
    effects = estimate_etwfe_poisson(panel, design)
    place = np.flatnonzero(effects.targets["averaging"] == "cells")[0]
    sums = cluster_sums(effects.evidence.contributions, effects.evidence.clusters)[:, place]
    assert effects.targets["value"].iloc[place] == pytest.approx(value, rel=1e-8)
    assert np.sqrt(sums @ sums) == pytest.approx(error, rel=1e-7)
    assert effects.evidence.parameters == np.linalg.matrix_rank(columns)


def test_recovers_the_log_ratio(make_panel, count_design):
    result = estimate(make_panel(3, units=240, growth=-0.01), count_design, "etwfe_poisson", "CR1")
    frame = result.event_time
    distance = (frame["value"] - (-0.2 - 0.01 * frame.index)) / frame["standard_error"]
    assert distance.abs().max() < 3.5


def test_cells_without_cases_count_in_the_whole(make_panel, count_design):
    """Catches a cell of zeros that is dropped together with what was expected of it."""
    panel = make_panel(3, units=30, periods=12)
    cohort = panel["adoption_period"].max()
    empty = (panel["adoption_period"] == cohort) & (panel["period"] == cohort)
    result = estimate_etwfe_poisson(
        panel.assign(complaints=panel["complaints"].mask(empty, 0)), count_design
    )
    assert result.sample.observations == len(panel)
    # The cell, and its period's mean if it is alone in it, have no logarithm.
    assert any("no case under treatment" in note for note in result.notes)
    group_time = result.targets[result.targets["kind"] == "group_time"]
    assert not ((group_time["cohort"] == cohort.ordinal) & (group_time["event_time"] == 0)).any()
    assert np.isfinite(result.evidence.contributions).all()
    level = dataclasses.replace(count_design, scale="level")
    filled = estimate_etwfe_poisson(panel, level).targets
    emptied = estimate_etwfe_poisson(
        panel.assign(complaints=panel["complaints"].mask(empty, 0)), level
    ).targets
    row = (filled["cohort"] == cohort.ordinal) & (filled["event_time"] == 0)
    lost = panel.loc[empty, "complaints"].mean()
    change = filled.loc[row, "value"].iloc[0] - emptied.loc[row, "value"].iloc[0]
    assert change == pytest.approx(lost, rel=1e-9)


def test_no_case_under_treatment_is_refused(make_panel, count_design):
    panel = make_panel(3)
    treated = panel["period"] >= panel["adoption_period"]
    panel["complaints"] = panel["complaints"].mask(treated, 0)
    with pytest.raises(DesignError, match="there is no log ratio"):
        estimate_etwfe_poisson(panel, count_design)


def test_cohorts_without_cases_before_adoption_are_dropped(make_panel, count_design):
    panel = make_panel(3)
    first = panel["adoption_period"] == panel["adoption_period"].min()
    before = first & (panel["period"] < panel["adoption_period"])
    panel["complaints"] = panel["complaints"].mask(before, 0)
    effects = estimate_etwfe_poisson(panel, count_design)
    reason = "outcomes of a fixed effect's controls are all at a bound"
    assert effects.sample.dropped == {reason: int(first.sum())}


def test_cohorts_count_by_the_cases_expected_of_them(make_panel, count_design):
    """Catches weights by rows: a log ratio of sums is moved by busy cohorts."""
    panel = make_panel(3, units=60, effect=0.0)
    busy = panel["adoption_period"] == panel["adoption_period"].min()
    panel["complaints"] = panel["complaints"] * np.where(busy, 10, 1)
    weights = estimate_etwfe_poisson(panel, count_design).cohort_weights
    assert weights.sum() == pytest.approx(1)
    assert weights.iloc[0] > 0.9


def test_unit_effects_are_refused(make_panel, count_design):
    """The errors hold for cohort effects only."""
    design = dataclasses.replace(count_design, fixed_effects=(("unit",), ("period",)))
    with pytest.raises(DesignError, match="cohorts and periods are its fixed effects"):
        estimate(make_panel(3), design, "etwfe_poisson")
