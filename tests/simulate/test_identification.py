"""Would catch a twin whose truth cannot be found in its own data, or is found too easily."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.simulate.adoption import event_times
from analysis.simulate.constants import MONTHS
from analysis.simulate.twin import Twin

# Over seeds, the imputation estimate has a standard deviation of 0.005 around the truth and the
# static regression a bias of +0.05 with a standard deviation of 0.003.
RECOVERED = 0.015
BIASED = 0.03


@pytest.fixture(scope="module")
def complaints(twin: Twin) -> np.ndarray:
    return twin.panel["complaints"].to_numpy(dtype=float).reshape(-1, len(MONTHS))


@pytest.fixture(scope="module")
def under(twin: Twin) -> np.ndarray:
    adoption = pd.PeriodIndex(twin.register["adoption_period"])
    return np.nan_to_num(event_times(adoption), nan=-1) >= 0


@pytest.fixture(scope="module")
def att(twin: Twin) -> float:
    overall = twin.truth[(twin.truth["estimand"] == "att") & (twin.truth["level"] == "street")]
    return overall.set_index("outcome")["value"]["complaints"]


def test_imputation_recovers_the_truth(
    complaints: np.ndarray, under: np.ndarray, att: float
) -> None:
    """Poisson fixed effects of cells without the programme predict those under it."""
    street, month = np.ones(len(complaints)), np.ones(len(MONTHS))
    known = complaints * ~under
    for _ in range(200):
        street = known.sum(axis=1) / (~under * month).sum(axis=1)
        month = known.sum(axis=0) / (~under * street[:, np.newaxis]).sum(axis=0)
    predicted = np.outer(street, month)
    estimate = np.log(complaints[under].sum() / predicted[under].sum())
    assert estimate == pytest.approx(att, abs=RECOVERED)


def test_static_two_way_fixed_effects_are_biased_towards_zero(
    complaints: np.ndarray, under: np.ndarray, att: float
) -> None:
    outcome, treatment = np.log(complaints), under.astype(float)
    for values in (outcome, treatment):
        values -= values.mean(axis=1, keepdims=True)
        values -= values.mean(axis=0, keepdims=True)
    estimate = (outcome * treatment).sum() / (treatment**2).sum()
    assert att + BIASED < estimate < 0
