"""The restricted wild cluster bootstrap, for few clusters.

Cameron, Gelbach and Miller (2008) draw a sign for each cluster and flip the residuals of the model
in which the null hypothesis holds; MacKinnon and Webb (2018) show when this is reliable. Here the
draws never touch the rows of the panel: with x the regressor and y the outcome after everything
else is partialled out (operator M, weights w), all that a draw v needs are sums by cluster,

    s_g = sum of w x y in g,   a_g = sum of w x x in g,   J_gh = sum of w x (M y_h) in g,

where y_h is y in cluster h and 0 elsewhere, and the same K_gh for x. The draw's estimate minus the
null b is d = v'(s - b a) / A, and its cluster scores are (J - b K) v - d a. Both are linear in b,
so the whole confidence interval comes from one set of sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.inference.clustered import WeightedFit, cluster_sums

__all__ = ["Bootstrap", "draw_multipliers", "invert_test", "share_as_extreme", "wild_cluster"]

FloatArray = NDArray[np.float64]
Operator = Callable[[FloatArray], FloatArray]

SIZE = 0.05
DRAWS = 9_999
# With at most this many clusters, two-point signs give too few distinct draws; Webb's six points
# give enough (Webb 2023).
WEBB_AT_MOST = 10
# Up to here all sign vectors are gone through: 2^16 of them for 17 clusters.
ENUMERATE_AT_MOST = 17
# Two statistics that differ by less than rounding are a tie, and ties count as extreme.
TIE = 1e-9
# An interval that reaches further than this many standard errors is reported as unbounded.
WIDEST = 1e4


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What the bootstrap found.

    Attributes
    ----------
    p_value
        Share of draws at least as extreme as the data; the data's own draw is one of them.
    lower, upper
        Ends of the 95 per cent interval: where the test's p-value crosses 5 per cent. Infinite
        where it never does.
    draws
        How the multipliers were drawn, in words.
    """

    p_value: float
    lower: float
    upper: float
    draws: str


