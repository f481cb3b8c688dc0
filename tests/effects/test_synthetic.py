"""Synthetic difference-in-differences on arrays: agreement with R's synthdid."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.effects.synthetic import fit_cohort, fit_cohorts, jackknife, placebo

REFERENCE = Path(__file__).parent / "reference"
EXPECTED = json.loads((REFERENCE / "synthetic_did.json").read_text(encoding="utf-8"))
CASES = [name for name in EXPECTED if name != "source"]

# Both sides take the same steps in double precision.
SAME = 1e-9
# How far the search without a stop, whose optimum is flat, comes on both sides.
SAME_OPTIMUM = 1e-6
COLUMNS = {
    "castle": ("sid", "year", "l_homicide", 2006),
    "sim3_anticipation_dose": ("unit", "t", "y", 13),
}


def arrays(case):
    """Read a case as outcomes, the controls first in the order of the reference, and dates."""
    name = case.split(":")[0]
    unit, period, outcome, cohort = COLUMNS[name]
    data = pd.read_csv(REFERENCE / f"{name}.csv")
    wide = data.pivot(index=unit, columns=period, values=outcome)
    treated = data.loc[data["g"] == cohort, unit].unique()
    controls = EXPECTED[case]["controls"]
    place = wide.columns.get_loc(cohort - 2 * case.endswith("early"))
    start = np.repeat([len(wide.columns), place], [len(controls), len(treated)])
    return wide.loc[[*controls, *treated]].to_numpy(), start


@pytest.mark.parametrize("case", CASES)
def test_weights_effects_and_jackknife_are_those_of_the_authors(case):
    outcome, start = arrays(case)
    expected = EXPECTED[case]
    fits = fit_cohorts(outcome, start)
    assert fits[0].effects.mean() == pytest.approx(expected["estimate"], rel=SAME)
    np.testing.assert_allclose(fits[0].effects, expected["effect_curve"], rtol=SAME)
    np.testing.assert_allclose(fits[0].unit_weights, expected["unit_weights"], atol=SAME)
    np.testing.assert_allclose(fits[0].period_weights, expected["period_weights"], atol=SAME)
    effects, _ = jackknife(outcome, start, np.arange(len(start)), fits)
    estimates = effects.mean(axis=1)
    error = np.sqrt((len(estimates) - 1) * estimates.var())
    assert error == pytest.approx(expected["se_jackknife"], rel=SAME)


@pytest.mark.parametrize("case", CASES)
def test_a_longer_search_comes_to_the_optimum_of_the_authors(case):
    outcome, start = arrays(case)
    never = start == outcome.shape[1]
    expected = EXPECTED[case]["tight"]
    fit = fit_cohort(outcome[never], outcome[~never], int(start.min()), decrease=1e-12)
    assert fit.effects.mean() == pytest.approx(expected["estimate"], rel=SAME_OPTIMUM)
    np.testing.assert_allclose(fit.unit_weights, expected["unit_weights"], atol=SAME_OPTIMUM)
    # Period weights are hardly penalised: many are as good as these, and the effects the same.
    np.testing.assert_allclose(fit.period_weights, expected["period_weights"], atol=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_placebo_errors_are_those_of_the_authors_but_for_the_draws(case):
    """Each side draws 200 times, which leaves an error of five per cent; four times both."""
    outcome, start = arrays(case)
    fits = fit_cohorts(outcome, start)
    random = np.random.default_rng(1)
    effects, sizes = placebo(outcome, start, np.arange(len(start)), fits, 200, random)
    error = effects.mean(axis=1).std()
    assert error == pytest.approx(EXPECTED[case]["se_placebo"], rel=4 * 0.05 * np.sqrt(2))
    assert (sizes == (start < outcome.shape[1]).sum()).all()


def test_placebos_keep_clusters_together():
    """Catches placebo units drawn one by one where dates belong to clusters."""
    random = np.random.default_rng(0)
    clusters = np.repeat(np.arange(8), [1, 2, 3, 4, 1, 2, 3, 4])
    start = np.where(clusters == 7, 4, 6)
    level = random.normal(size=(8, 6)).repeat([1, 2, 3, 4, 1, 2, 3, 4], axis=0)
    fits = fit_cohorts(level, start)
    effects, sizes = placebo(level, start, clusters, fits, 30, random)
    assert set(sizes[:, 0]) <= {1, 2, 3, 4}
    # Units of a cluster are alike, so that at most seven placebo estimates can differ.
    assert len(np.unique(effects.mean(axis=1).round(6))) <= 7
