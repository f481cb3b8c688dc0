"""The score bootstrap for a Poisson model with fixed effects and few clusters.

Kline and Santos (2012) perturb scores instead of residuals, which carries the wild cluster
bootstrap over to likelihood models. At each null b the model is fitted with the contrast held at b;
around that fit it is a weighted linear model (weights: the means m; residuals: (count - m) / m),
and each draw takes one step from b with perturbed scores, the covariance of the draw computed anew.
In a linear model this is the restricted wild cluster bootstrap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fixed_effects import FixedEffects
from analysis.effects.inference.fit import (
    WeightedFit,
    cluster_sums,
    cross_products,
    weighted_sums,
)
from analysis.effects.inference.invert import (
    Bootstrap,
    OwnDraw,
    Ties,
    invert_test,
    share_as_extreme,
)
from analysis.effects.inference.multipliers import MultiplierKind, Multipliers, draw_multipliers
from analysis.effects.inference.wild_cluster import null_space, spread_of_scores
from analysis.effects.log_means import fit_log_means

__all__ = ["score_bootstrap"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Each p-value needs a fit of its own, so the ends of the interval are found to this many standard
# errors only, which is less than any table shows.
PRECISION = 1e-3


def score_bootstrap(
    fit: WeightedFit,
    counts: FloatArray,
    regressors: FloatArray,
    log_means: FloatArray,
    effects: FixedEffects,
    contrast: FloatArray,
    standard_error: float,
    seed: int,
    *,
    multipliers: MultiplierKind = "auto",
    draws: int | None = None,
    ties: Ties = "count",
) -> Bootstrap:
    """Test a linear combination of a Poisson model's coefficients, and invert the test.

    Parameters
    ----------
    fit
        The unrestricted fit.
    counts
        Shape (n,).
    regressors
        As they entered the model, shape (n, k).
    log_means
        Of the unrestricted fit, shape (n,), the logarithm of an exposure included.
    effects
        The fixed effects.
    contrast
        Weights of the coefficients in the combination, shape (k,).
    standard_error
        Of the combination; sets only where the search for the interval's ends begins.
    seed
        Of the draws; not used when all sign vectors are gone through.
    multipliers, draws
        See `draw_multipliers`.
    ties
        See `share_as_extreme`.

    Raises
    ------
    DesignError
        If the model cannot be fitted under a null.
    """
    drawn = draw_multipliers(fit.cluster_count, seed, multipliers, draws)
    estimate = float(fit.coefficients @ contrast)
    # X beta is this column times the contrast, and the others times coefficients that stay free.
    tested = regressors @ contrast / (contrast @ contrast)
    others = regressors @ null_space(contrast)
    model = _Model(counts, tested, others, effects, fit.clusters)

    def p_value(null: float) -> float:
        # The unrestricted fit, moved along the tested column, is near the restricted one.
        start = log_means + (null - estimate) * tested
        restricted = fit_log_means(counts, start, effects, others)
        return _p_value(model, restricted, drawn, ties)

    lower, upper = invert_test(p_value, estimate, standard_error, PRECISION)
    return Bootstrap(p_value(0.0), lower, upper, drawn.words)


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    counts: FloatArray
    tested: FloatArray
    others: FloatArray
    effects: FixedEffects
    clusters: IntArray


def _p_value(model: _Model, log_means: FloatArray, drawn: Multipliers, ties: Ties) -> float:
    means = np.exp(log_means)
    projection = model.effects.project(means)
    others = projection.residualise(model.others)
    inverse = np.linalg.inv(cross_products(others, means))
    left = projection.residualise(model.tested)
    regressor = left - others @ (inverse @ (others.T @ (means * left)))
    residuals = (model.counts - means) / means
    weighted = means * regressor
    crossed = projection.crossed_sums(weighted, residuals, model.clusters).less(
        weighted_sums(weighted, others, model.clusters) @ inverse,
        weighted_sums(means * residuals, others, model.clusters),
    )
    scores = cluster_sums((weighted * residuals)[:, None], model.clusters)[:, 0]
    information = cluster_sums((weighted * regressor)[:, None], model.clusters)[:, 0]
    distance = drawn.draws @ scores / information.sum()
    variance = spread_of_scores(drawn.draws, crossed, distance, information)
    own = (float(distance[0]), float(variance[0]))
    place: OwnDraw = "first of all" if drawn.exhaustive else "first"
    return share_as_extreme(distance, variance, own, ties=ties, own_draw=place)
