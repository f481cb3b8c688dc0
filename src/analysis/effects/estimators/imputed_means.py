"""Expected outcomes with and without treatment in models with a log or logit link.

Wooldridge (2023): parallel trends hold for the linear predictor, and the pooled quasi-maximum
likelihood regression has an effect for each cohort in each treated period. With the canonical link
that regression fits the treated rows of a cell exactly on average, so that the rest of it is
determined by the controls alone: to fit the controls and predict the treated is the same, with far
fewer columns, and cells without a single case do no harm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.design import Design
from analysis.effects.estimators.row_averages import RowAverages, average_rows
from analysis.effects.estimators.saturated import Cells, form_cells
from analysis.effects.mean_model import MeanLink, MeanModel, at_bound, fit_mean, slope_at
from analysis.effects.sample import Sample
from analysis.effects.untreated_outcome import indicators
from analysis.errors import DesignError, Problem

__all__ = ["ImputedMeans", "impute_means"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ImputedMeans:
    """Expected outcomes of T averages over treated rows.

    Attributes
    ----------
    cells
        The cells and the rows that are used.
    averages
        Which rows each average is over.
    treated, untreated
        Expected outcomes with and without treatment, shape (T,).
    treated_errors, untreated_errors
        What each unit contributes to their errors, shape (m, T).
    expected
        Expected outcomes of all rows without treatment, shape (n,).
    parameters
        How many coefficients the pooled regression has.
    """

    cells: Cells
    averages: RowAverages
    treated: FloatArray
    untreated: FloatArray
    treated_errors: FloatArray
    untreated_errors: FloatArray
    expected: FloatArray
    parameters: int


def impute_means(sample: Sample, design: Design, link: MeanLink) -> ImputedMeans:
    """Fit the mean on controls, predict it for cells, and average both over rows.

    Parameters
    ----------
    sample
        The rows, outcomes as they are. Its first fixed effect is the cohort.
    design
        What is estimated.
    link
        Of the mean.

    Raises
    ------
    DesignError
        If no cohort has a control, the model has no finite estimate, or the design names fixed
        effects of its own.
    """
    _refuse_other_effects(design)
    cells = _with_variation(sample, design, link)
    sample = cells.sample
    model = _fit_controls(cells, link)
    if not model.identified.all():
        sample = sample.take(model.identified, "no controls link its cohort and period")
        cells = _with_variation(sample, design, link)
        sample, model = cells.sample, _fit_controls(cells, link)
    averages = average_rows(sample, design, before=cells.before)
    members = indicators(sample.units)
    loads = averages.loads
    own, parameters = _deviations(cells, link)
    sloped = loads.multiply(slope_at(model.predictor, link)[:, None]).tocsr()
    return ImputedMeans(
        cells,
        averages,
        treated=np.asarray(loads.T @ sample.outcome),
        untreated=np.asarray(loads.T @ model.means),
        treated_errors=(members.T @ loads.multiply(own[:, None]).tocsr()).toarray(),
        untreated_errors=model.error_of((model.columns.T @ sloped).toarray(), members),
        expected=model.means,
        parameters=len(model.coefficients) + parameters,
    )


def _refuse_other_effects(design: Design) -> None:
    """Allow cohort effects only: with unit effects, controls and treated do not separate."""
    if design.fixed_effects:
        hint = "leave them out, or take the linear estimator, which takes unit effects"
        problem = Problem("cohorts and periods are its fixed effects", "fixed_effects", hint)
        raise DesignError(f"the effect on {design.outcome!r} cannot be estimated", [problem])


def _with_variation(sample: Sample, design: Design, link: MeanLink) -> Cells:
    """Form cells, without groups of a fixed effect whose controls all are at a bound."""
    while True:
        cells = form_cells(sample, design, design.comparison)
        sample = cells.sample
        keep = np.ones(sample.observations, dtype=np.bool_)
        for codes in sample.effects:
            keep &= ~at_bound(codes, sample.outcome, cells.codes < 0, link)[codes]
        if keep.all():
            return cells
        sample = sample.take(keep, "outcomes of a fixed effect's controls are all at a bound")


def _fit_controls(cells: Cells, link: MeanLink) -> MeanModel:
    sample = cells.sample
    dummies = [indicators(codes) for codes in sample.effects]
    # Controls act differently in each cohort and in each period, as in the linear regression.
    slopes = [
        part.multiply(values[:, None]).tocsr() for values in sample.controls.T for part in dummies
    ]
    columns = sparse.hstack([*dummies, *slopes], format="csr")
    return fit_mean(
        columns,
        sample.outcome,
        sample.weights,
        sample.log_exposure,
        link,
        fitted=cells.codes < 0,
        alike=_alike(sample),
    )


def _alike(sample: Sample) -> IntArray | None:
    """Give rows with the same fixed effects the same code; None if controls tell rows apart."""
    if sample.controls.shape[1]:
        return None
    codes = np.zeros(sample.observations, dtype=np.int64)
    for given in sample.effects:
        codes = codes * (given.max() + 1) + given
    return codes


def _deviations(cells: Cells, link: MeanLink) -> tuple[FloatArray, int]:
    """Outcome less the mean of its cell's own regression, (n,), zero for controls; and its size."""
    sample, codes = cells.sample, cells.codes
    deviations = np.zeros(sample.observations)
    inside = codes >= 0
    flat = np.zeros(sample.observations, dtype=np.bool_)
    flat[inside] = at_bound(codes[inside], sample.outcome[inside], inside[inside], link)[
        codes[inside]
    ]
    rows = inside & ~flat
    if not rows.any():
        return deviations, len(cells.names)
    dummies = indicators(np.where(rows, codes, -1))
    dummies = dummies[:, np.unique(codes[rows])]
    slopes = [dummies.multiply(values[:, None]).tocsr() for values in sample.controls.T]
    columns = sparse.hstack([dummies, *slopes], format="csr")[np.flatnonzero(rows)]
    model = fit_mean(
        columns,
        sample.outcome[rows],
        sample.weights[rows],
        sample.log_exposure[rows],
        link,
        alike=None if sample.controls.shape[1] else codes[rows],
    )
    deviations[rows] = sample.outcome[rows] - model.means
    return deviations, len(model.coefficients) + len(cells.names) - dummies.shape[1]
