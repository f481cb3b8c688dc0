"""Effects as contrasts of expected outcomes with and without treatment: log ratios, differences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.cell_averages import cells_of_rows
from analysis.effects.design import Design
from analysis.effects.estimators.imputed_means import ImputedMeans
from analysis.effects.evidence import Effects, Influence, target_frame
from analysis.effects.mean_model import LIBRARY
from analysis.effects.sample import Sample
from analysis.errors import DesignError, Problem

__all__ = ["Contrasts", "differences", "effects_from_means", "log_ratios"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Contrasts:
    """How expected outcomes with treatment differ from those without.

    Attributes
    ----------
    found
        Shape (T,).
    errors
        What each unit contributes to their errors, shape (m, T).
    rows
        How much the effect in each row counts in each of them, shape (n, T).
    effects
        In each row, on the scale on which they are averaged, shape (n,): ratios or differences.
    ratios
        Whether they are ratios, and `found` are logarithms.
    """

    found: FloatArray
    errors: FloatArray
    rows: sparse.csr_array
    effects: FloatArray
    ratios: bool


def log_ratios(means: ImputedMeans) -> Contrasts:
    """Compare by the log ratio of expected outcomes with and without treatment.

    Where no case was seen under treatment there is no logarithm; the value is not a number.
    """
    treated = np.where(means.treated > 0, means.treated, np.nan)
    expected = means.averages.loads.multiply(means.expected[:, None])
    return Contrasts(
        found=np.log(treated / means.untreated),
        errors=means.treated_errors / treated - means.untreated_errors / means.untreated,
        rows=expected.multiply(1 / means.untreated[None, :]).tocsr(),
        effects=means.cells.sample.outcome / means.expected,
        ratios=True,
    )


def differences(means: ImputedMeans) -> Contrasts:
    """Compare by the difference of expected outcomes with and without treatment."""
    return Contrasts(
        found=means.treated - means.untreated,
        errors=means.treated_errors - means.untreated_errors,
        rows=means.averages.loads,
        effects=means.cells.sample.outcome - means.expected,
        ratios=False,
    )


def effects_from_means(
    means: ImputedMeans, contrasts: Contrasts, design: Design, estimand: str
) -> Effects:
    """Put effects together from contrasts of expected outcomes.

    Raises
    ------
    DesignError
        If the overall effect is not a number, because no case was seen under treatment.
    """
    cells, mix, targets = means.cells, means.averages.mix, means.averages.targets
    values = mix.T @ contrasts.found
    contributions = np.asarray(contrasts.errors @ mix)
    known = np.isfinite(values)
    if not known[(targets["averaging"] == "cells").to_numpy()].all():
        hint = "take the scale 'level', or a longer panel"
        problem = Problem("no case was seen under treatment", design.outcome, hint)
        raise DesignError("there is no log ratio", [problem])
    notes = cells.notes
    if lost := int((~known).sum()):
        notes = (*notes, f"{lost} effects have no case under treatment, and are left out")
    weights = _cohort_weights(cells.sample, targets, contrasts.rows @ mix, design)
    targets, contributions = targets.assign(value=values)[known], contributions[:, known]
    mix = mix[:, np.flatnonzero(known)]
    if cells.before:
        reference = target_frame("event_time", [0.0], event_time=[design.reference])
        targets = pd.concat([targets, reference], ignore_index=True)
        contributions = np.hstack([contributions, np.zeros((len(contributions), 1))])
        mix = sparse.hstack([mix, sparse.csr_array((mix.shape[0], 1))], format="csr")
    clusters = np.zeros(len(contributions), dtype=np.int64)
    clusters[cells.sample.units] = cells.sample.clusters
    return Effects(
        targets.reset_index(drop=True),
        headline="cells",
        estimand=estimand,
        evidence=Influence(
            contributions,
            clusters,
            residual_degrees=cells.sample.observations - means.parameters,
            parameters=means.parameters,
        ),
        sample=cells.sample,
        library=LIBRARY,
        cohort_weights=weights,
        cells=partial(
            cells_of_rows,
            cells.sample.adoption,
            cells.sample.period,
            contrasts.effects,
            contrasts.rows,
            mix,
            ratios=contrasts.ratios,
        ),
        notes=notes,
    )


def _cohort_weights(
    sample: Sample, targets: pd.DataFrame, rows: sparse.csr_array, design: Design
) -> pd.Series:
    wanted = (targets["averaging"] == (design.estimand or "cells")).to_numpy(dtype="float64")
    weights = rows @ wanted
    after = sample.event_time >= 0
    sums = pd.Series(weights[after]).groupby(sample.adoption[after]).sum()
    return sums.rename_axis("cohort").rename("weight")
