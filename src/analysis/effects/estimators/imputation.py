"""The imputation estimator of Borusyak, Jaravel and Spiess (2024)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.design import Design
from analysis.effects.estimators.first_stage import LIBRARY, FirstStage, fit_first_stage
from analysis.effects.estimators.pre_trends import estimate_pre_trends
from analysis.effects.estimators.row_averages import average_rows
from analysis.effects.evidence import Effects, target_frame
from analysis.effects.sample import Sample

__all__ = ["NAME", "estimate_imputation"]

FloatArray = NDArray[np.float64]

NAME = "imputation"


def estimate_imputation(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Average the difference between outcomes under treatment and their predictions without it.

    A model :math:`Y_{it}(0) = \alpha_i + \lambda_t + X_{it}'\beta`, fitted by weighted least
    squares on the rows before adoption and its anticipation, imputes the untreated outcome of
    every other row. An effect is a mean, by the design's weights, of
    :math:`\hat\tau_{it} = Y_{it} - \hat Y_{it}(0)`; event times before adoption come from a
    regression of their own (`analysis.effects.estimators.pre_trends`).

    A mean with weights a on treated rows is :math:`\sum_{it} v_{it} Y_{it}`, where
    :math:`v_{it} = a_{it}` in treated rows and :math:`v_0 = -W_0Z_0(Z_0'W_0Z_0)^{-1}Z_1'a` in the
    untreated ones. Unit i contributes :math:`\sum_t v_{it}\tilde\varepsilon_{it}` to its error:
    the residual in untreated rows, and in treated ones
    :math:`\hat\tau_{it} - \tilde\tau_{gt}` with the mean effect of the cohort in the period,

    .. math:: \tilde\tau_{gt} = \sum_{i \in g} v_{it}^2 \hat\tau_{it} / \sum_{i \in g} v_{it}^2 .

    In a cohort's period v is proportional to the weights for each of the means here, so one
    :math:`\tilde\tau` serves all. The sandwich within clusters is conservative for effects that
    differ within a cohort's period (theorem 3 of the paper); without weights it is that of R's
    ``didimputation``. But a cohort of few clusters fits its own :math:`\tilde\tau`, and one of a
    single unit adds nothing from its treated rows: errors are then too small, and the notes say so.
    ``didimputation`` squares weights within :math:`v_0`; here they enter once, as least squares
    has them.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its treatment is an adoption period.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel, or no treated row can be imputed.

    Examples
    --------
    >>> rows = [(u, t, 3 if u == "a" else None, len(u) + t) for u in ("a", "bb") for t in range(6)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "y"])
    >>> panel.loc[panel["period"] >= panel["adoption"], "y"] += 2
    >>> design = Design("y", "share", "adoption", "adoption", cluster="unit")
    >>> float(estimate_imputation(panel, design).targets["value"].iloc[0].round(9))
    2.0
    """
    first = fit_first_stage(panel, design)
    averages = average_rows(first.sample, design, before=False)
    before = estimate_pre_trends(first, design)
    values = averages.mix.T @ (averages.loads.T @ first.effects)
    deviations = averages.loads.multiply(_deviations(first)[:, None]).tocsr()
    after = first.unit_contributions(deviations, averages.loads) @ averages.mix
    targets = [averages.targets.assign(value=values)]
    mix = averages.mix
    if len(before.event_times):
        # These come from a regression of their own, and are not made of cells.
        mix = sparse.hstack([mix, sparse.csr_array((mix.shape[0], len(before.event_times)))])
        leads = target_frame("event_time", before.coefficients, event_time=before.event_times)
        targets.append(leads)
    return Effects(
        pd.concat(targets, ignore_index=True),
        headline="cells",
        estimand="average effect on the treated over all treated units and periods",
        evidence=first.influence(np.hstack([after, before.contributions])),
        sample=first.sample,
        library=LIBRARY,
        cohort_weights=averages.cohort_weights(first.sample, design.estimand or "cells"),
        cells=first.gather_cells(averages.loads, mix),
        notes=(*first.notes, *before.notes, *_notes(first.sample, design)),
    )


def _deviations(first: FirstStage) -> FloatArray:
    """Take the mean effect of their cohort in the period from the effects of treated rows, (n,)."""
    sample = first.sample
    squared = np.where(first.untreated, 0.0, sample.weights**2)
    rows = pd.DataFrame({"squared": squared, "effects": squared * first.effects})
    sums = rows.groupby([sample.adoption, sample.period], dropna=False).transform("sum")
    treated = ~first.untreated
    means = np.zeros(len(squared))
    means[treated] = (sums["effects"] / sums["squared"].where(treated)).to_numpy()[treated]
    return first.effects - means


def _notes(sample: Sample, design: Design) -> tuple[str, ...]:
    treated = sample.event_time >= 0
    clusters = pd.Series(sample.clusters[treated]).groupby(sample.adoption[treated]).nunique()
    if lone := int((clusters == 1).sum()):
        what = f"{lone} of {len(clusters)} cohorts lie in a single {design.cluster} each"
        return (f"{what}: the analytic errors miss how their effects vary, and are too small",)
    return ()
