"""The first stage that imputation and two-stage estimation share, drawn from a panel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.cell_averages import CellAverages, cells_of_rows
from analysis.effects.design import Design
from analysis.effects.estimators.controls import control_columns
from analysis.effects.estimators.identification import refuse_absorbed
from analysis.effects.evidence import Influence
from analysis.effects.sample import Sample, draw_sample
from analysis.effects.untreated_outcome import UntreatedOutcome, indicators
from analysis.errors import DesignError, Problem

__all__ = ["LIBRARY", "FirstStage", "fit_first_stage"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

LIBRARY = f"before-the-complaint {version('before-the-complaint')}"


@dataclass(frozen=True, slots=True, eq=False)
class FirstStage:
    """A sample whose treated rows can all be imputed, with the model that imputes them.

    Attributes
    ----------
    sample
        The rows.
    untreated
        Rows before adoption and its anticipation, on which the model is fitted, shape (n,).
    model
        The model of the untreated outcome.
    effects
        Outcome less its prediction, shape (n,): the estimated effects of treated rows, the
        residuals of untreated ones.
    controls
        How many columns of controls the model has.
    notes
        What a reader must know of rows that could not be imputed.
    """

    sample: Sample
    untreated: BoolArray
    model: UntreatedOutcome
    effects: FloatArray
    controls: int
    notes: tuple[str, ...]

    def unit_contributions(
        self, deviations: sparse.csr_array, loads: sparse.csr_array
    ) -> FloatArray:
        """Add up by units what averages over rows err by.

        Parameters
        ----------
        deviations
            What each row itself adds to the error, shape (n, T).
        loads
            The weights of the rows in the averages, shape (n, T), which carry the error of the
            predictions into them.

        Returns
        -------
        numpy.ndarray
            Shape (m, T).
        """
        own = (indicators(self.sample.units).T @ deviations).toarray()
        predicted = self.model.error_shares(self.effects, loads, self.sample.units)
        return np.asarray(own - predicted)

    def influence(self, contributions: FloatArray) -> Influence:
        """Hand on the contributions of units, shape (m, T), with the units' clusters."""
        clusters = np.zeros(len(contributions), dtype=np.int64)
        clusters[self.sample.units] = self.sample.clusters
        return Influence(contributions, clusters, self._residual_degrees)

    @property
    def _residual_degrees(self) -> int:
        """Count what the model, and a mean effect for each cohort and period, leave of the rows."""
        treated = ~self.untreated
        cells = np.stack([self.sample.adoption[treated], self.sample.period[treated]])
        fitted = self.model.rank + self.controls + len(np.unique(cells, axis=1).T)
        return self.sample.observations - fitted

    def gather_cells(
        self, loads: sparse.csr_array, mix: sparse.csr_array
    ) -> Callable[[], CellAverages]:
        """Prepare the averages over cells, which are worked out only if they are asked for.

        Parameters
        ----------
        loads, mix
            See `analysis.effects.cell_averages.cells_of_rows`.
        """
        # Only what the cells need is kept, not the model.
        sample = self.sample
        return partial(cells_of_rows, sample.adoption, sample.period, self.effects, loads, mix)


def fit_first_stage(panel: pd.DataFrame, design: Design) -> FirstStage:
    """Fit fixed effects and controls on the untreated rows, and impute the treated ones.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its treatment is an adoption period.

    Returns
    -------
    FirstStage
        Treated rows that the untreated rows do not let one predict are dropped and counted by
        reason.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel, no row is untreated, no row under treatment
        can be imputed, or a control is not identified among untreated rows.
    """
    sample = draw_sample(panel, design, design.linear_form)
    _refuse(sample, design)
    untreated = _untreated(sample, design)
    model = UntreatedOutcome(sample.effects, _no_controls(sample), sample.weights, untreated)
    left = _drop_not_imputable(sample, untreated, model.identified)
    notes = tuple(_notes(sample, left))
    if left is not sample:
        sample, untreated = left, _untreated(left, design)
        _refuse(sample, design)
        model = UntreatedOutcome(sample.effects, _no_controls(sample), sample.weights, untreated)
    controls, names = control_columns(sample, design)
    if names:
        partialled = model.residualise(controls)[untreated]
        refuse_absorbed(controls[untreated], partialled, sample.weights[untreated], names)
        model = UntreatedOutcome(sample.effects, controls, sample.weights, untreated)
    effects = model.residualise(sample.outcome)
    return FirstStage(sample, untreated, model, effects, len(names), notes)


def _untreated(sample: Sample, design: Design) -> BoolArray:
    # The comparison is false for units that never adopt, whose event time is missing.
    return ~np.asarray(sample.event_time >= -design.anticipation)


def _no_controls(sample: Sample) -> FloatArray:
    return np.empty((sample.observations, 0))


def _refuse(sample: Sample, design: Design) -> None:
    problems = []
    reasons = "; ".join(f"{count} rows: {reason}" for reason, count in sample.dropped.items())
    dropped = f"dropped were {reasons or 'no rows'}"
    if not _untreated(sample, design).any():
        hint = f"units must be observed before adoption and its anticipation; {dropped}"
        problems.append(Problem("no row is untreated", design.treatment_column, hint))
    if not (sample.event_time >= 0).any():
        hint = f"units must be observed before and after adoption; {dropped}"
        problems.append(Problem("no row after adoption is left", design.treatment_column, hint))
    if sample.cluster_count < 2:
        hint = f"errors need several clusters; {dropped}"
        problems.append(Problem("fewer than two clusters are left", design.cluster, hint))
    if len(sample.effects) < 2:
        hint = "leave the fixed effects to unit and period, or name two or more"
        what = "one fixed effect alone predicts the untreated outcome"
        problems.append(Problem(what, "fixed_effects", hint))
    if problems:
        raise DesignError(f"the effect on {design.outcome!r} cannot be imputed", problems)


def _drop_not_imputable(sample: Sample, untreated: BoolArray, identified: BoolArray) -> Sample:
    """Drop treated rows that cannot be predicted, each under the first reason that applies."""
    unit_unseen = ~np.isin(sample.units, sample.units[untreated])
    period_unseen = ~np.isin(sample.period, sample.period[untreated])
    reasons = {
        "treated, and its unit is never observed untreated": unit_unseen,
        "treated, and its period is never observed untreated": period_unseen & ~unit_unseen,
        "treated, and no untreated rows link its fixed effects": ~unit_unseen & ~period_unseen,
    }
    left = sample
    for reason, applies in reasons.items():
        lost = sample.rows[applies & ~identified]
        left = left.take(~np.isin(left.rows, lost), reason)
    return left


def _notes(sample: Sample, left: Sample) -> Iterator[str]:
    lost = sample.observations - left.observations
    if lost:
        yield f"{lost} rows under treatment cannot be imputed and are left out"
    gone = np.setdiff1d(_cohorts(sample), _cohorts(left))
    if len(gone):
        yield f"{len(gone)} of {len(_cohorts(sample))} cohorts have no row that can be imputed"


def _cohorts(sample: Sample) -> FloatArray:
    return np.unique(sample.adoption[sample.event_time >= 0])
