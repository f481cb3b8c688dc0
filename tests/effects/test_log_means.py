"""The fixed effects of a Poisson model are fitted to the end, from any start."""

import numpy as np
import pytest

from analysis.effects.fixed_effects import FixedEffects
from analysis.effects.log_means import fit_log_means
from analysis.errors import DesignError

UNITS, PERIODS = np.repeat(np.arange(12), 9), np.tile(np.arange(9), 12)
EFFECTS = FixedEffects([UNITS, PERIODS])


@pytest.fixture
def counts():
    return np.random.default_rng(4).poisson(np.exp(0.2 * UNITS + 0.1 * PERIODS)) + 1.0


@pytest.mark.parametrize("start", [0.0, 8.0, -8.0])
def test_means_add_up_to_the_counts_of_every_group(counts, start):
    """Catches a search that stops early: these sums are its first-order conditions."""
    means = np.exp(fit_log_means(counts, np.full(len(counts), start), EFFECTS))
    for codes in (UNITS, PERIODS):
        assert np.bincount(codes, means) == pytest.approx(np.bincount(codes, counts), rel=1e-12)


def test_what_is_held_fixed_stays_as_it_is(counts):
    """Catches a treatment effect that the fixed effects swallow."""
    held = 0.5 * (np.arange(len(counts)) % 7 == 0)
    log_means = fit_log_means(counts, held, EFFECTS)
    projection = EFFECTS.project(np.ones(len(counts)))
    left = projection.residualise(log_means)
    assert left == pytest.approx(projection.residualise(held), abs=1e-9)


def test_a_group_without_cases_has_no_fit(counts):
    counts[UNITS == 3] = 0
    with pytest.raises(DesignError, match="no convergence"):
        fit_log_means(counts, np.zeros(len(counts)), EFFECTS)
