"""The score bootstrap for a Poisson model with fixed effects and few clusters.

Kline and Santos (2012) perturb scores instead of residuals, which carries the wild cluster
bootstrap over to likelihood models. At each null b the model is fitted with the coefficient held
at b; around that fit it is a weighted linear model (weights: the means m; residuals: (count - m) /
m), and each draw takes one step from b with perturbed scores, the covariance of the draw computed
anew. In a linear model this is the restricted wild cluster bootstrap.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fixed_effects import FixedEffects
from analysis.effects.inference.clustered import WeightedFit, cluster_sums
from analysis.effects.inference.wild_cluster import (
    Bootstrap,
    draw_multipliers,
    invert_test,
    share_as_extreme,
)
from analysis.effects.log_means import fit_log_means

__all__ = ["score_bootstrap"]

FloatArray = NDArray[np.float64]

# Each p-value needs a fit of its own, so the ends of the interval are found to this many standard
# errors only, which is less than any table shows.
PRECISION = 1e-3


def score_bootstrap(
    fit: WeightedFit,
    counts: FloatArray,
    treatment: FloatArray,
    log_means: FloatArray,
    effects: FixedEffects,
    standard_error: float,
    seed: int,
) -> Bootstrap:
    """Test the coefficient of a treatment in a Poisson model, and invert the test.

    Parameters
    ----------
    fit
        The unrestricted fit, of one coefficient.
    counts, treatment
        Shape (n,).
    log_means
        Of the unrestricted fit, shape (n,).
    effects
        The fixed effects.
    standard_error
        Of the coefficient; sets only where the search for the interval's ends begins.
    seed
        Of the draws; not used when all sign vectors are gone through.
    """
    multipliers, words = draw_multipliers(fit.cluster_count, seed)
    estimate = float(fit.coefficients[0])

    def p_value(null: float) -> float:
        # The unrestricted fit, moved along the treatment, is near the restricted one.
        start = log_means + (null - estimate) * treatment
        restricted = fit_log_means(counts, start, effects)
        return _p_value(counts, treatment, restricted, effects, fit.clusters, multipliers)

    lower, upper = invert_test(p_value, estimate, standard_error, PRECISION)
    return Bootstrap(p_value(0.0), lower, upper, words)


def _p_value(
    counts: FloatArray,
    treatment: FloatArray,
    log_means: FloatArray,
    effects: FixedEffects,
    clusters: NDArray[np.int64],
    multipliers: FloatArray,
) -> float:
    means = np.exp(log_means)
    projection = effects.project(means)
    regressor = projection.residualise(treatment)
    residuals = (counts - means) / means
    weighted = means * regressor
    alone = np.zeros((len(counts), multipliers.shape[1]))
    alone[np.arange(len(counts)), clusters] = residuals
    crossed = cluster_sums(weighted[:, None] * projection.residualise(alone), clusters)
    scores = cluster_sums((weighted * residuals)[:, None], clusters)[:, 0]
    information = cluster_sums((weighted * regressor)[:, None], clusters)[:, 0]
    distance = multipliers @ scores / information.sum()
    drawn_scores = multipliers @ crossed.T - distance[:, None] * information
    return share_as_extreme(distance, (drawn_scores**2).sum(1))
