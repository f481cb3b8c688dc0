"""The multiplier bootstrap draws the errors that the contributions imply."""

import numpy as np
import pytest
from scipy import stats

from analysis.effects.inference.fit import cluster_sums
from analysis.effects.inference.multiplier import multiplier_bootstrap


@pytest.fixture
def contributions():
    return np.random.default_rng(1).normal(size=(600, 3)) / 600


@pytest.mark.parametrize("kind", ["auto", "mammen", "rademacher", "webb"])
def test_spread_is_that_of_the_contributions(contributions, kind):
    """9,999 draws; the quartiles' error is about 1.2 per cent of the spread."""
    found = multiplier_bootstrap(contributions, np.arange(600), 2, multipliers=kind, draws=9999)
    expected = np.sqrt((contributions**2).sum(axis=0))
    np.testing.assert_allclose(found.standard_error, expected, rtol=0.04)
    np.testing.assert_allclose(
        np.cov(found.draws.T), contributions.T @ contributions, atol=0.05 * expected.max() ** 2
    )


def test_contributions_are_summed_within_clusters(contributions):
    """Catches units drawn apart: then a cluster written as several rows would shrink errors."""
    clusters = np.arange(600) % 30
    sums = cluster_sums(contributions, clusters)
    together = multiplier_bootstrap(contributions, clusters, 2)
    np.testing.assert_allclose(together.draws, multiplier_bootstrap(sums, np.arange(30), 2).draws)


def test_spread_is_the_range_of_quartiles(contributions):
    found = multiplier_bootstrap(contributions, np.arange(600), 2)
    assert found.draws.shape == (999, 3)
    ordered = np.sort(found.draws, axis=0)
    # The definition without interpolation: the smallest value that a quarter does not exceed.
    expected = (ordered[749] - ordered[249]) / (2 * stats.norm.ppf(0.75))
    np.testing.assert_allclose(found.standard_error, expected)


def test_targets_without_contributions_have_no_spread_and_no_part_in_the_band(contributions):
    with_zero = np.hstack([contributions, np.zeros((600, 1))])
    found = multiplier_bootstrap(with_zero, np.arange(600), 2)
    assert found.standard_error[3] == 0
    alone = found.critical_value(np.array([0, 1, 2]))
    assert found.critical_value(np.array([0, 1, 2, 3])) == alone
    assert 2.2 < alone < 2.6


def test_few_clusters_with_signs_are_gone_through_completely(contributions):
    found = multiplier_bootstrap(contributions, np.arange(600) % 8, 2, multipliers="rademacher")
    assert found.draws.shape == (128, 3)
    assert found.words == "all 128 distinct Rademacher sign vectors"
