"""Models of a mean with a log or logit link, fitted by statsmodels to sparse columns.

Quasi-maximum likelihood in the linear exponential family with its canonical link: the mean is
estimated consistently whatever the distribution, if the model of it is right (Gourieroux, Monfort
and Trognon 1984). Which columns are redundant, and which rows they let one predict, is found first;
the whole Hessian is kept for the errors of functions of all coefficients.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import linalg, sparse, special

from analysis.errors import DesignError, Problem

__all__ = ["LIBRARY", "MeanLink", "MeanModel", "at_bound", "fit_mean", "mean_at", "slope_at"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MeanLink = Literal["log", "logit"]

LIBRARY = f"statsmodels {version('statsmodels')}"

FAMILIES = {"log": sm.families.Poisson(), "logit": sm.families.Binomial()}

# Largest last step of a coefficient, for columns of size one; convergence is quadratic, so what is
# left is below rounding.
CONVERGED = 1e-8
MOST_STEPS = 50
# Log odds that no data have: means so near a bound are those of outcomes predicted for sure.
LARGEST_LOG_ODDS = 30.0
# The library writes every column out, and holds about three copies, here of 2 GB each.
MOST_NUMBERS = 250_000_000
# A column of unit length is redundant if a smaller share of it is left besides the others.
REDUNDANT = 1e-10
# Along a direction that the data leave open, a prediction either stays, up to rounding, or moves.
STAYS = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class MeanModel:
    """A fitted mean.

    Attributes
    ----------
    link
        The link.
    columns
        Those that are not redundant, of all rows, also of rows that were not fitted, shape (n, p).
    kept
        Their places among all columns, in order, shape (p,).
    coefficients
        Shape (p,).
    predictor
        Logarithm of the exposure, and columns times coefficients, shape (n,).
    scores
        Weight times (outcome - mean), zero for rows that were not fitted, shape (n,).
    hessian
        Weighted cross-products of the columns, shape (p, p).
    identified
        Rows whose mean the fitted rows determine, shape (n,).
    """

    link: MeanLink
    columns: sparse.csr_array
    kept: IntArray
    coefficients: FloatArray
    predictor: FloatArray
    scores: FloatArray
    hessian: FloatArray
    identified: BoolArray

    @property
    def means(self) -> FloatArray:
        """The means of all rows, shape (n,)."""
        return mean_at(self.predictor, self.link)

    def error_of(self, gradient: FloatArray, members: sparse.csr_array) -> FloatArray:
        """Share out the errors of functions of the coefficients among groups of rows.

        Parameters
        ----------
        gradient
            Derivatives of T functions with respect to the coefficients, shape (p, T).
        members
            Dummies of the groups, shape (n, m).

        Returns
        -------
        numpy.ndarray
            Shape (m, T); up to terms of higher order, an error is the sum over groups.
        """
        sums = members.T @ self.columns.multiply(self.scores[:, None]).tocsr()
        return np.asarray(sums @ linalg.solve(self.hessian, gradient, assume_a="pos"))


def fit_mean(
    columns: sparse.csr_array,
    outcome: FloatArray,
    weights: FloatArray,
    log_exposure: FloatArray,
    link: MeanLink,
    fitted: BoolArray | None = None,
    alike: IntArray | None = None,
) -> MeanModel:
    """Fit a mean by quasi-maximum likelihood.

    Parameters
    ----------
    columns
        Shape (n, q); redundant ones are left out.
    outcome, weights
        Shape (n,). Outcomes are 0 or more, and with ``logit`` at most 1.
    log_exposure
        Added to the predictor, shape (n,); zeros with ``logit``.
    link
        ``log`` (Poisson) or ``logit`` (Bernoulli, also for fractions).
    fitted
        The rows to fit on, shape (n,); by default all. The others are predicted.
    alike
        The same code for rows that have the same columns, shape (n,). Such rows enter the
        likelihood through their sums only, and are fitted as one. None if each row is its own.

    Raises
    ------
    DesignError
        If there is no finite estimate, because the columns predict outcomes at a bound for sure,
        or there are too many rows and columns to be written out.

    Examples
    --------
    >>> columns = sparse.csr_array(np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]]))
    >>> model = fit_mean(columns, np.array([1.0, 3.0, 2.0, 6.0]), np.ones(4), np.zeros(4), "log")
    >>> np.exp(model.coefficients).round(6).tolist()
    [2.0, 2.0]
    """
    rows = np.ones(len(outcome), dtype=np.bool_) if fitted is None else fitted
    kept, identified = _identify(columns, rows)
    columns = columns[:, kept]
    on = np.flatnonzero(rows)
    codes = np.arange(len(on)) if alike is None else alike[on]
    _, first, groups = np.unique(codes, return_index=True, return_inverse=True)
    # The likelihood of counts with an exposure is that of rates which weigh as much as it.
    amounts = np.bincount(groups, (weights * np.exp(log_exposure))[on]).astype("float64")
    totals = np.bincount(groups, (weights * outcome)[on])
    coefficients = _fit(columns[on[first]], totals / amounts, amounts, link)
    predictor = log_exposure + columns @ coefficients
    errors = weights * (outcome - mean_at(predictor, link))
    return MeanModel(
        link,
        columns,
        kept,
        coefficients,
        predictor,
        np.where(rows, errors, 0.0),
        _cross_products(columns[on], (weights * slope_at(predictor, link))[on]),
        identified,
    )


def mean_at(predictor: FloatArray, link: MeanLink) -> FloatArray:
    """Return the mean at values of the linear predictor."""
    return np.asarray(np.exp(predictor) if link == "log" else special.expit(predictor))


def slope_at(predictor: FloatArray, link: MeanLink) -> FloatArray:
    """Return the derivative of the mean with respect to the linear predictor."""
    mean = mean_at(predictor, link)
    return mean if link == "log" else mean * special.expit(-predictor)


def at_bound(codes: IntArray, outcome: FloatArray, rows: BoolArray, link: MeanLink) -> BoolArray:
    """Say for each code whether all its outcomes in these rows are 0, or with ``logit`` all 1.

    The effect of such a group is infinite.
    """
    size = int(codes.max(initial=-1)) + 1
    count = np.bincount(codes[rows], minlength=size)
    total = np.bincount(codes[rows], outcome[rows], minlength=size)
    bound = total <= 0
    if link == "logit":
        bound |= total >= count
    return np.asarray(bound & (count > 0))


def _identify(columns: sparse.csr_array, rows: BoolArray) -> tuple[IntArray, BoolArray]:
    """Find columns that are independent among the fitted rows, and rows that these determine."""
    used = columns[np.flatnonzero(rows)]
    length = np.sqrt(np.asarray(used.multiply(used).sum(axis=0)).ravel())
    scale = np.where(length > 0, length, 1.0)
    gram = (used.T @ used).toarray() / np.outer(scale, scale)
    _, pivots, rank, _ = linalg.lapack.dpstrf(gram, tol=REDUNDANT)
    order = pivots.astype(np.int64) - 1
    kept, open_ = np.sort(order[:rank]), np.sort(order[rank:])
    if not len(open_):
        return kept, np.ones(len(rows), dtype=np.bool_)
    directions = np.zeros((len(gram), len(open_)))
    directions[open_, np.arange(len(open_))] = 1.0
    block = gram[np.ix_(kept, open_)]
    directions[kept] = -linalg.solve(gram[np.ix_(kept, kept)], block, assume_a="pos")
    # A column without fitted rows has length zero; any other row that it enters is not determined.
    moved = np.abs(columns @ (directions / scale[:, None]))
    level = np.abs(columns @ (np.abs(directions) / scale[:, None]))
    return kept, np.asarray((moved <= STAYS * np.maximum(level, STAYS)).all(axis=1))


def _fit(
    columns: sparse.csr_array, outcome: FloatArray, weights: FloatArray, link: MeanLink
) -> FloatArray:
    """Fit by the library, and return the coefficients of independent columns, shape (p,)."""
    if columns.shape[0] * columns.shape[1] > MOST_NUMBERS:
        what = f"{columns.shape[0]} rows with {columns.shape[1]} columns are too many to write out"
        hint = "estimate at a coarser level, with fewer fixed effects, or by a linear model"
        raise DesignError("the mean cannot be fitted", [Problem(what, "mean model", hint)])
    scale = abs(columns).max(axis=0).toarray().ravel()
    dense = columns.toarray() / scale
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # What they warn of, divergence, is refused below.
        warnings.simplefilter("ignore")
        try:
            fitted = sm.GLM(outcome, dense, family=FAMILIES[link], var_weights=weights).fit(
                start_params=_start(columns, outcome, weights, link) * scale,
                method="newton",
                maxiter=MOST_STEPS,
                tol=CONVERGED,
                ridge_factor=0.0,
                # The library would start by three steps of its own, with a slower solver, and
                # invert a Hessian that is not read.
                max_start_irls=0,
                skip_hessian=True,
                disp=False,
            )
        except np.linalg.LinAlgError:
            raise _no_finite_estimate("a coefficient runs off to infinity") from None
    coefficients = np.asarray(fitted.params)
    if not (fitted.mle_retvals["converged"] and np.isfinite(coefficients).all()):
        raise _no_finite_estimate(f"no convergence in {MOST_STEPS} steps")
    if link == "logit" and np.abs(dense @ coefficients).max() > LARGEST_LOG_ODDS:
        raise _no_finite_estimate("a coefficient runs off to infinity")
    return np.asarray(coefficients / scale)


def _start(
    columns: sparse.csr_array, outcome: FloatArray, weights: FloatArray, link: MeanLink
) -> FloatArray:
    """Begin from the least squares fit of the link of outcomes drawn a little to their mean."""
    drawn = (outcome + np.average(outcome, weights=weights)) / 2
    target = np.log(drawn) if link == "log" else special.logit(drawn)
    gram, sums = _cross_products(columns, weights), columns.T @ (weights * target)
    scale = np.sqrt(gram.diagonal())
    return np.asarray(np.linalg.solve(gram / np.outer(scale, scale), sums / scale) / scale)


def _cross_products(columns: sparse.csr_array, weights: FloatArray) -> FloatArray:
    return np.asarray((columns.T @ columns.multiply(weights[:, None]).tocsr()).toarray())


def _no_finite_estimate(what: str) -> DesignError:
    hint = "look for groups whose outcomes are all at a bound, or use a linear model"
    return DesignError("the mean has no finite estimate", [Problem(what, "mean model", hint)])
