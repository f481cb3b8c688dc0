"""The wild cluster bootstrap, for few clusters.

Cameron, Gelbach and Miller (2008) draw a sign for each cluster and flip its residuals: those of the
model in which the null hypothesis holds (restricted) or those of the fit (unrestricted). MacKinnon
and Webb (2018) show when it is reliable; the restricted version usually is, the unrestricted one
less often. The draws never touch the rows of the panel: with x the regressor and u the residuals
after everything else is partialled out (operator M, weights w), all that a draw v needs are sums by
cluster,

    s_g = sum of w x u in g,   a_g = sum of w x x in g,   J_gh = sum of w x (M u_h) in g,

where u_h is u in cluster h and 0 elsewhere. The draw's estimate is off by d = v's / A, A the sum of
the a_g, and its cluster scores are J v - d a. J is held as the few numbers for each cluster that it
is made of, so that memory grows with the clusters and not with their pairs. The residuals at the
null b are y - b x, y being the outcome so partialled out, so all this is linear in b: the whole
confidence interval comes from one set of sums.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fixed_effects import Crossed, Projection
from analysis.effects.inference.fit import (
    CHUNK,
    WeightedFit,
    bread_of,
    cluster_sums,
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
from analysis.effects.unit_trends import TrendProjection

__all__ = ["null_space", "spread_of_scores", "wild_cluster"]

FloatArray = NDArray[np.float64]

PRECISION = 1e-10


def wild_cluster(
    fit: WeightedFit,
    outcome: FloatArray,
    projection: Projection | TrendProjection,
    contrast: FloatArray,
    standard_error: float,
    seed: int,
    *,
    multipliers: MultiplierKind = "auto",
    draws: int | None = None,
    impose_null: bool = True,
    ties: Ties = "count",
    bread: FloatArray | None = None,
) -> Bootstrap:
    """Test a linear combination of coefficients, and invert the test into an interval.

    Parameters
    ----------
    fit
        The fit of the linear model.
    outcome
        The outcome without what the fixed effects explain of it, shape (n,).
    projection
        Takes the fixed effects out, with the weights of the fit.
    contrast
        Weights of the coefficients in the combination, shape (k,).
    standard_error
        Of the combination; sets only where the search for the interval's ends begins.
    seed
        Of the draws; not used when all sign vectors are gone through.
    multipliers, draws
        See `draw_multipliers`.
    impose_null
        Whether residuals are those under the null (restricted), or those of the fit.
    ties
        See `share_as_extreme`.
    bread
        From `bread_of`, so that tests of many contrasts share it; None to work it out.

    Returns
    -------
    Bootstrap
        For the combination `contrast` times the coefficients.
    """
    inverse = bread_of(fit) if bread is None else bread
    turned = inverse @ contrast / np.sqrt(contrast @ inverse @ contrast)
    # What is left of the regressors once those on which the contrast does not depend are out.
    regressor = fit.regressors @ turned / (contrast @ turned)
    drawn = draw_multipliers(fit.cluster_count, seed, multipliers, draws)
    estimate = float(fit.coefficients @ contrast)
    weighted = fit.weights * regressor
    # Every combination of the regressors on which the contrast does not depend is taken out, too:
    # those are X b with c'b = 0, and this is their bread.
    others = inverse - np.outer(turned, turned)
    ours = weighted_sums(weighted, fit.regressors, fit.clusters) @ others

    def spread(column: FloatArray) -> Sums:
        own = cluster_sums((weighted * column)[:, None], fit.clusters)[:, 0]
        crossed = projection.crossed_sums(weighted, column, fit.clusters)
        loads = weighted_sums(fit.weights * column, fit.regressors, fit.clusters)
        return own, crossed.less(ours, loads)

    test = _restricted if impose_null else _unrestricted
    left = outcome - fit.regressors @ (others @ (fit.regressors.T @ (fit.weights * outcome)))
    column = left if impose_null else fit.residuals
    p_value = test(drawn, spread(column), spread(regressor), estimate, ties)
    lower, upper = invert_test(p_value, estimate, standard_error, PRECISION)
    return Bootstrap(p_value(0.0), lower, upper, drawn.words)


# Of w x c within clusters, shape (G,), and of w x M(c_h) for each cluster h, in products.
Sums = tuple[FloatArray, Crossed]
Test = Callable[[float], float]


def _restricted(
    drawn: Multipliers, outcome: Sums, regressor: Sums, estimate: float, ties: Ties
) -> Test:
    """Draw from the model in which the null b holds; the first draw is the data's own."""
    values, information, total = drawn.draws, regressor[0], regressor[0].sum()
    # d = constant - b slope; cluster scores = base - b tilt; their squares are quadratic in b.
    constant, slope = values @ outcome[0] / total, values @ information / total
    squares = np.empty((3, len(values)))
    for some in _blocks_of(values):
        base = outcome[1].times(values[some]) - constant[some, None] * information
        tilt = regressor[1].times(values[some]) - slope[some, None] * information
        squares[:, some] = (base * base).sum(1), (base * tilt).sum(1), (tilt * tilt).sum(1)

    def p_value(null: float) -> float:
        distance = constant - null * slope
        variance = squares[0] - 2 * null * squares[1] + null**2 * squares[2]
        own = (float(distance[0]), float(variance[0]))
        place: OwnDraw = "first of all" if drawn.exhaustive else "first"
        return share_as_extreme(distance, variance, own, ties=ties, own_draw=place)

    return p_value


def _unrestricted(
    drawn: Multipliers, residuals: Sums, regressor: Sums, estimate: float, ties: Ties
) -> Test:
    """Draw from the fit, and compare with how far it is from the null.

    Draws at random are joined by the data, so that no p-value is zero; all that there are do not
    hold the data, since the fit's own residuals give back the fit.
    """
    scores, information = residuals[0], regressor[0]
    total = information.sum()
    distance = drawn.draws @ scores / total
    variance = spread_of_scores(drawn.draws, residuals[1], distance, information)

    def p_value(null: float) -> float:
        own = (estimate - null, float(scores @ scores))
        place: OwnDraw = "none" if drawn.exhaustive else "first"
        return share_as_extreme(distance, variance, own, ties=ties, own_draw=place)

    return p_value


def spread_of_scores(
    draws: FloatArray, crossed: Crossed, distance: FloatArray, information: FloatArray
) -> FloatArray:
    """Return the sum of the squared cluster scores J v - d a of each draw v, shape (draws,)."""
    total = np.empty(len(draws))
    for some in _blocks_of(draws):
        scores = crossed.times(draws[some]) - distance[some, None] * information
        total[some] = (scores * scores).sum(axis=1)
    return total


def _blocks_of(draws: FloatArray) -> Iterator[slice]:
    """Go through the draws some at a time, so that what is made of them stays small."""
    step = max(1, CHUNK // draws.shape[1])
    return (slice(start, start + step) for start in range(0, len(draws), step))


def null_space(contrast: FloatArray) -> FloatArray:
    """Return a basis of what is orthogonal to a contrast, shape (k, k - 1).

    Examples
    --------
    >>> abs(null_space(np.array([0.0, 2.0]))).tolist()
    [[1.0], [0.0]]
    """
    return np.asarray(np.linalg.svd(contrast[None, :])[2][1:].T)
