r"""CR2 and CR3 with Satterthwaite's degrees of freedom, and the joint test HTZ, for few clusters.

The variance of a contrast is a quadratic form in the residuals. Under a working model for the
errors its own variance is known, and the degrees of freedom of the t or F distribution are those
of the chi-square or Hotelling distribution with the same two moments (Bell and McCaffrey 2002;
Pustejovsky and Tipton 2018). Fixed effects count as dummies, whether they were taken out or not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.inference.adjusted_scores import (
    AdjustedScores,
    Kind,
    Leverage,
    Variances,
    adjust_scores,
)
from analysis.effects.inference.fit import WeightedFit
from analysis.effects.inference.hat_blocks import HatBlocks
from analysis.effects.inference.joint import JointTest, refuse_singular, wald_test
from analysis.errors import DesignError, Problem

__all__ = ["bias_reduced", "htz_test"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def bias_reduced(
    fit: WeightedFit,
    codes: Sequence[IntArray],
    contrasts: FloatArray,
    kind: Kind = "CR2",
    *,
    variances: Variances = "equal",
    leverage: Leverage = "full",
) -> tuple[FloatArray, FloatArray]:
    """Compute the covariance of contrasts and the degrees of freedom of each.

    Parameters
    ----------
    fit
        The fit. That of a Poisson model is its last weighted step, to be given with `variances`
        ``inverse_weights``.
    codes
        The fixed effects that were taken out of it, each of shape (n,).
    contrasts
        Weights of the coefficients, shape (T, k); rows of zeros are allowed.
    kind
        ``CR2``, in which a cluster says nothing on what it alone identifies, so that the error of
        such a contrast is far too small; ``CR3``, clubSandwich's, without the factor (G - 1) / G of
        the jackknife; ``CR0``, whose degrees of freedom are also those of CR1.
    variances
        The working model: independent errors of ``equal`` variance, also if the fit is weighted,
        as in clubSandwich; or of variance inverse to the weights, as with rates weighted by their
        denominator.
    leverage
        ``full`` counts the fixed effects in the hat matrix; ``regressors`` leaves those out that
        cross clusters, as clubSandwich does in CR3 for `plm`.

    Returns
    -------
    tuple
        Covariance, shape (T, T), and degrees of freedom, shape (T,); the latter is not a number for
        rows of zeros, nor is either in CR3 for a contrast that one cluster alone identifies.

    Examples
    --------
    >>> x, residuals = np.array([[1.0], [-1.0], [2.0], [-2.0]]), np.array([2.0, 1.0, -1.0, -0.5])
    >>> fit = WeightedFit(np.ones(1), x, residuals, np.ones(4), np.array([0, 0, 1, 1]), 1)
    >>> vcov, degrees = bias_reduced(fit, [], np.ones((1, 1)))
    >>> float(vcov[0, 0].round(4)), float(degrees[0].round(4))
    (0.0625, 1.0)
    """
    adjusted = adjust_scores(fit, codes, kind, variances, leverage)
    directions = adjusted.bread @ contrasts.T
    totals = adjusted.scores @ directions
    vcov = totals.T @ totals
    degrees = np.full(len(contrasts), np.nan)
    for place in np.flatnonzero(np.diag(vcov) > 0):
        expected, spread = _moments(adjusted, directions[:, [place]])
        degrees[place] = 2 * expected[0, 0] ** 2 / spread
    if kind == "CR3":
        lost = _identified_by_one_cluster(fit, codes, contrasts)
        vcov[lost], vcov[:, lost], degrees[lost] = np.nan, np.nan, np.nan
    return np.asarray(vcov), degrees


def htz_test(
    fit: WeightedFit,
    codes: Sequence[IntArray],
    contrasts: FloatArray,
    kind: Kind = "CR2",
    *,
    variances: Variances = "equal",
    leverage: Leverage = "full",
) -> JointTest:
    """Test that all contrasts are zero, by approximating Hotelling's T-squared.

    Parameters
    ----------
    fit, codes, kind, variances, leverage
        See `bias_reduced`.
    contrasts
        Weights of the coefficients, shape (q, k), linearly independent.

    Raises
    ------
    DesignError
        If the contrasts depend on each other, or the clusters are too few for so many of them.
    """
    adjusted = adjust_scores(fit, codes, kind, variances, leverage)
    directions = adjusted.bread @ contrasts.T
    count = len(contrasts)
    expected, _ = _moments(adjusted, directions)
    refuse_singular(expected)
    values, vectors = np.linalg.eigh(expected)
    # Rotated so, the variance matrix is expected to be the identity.
    _, spread = _moments(adjusted, directions @ (vectors / np.sqrt(values)))
    degrees = count * (count + 1) / spread
    denominator = degrees - count + 1
    if denominator <= 0:
        hint = f"test fewer contrasts than {count}, or have more clusters"
        problem = Problem(f"the test has {degrees:.2f} degrees of freedom", "contrasts", hint)
        raise DesignError("the contrasts cannot be tested jointly", [problem])
    totals = adjusted.scores @ directions
    wald = wald_test(contrasts @ fit.coefficients, totals.T @ totals, np.inf)
    statistic = denominator / degrees * wald.statistic
    p_value = float(stats.f.sf(statistic, count, denominator))
    return JointTest(statistic, count, float(denominator), p_value)


def _identified_by_one_cluster(
    fit: WeightedFit, codes: Sequence[IntArray], contrasts: FloatArray
) -> NDArray[np.bool_]:
    blocks = HatBlocks(fit, codes)
    turned = blocks.turn(contrasts)
    return np.asarray(np.array([block.alone_identifies(turned) for block in blocks]).any(axis=0))


def _moments(adjusted: AdjustedScores, directions: FloatArray) -> tuple[FloatArray, float]:
    """Return what a variance matrix of q contrasts is expected to be, and how much it varies.

    The first is of shape (q, q), in units of the errors' variance. The second is the sum of the
    variances of all elements, which for contrasts s and t is the sum over clusters g and h of
    P(ss, gh) P(tt, gh) + P(st, gh) P(ts, gh), where P(st, gh) is the product of p_gs and p_ht. As
    P = diag(own) + L_s N L_t' with few columns in L, no matrix of clusters is formed.
    """
    count, rank = directions.shape[1], len(adjusted.middle)
    own = np.einsum("ks,gkl,lt->stg", directions, adjusted.own, directions, optimize=True)
    left = np.einsum("grk,ks->sgr", adjusted.left, directions, optimize=True)
    right = np.einsum("grk,ks->sgr", adjusted.right, directions, optimize=True)
    factors = np.concatenate([left, right], axis=2)
    minus = -np.eye(rank)
    inner = np.block([[np.zeros((rank, rank)), minus], [minus, adjusted.middle]])
    turned = factors @ inner
    shared = np.einsum("sgr,tgr->stg", turned, factors, optimize=True)
    diagonal = own + shared
    expected = diagonal.sum(axis=2)
    spread = 0.0
    for s in range(count):
        for t in range(count):
            crossed = turned[s].T @ factors[t]
            spread += float(own[s, s] @ own[t, t] + own[s, s] @ shared[t, t])
            spread += float(shared[s, s] @ own[t, t] + (crossed * (factors[s].T @ turned[t])).sum())
            spread += float(own[s, t] @ own[s, t] + 2 * (own[s, t] @ shared[s, t]))
            spread += float((crossed * crossed.T).sum())
    return expected, spread