def wild_cluster(
    fit: WeightedFit,
    outcome: FloatArray,
    residualise: Operator,
    contrast: FloatArray,
    standard_error: float,
    seed: int,
) -> Bootstrap:
    """Test a linear combination of coefficients, and invert the test into an interval.

    Parameters
    ----------
    fit
        The fit of the linear model.
    outcome
        The outcome without what the fixed effects explain of it, shape (n,).
    residualise
        Takes the fixed effects out of columns of shape (n, k).
    contrast
        Weights of the coefficients in the combination, shape (k,).
    standard_error
        Of the combination; sets only where the search for the interval's ends begins.
    seed
        Of the draws; not used when all sign vectors are gone through.

    Returns
    -------
    Bootstrap
        For the combination `contrast` times the coefficients.
    """
    partial = _partial_out_others(fit, contrast)
    weights, clusters = fit.weights, fit.clusters
    regressor = partial(fit.regressors @ contrast / (contrast @ contrast))
    multipliers, words = draw_multipliers(fit.cluster_count, seed)

    def by_cluster(column: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Sum w x c within clusters (G,), and w x M(c_h) for each cluster h (G, G)."""
        weighted = weights * regressor
        own = cluster_sums((weighted * column)[:, None], clusters)[:, 0]
        alone = np.zeros((len(column), fit.cluster_count))
        alone[np.arange(len(column)), clusters] = column
        spread = partial(residualise(alone))
        return own, cluster_sums(weighted[:, None] * spread, clusters)

    scores, crossed_outcome = by_cluster(partial(outcome))
    information, crossed_regressor = by_cluster(regressor)
    total = information.sum()
    # d = constant - b slope; cluster scores = base - b tilt; their squares are quadratic in b.
    constant, slope = multipliers @ scores / total, multipliers @ information / total
    base = multipliers @ crossed_outcome.T - constant[:, None] * information
    tilt = multipliers @ crossed_regressor.T - slope[:, None] * information
    squares = [(base * base).sum(1), (base * tilt).sum(1), (tilt * tilt).sum(1)]

    def p_value(null: float) -> float:
        distance = constant - null * slope
        variance = squares[0] - 2 * null * squares[1] + null**2 * squares[2]
        return share_as_extreme(distance, variance)

    estimate = float(fit.coefficients @ contrast)
    lower, upper = invert_test(p_value, estimate, standard_error, precision=1e-10)
    return Bootstrap(p_value(0.0), lower, upper, words)


def draw_multipliers(clusters: int, seed: int) -> tuple[FloatArray, str]:
    """Draw what each cluster's residuals are multiplied by; the first row is all ones.

    Returns
    -------
    tuple
        Multipliers of shape (draws, clusters), and how they were drawn, in words.

    Examples
    --------
    >>> multipliers, words = draw_multipliers(12, seed=1)
    >>> multipliers.shape, words
    ((2048, 12), 'all 2,048 distinct Rademacher sign vectors')
    """
    if WEBB_AT_MOST < clusters <= ENUMERATE_AT_MOST:
        # A vector and its mirror give the same statistic, so the first sign stays +1.
        count = 2 ** (clusters - 1)
        bits = (np.arange(count)[:, None] >> np.arange(clusters - 1)) & 1
        signs = np.hstack([np.ones((count, 1)), 1.0 - 2.0 * bits])
        return signs, f"all {count:,} distinct Rademacher sign vectors"
    webb = clusters <= WEBB_AT_MOST
    points = np.sqrt([0.5, 1.0, 1.5]) if webb else np.ones(1)
    values = np.concatenate([-points, points])
    drawn = np.random.default_rng(seed).choice(values, size=(DRAWS, clusters))
    kind = "Webb six-point" if webb else "Rademacher"
    return np.vstack([np.ones(clusters), drawn]), f"{DRAWS:,} {kind} draws, seed {seed}"


def share_as_extreme(distance: FloatArray, variance: FloatArray) -> float:
    """Return the share of draws whose squared t is at least that of the first, the data's own.

    Parameters
    ----------
    distance, variance
        Numerator of t and square of its denominator, shape (draws,).
    """
    # Multiplied out, so that a draw without variance needs no division by zero.
    drawn, own = distance**2 * variance[0], distance[0] ** 2 * variance
    as_extreme = drawn >= own * (1 - TIE)
    # The data's own draw counts because it is one of them, not because rounding says so.
    as_extreme[0] = True
    return float(as_extreme.mean())


def invert_test(
    p_value: Callable[[float], float], estimate: float, standard_error: float, precision: float
) -> tuple[float, float]:
    """Find the ends of the interval of nulls that the test does not reject.

    Parameters
    ----------
    p_value
        The test's p-value at a null.
    estimate
        Where the p-value is largest.
    standard_error
        The unit in which the search steps outwards.
    precision
        How exactly the ends are found, in standard errors.
    """

    def end(direction: float) -> float:
        def rejects(steps: float) -> bool:
            return p_value(estimate + direction * steps * standard_error) <= SIZE

        inside, outside = 0.0, 2.0
        while not rejects(outside):
            inside, outside = outside, 2 * outside
            if outside > WIDEST:
                return direction * np.inf
        while outside - inside > precision:
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if rejects(middle) else (middle, outside)
        return estimate + direction * inside * standard_error

    return end(-1.0), end(1.0)


def _partial_out_others(fit: WeightedFit, contrast: FloatArray) -> Operator:
    """Take out every combination of the regressors on which the contrast does not depend."""
    others = fit.regressors @ _null_space(contrast)
    weighted = fit.weights[:, None] * others
    inverse = np.linalg.inv(weighted.T @ others)

    def partial(columns: FloatArray) -> FloatArray:
        left: FloatArray = columns - others @ (inverse @ (weighted.T @ columns))
        return left

    return partial


def _null_space(contrast: FloatArray) -> FloatArray:
    return np.linalg.svd(contrast[None, :])[2][1:].T
