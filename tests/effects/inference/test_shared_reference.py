"""Agreement with every clustered error in the reference files that lie beside the project."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from analysis.effects.fixed_effects import FixedEffects, parameters_used
from analysis.effects.inference.bias_reduced import bias_reduced
from analysis.effects.inference.clustered import clustered_vcov
from analysis.effects.inference.joint import wald_test
from analysis.effects.inference.two_way import positive_semidefinite, two_way_vcov

SAME = 1e-9
# What is left of an eigenvalue set to zero is rounding, which two libraries do not share.
SAME_BUT_EIGENVALUES = 1e-8
COLUMNS = {
    "castle": ("sid", "year", "g", ["sid"]),
    "mpdta": ("countyreal", "year", "first.treat", ["countyreal"]),
    "sim3_anticipation_dose": ("unit", "t", "g", ["unit", "cluster"]),
}
FACTORS = {
    "nonnested": "default_ssc(K.adj=T,K.fixef=nonnested,G.adj=T)",
    "full": "ssc(K.fixef=full)",
    "none": "ssc(K.fixef=none)",
    "groups": "ssc(K.adj=F,G.adj=T)",
    "zero": "ssc(K.adj=F,G.adj=F)_CR0",
}
TWO_WAY = {
    "min": "twoway_default_ssc(G.df=min)",
    "conventional": "twoway_ssc(G.df=conventional)",
    "none": "twoway_ssc(K.adj=F,G.adj=F)",
}


def load(folder, name):
    expected = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))[name]
    return pd.read_csv(folder / f"{name}.csv"), expected


def columns_of(data, names, period, adoption):
    """Make the regressors that fixest's names stand for."""
    event_time = np.where(data[adoption] > 0, data[period] - data[adoption], -1000)
    columns = []
    for name in names:
        if name.startswith("rel::"):
            columns.append(event_time == int(name.removeprefix("rel::")))
        elif "::" in name:
            level, column = name.removeprefix(f"{period}::").split(":")
            columns.append((data[period] == int(level)) * data[column])
        else:
            columns.append(data[name])
    return np.stack([np.asarray(column, dtype="float64") for column in columns], axis=1)


def fixest_models(folder, name, fit_columns):
    """Fit each of fixest's models that does not drop rows, by each cluster."""
    data, expected = load(folder, name)
    unit, period, adoption, clusters = COLUMNS[name]
    for block in ("twfe_feols", "event_study_feols"):
        for formula, values in expected[block].items():
            if "dropped" in formula:
                continue
            weights = re.search(r"w=(\w+)", formula)
            regressors = columns_of(data, values["estimate"], period, adoption)
            for cluster in clusters:
                yield (
                    cluster,
                    values,
                    fit_columns(
                        data[formula.split("~")[0]],
                        regressors,
                        data[unit],
                        data[period],
                        data[cluster],
                        data[weights[1]] if weights else None,
                    ),
                )


def errors_of(vcov):
    diagonal = np.diag(vcov)
    return np.where(diagonal > 0, np.sqrt(np.abs(diagonal)), np.nan)


def known(errors):
    return np.array([np.nan if error is None else error for error in errors.values()])


@pytest.mark.parametrize("name", COLUMNS)
def test_fixests_errors(shared_reference, name, fit_columns):
    """One-way with each factor, two-way with and without negative eigenvalues, and joint tests."""
    for cluster, values, model in fixest_models(shared_reference, name, fit_columns):
        for factor, key in FACTORS.items():
            expected = known(values["se"][f"cluster_{cluster}_{key}"])
            found = errors_of(clustered_vcov(model.fit, factor))
            np.testing.assert_allclose(found, expected, rtol=SAME)
        if cluster != COLUMNS[name][3][0]:
            continue
        effects, k = FixedEffects(model.codes), len(model.fit.coefficients)
        used = parameters_used(k, model.codes, effects, model.fit.clusters, model.periods)
        for degrees, key in TWO_WAY.items():
            if key not in values["se"]:
                continue
            parameters = None if degrees == "none" else used
            vcov = two_way_vcov(model.fit, model.periods, parameters, degrees)
            np.testing.assert_allclose(errors_of(vcov), known(values["se"][key]), rtol=SAME)
            fixed = values.get("se_after_fixest_default_eigenvalue_fix", {}).get(key)
            if fixed:
                found = errors_of(positive_semidefinite(vcov))
                np.testing.assert_allclose(found, known(fixed), rtol=SAME_BUT_EIGENVALUES)
        if joint := values.get("wald_joint_pre"):
            names = list(values["estimate"])
            leads = [place for place, lead in enumerate(names) if lead.startswith("rel::-")]
            vcov = clustered_vcov(model.fit)[np.ix_(leads, leads)]
            found = wald_test(model.fit.coefficients[leads], vcov, model.fit.cluster_count - 1)
            assert found.statistic == pytest.approx(joint["stat"], rel=SAME)
            assert found.p_value == pytest.approx(joint["p"], rel=1e-8)
            assert found.degrees_numerator == joint["df1"]


@pytest.mark.parametrize("name", COLUMNS)
def test_clubsandwichs_errors_and_degrees(shared_reference, name, fit_columns):
    data, expected = load(shared_reference, name)
    unit, period = COLUMNS[name][:2]
    for block in ("clubSandwich_lm_full_dummies", "clubSandwich_lm_unit_demeaned"):
        for key, values in expected[block].items():
            outcome, regressor, cluster, kind = re.match(
                r"(\w+)~(\w+)\+.*cl=(\w+) (\w+)$", key
            ).groups()
            weights = data["popwt"] if "w=popwt" in key else None
            model = fit_columns(
                data[outcome], data[regressor], data[unit], data[period], data[cluster], weights
            )
            adjustment = "CR0" if kind.startswith("CR1") else kind
            vcov, degrees = bias_reduced(model.fit, model.codes, np.eye(1), adjustment)
            if kind.startswith("CR1"):
                vcov = clustered_vcov(model.fit, "groups" if kind == "CR1" else "full")
            assert np.sqrt(vcov[0, 0]) == pytest.approx(values["SE"], rel=SAME)
            assert degrees[0] == pytest.approx(values["df_Satt"], rel=SAME)
