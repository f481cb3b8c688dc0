"""Fractional logit with fixed effects: one coefficient for a share that stays between 0 and 1."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.checks import refuse
from analysis.effects.design import Design
from analysis.effects.estimators.controls import with_controls
from analysis.effects.estimators.identification import refuse_absorbed
from analysis.effects.estimators.twfe import treatment_columns
from analysis.effects.estimators.weights import cohort_weights
from analysis.effects.evidence import Effects, Regression, target_frame
from analysis.effects.fixed_effects import FixedEffects, parameters_used
from analysis.effects.inference.fit import WeightedFit
from analysis.effects.mean_model import LIBRARY, at_bound, fit_mean, mean_at, slope_at
from analysis.effects.sample import Sample, draw_sample
from analysis.effects.untreated_outcome import indicators
from analysis.errors import Problem, listing

__all__ = ["NAME", "estimate_fractional_logit", "refuse_no_share"]

FloatArray = NDArray[np.float64]

NAME = "fractional_logit"
ESTIMANDS = {
    "adoption": "average partial effect on the share over all treated units and periods",
    "dose": "average derivative of the share with respect to the dose over all units and periods",
}
# If the fixed effects explain a smaller share of what a target depends on, they do not move it.
UNMOVED = 1e-8


def estimate_fractional_logit(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Regress a share on the treatment by a logit, with unit and period fixed effects.

    With :math:`\Lambda` the logistic function (Papke and Wooldridge 1996),

    .. math:: E[y_{it}] = \Lambda(\eta_{it}), \quad
              \eta_{it} = \alpha_i + \lambda_t + \beta D_{it} + x_{it}'\gamma.

    Two overall effects are reported. ``regression`` is :math:`\beta`, in log odds. ``cells`` is
    the average partial effect on the share itself: for an adoption the mean over treated rows of
    :math:`\Lambda(\eta_{it}) - \Lambda(\eta_{it} - \beta)`, for a dose the mean over all rows
    of :math:`\beta \Lambda'(\eta_{it})`. Its errors are by the delta method, those of the fixed
    effects included.

    Rows count by the design's weights (the number surveyed). It is quasi-likelihood: only the mean
    must be right, and clustered errors allow for any variance. Groups of a fixed effect whose
    shares are all 0, or all 1, say nothing on :math:`\beta`; they are dropped and counted.

    Notes
    -----
    Each unit's effect is estimated from its own T periods, and its error does not average out of a
    logit as it does out of a linear model: estimates are biased by the order of 1/T (the incidental
    parameters problem; Fernandez-Val and Weidner 2016). T should be large, the more so the fewer
    were surveyed. `analysis.effects.estimators.etwfe_logit` has no such bias, and lets effects
    differ between cohorts and periods.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its outcome lies between 0 and 1.

    Raises
    ------
    DesignError
        If the outcome leaves the unit interval, the design cannot be estimated on the panel, the
        fixed effects explain a regressor, or there is no finite estimate.

    Examples
    --------
    >>> rows = [(u, t, 3 if u == "a" else None, 0.2 if u == "a" else 0.6)
    ...         for u in "ab" for t in range(6)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "rate"])
    >>> panel.loc[panel["period"] >= panel["adoption"], "rate"] = 0.5
    >>> design = Design("rate", "share", "adoption", "adoption", cluster="unit")
    >>> found = estimate_fractional_logit(panel, design).targets
    >>> found.set_index("averaging")["value"].round(6).to_dict()
    {'cells': 0.3, 'regression': 1.386294}
    """
    sample = draw_sample(panel, design, "level")
    refuse_no_share(sample, design)
    sample = _with_variation(sample, design)
    regressors, names = with_controls(sample, design, *treatment_columns(sample, design))
    effects = FixedEffects(sample.effects)
    partialled = effects.project(sample.weights).residualise(regressors)
    refuse_absorbed(regressors, partialled, sample.weights, names)
    dummies = [indicators(codes) for codes in sample.effects]
    # With fixed effects in the model, what they explain of a regressor can be taken out of it.
    columns = sparse.hstack([sparse.csr_array(partialled), *dummies], format="csr")
    nothing = np.zeros(sample.observations)
    model = fit_mean(columns, sample.outcome, sample.weights, nothing, "logit")
    coefficients = model.coefficients[: len(names)]
    if not np.array_equal(model.kept[: len(names)], np.arange(len(names))):
        hint = "leave one of them out"
        refuse(design, [Problem("the regressors explain each other", listing(names), hint)])
    value, direct, through = _average_effect(sample, model.predictor, coefficients[0], design)
    fit, gradient = _linearise(
        sample, regressors, effects, model.predictor, coefficients, direct, through
    )
    regression = Regression(
        fit,
        gradient=gradient,
        effects=effects,
        link="logit",
        outcome=sample.outcome,
        regressors=regressors,
        predictor=model.predictor,
        linear=False,
    )
    overall = target_frame("overall", [value, coefficients[0]])
    return Effects(
        overall.assign(averaging=["cells", "regression"]),
        headline="cells",
        estimand=ESTIMANDS[design.treatment],
        evidence=regression,
        sample=sample,
        library=LIBRARY,
        cohort_weights=cohort_weights(sample, regression, gradient[1]),
    )


def refuse_no_share(sample: Sample, design: Design) -> None:
    """Check that the outcome lies between 0 and 1.

    Raises
    ------
    DesignError
        If it does not.
    """
    if outside := int(((sample.outcome < 0) | (sample.outcome > 1)).sum()):
        what = f"{outside} values lie below 0 or above 1"
        refuse(design, [Problem(what, design.outcome, "divide by the largest possible value")])


def _with_variation(sample: Sample, design: Design) -> Sample:
    """Drop groups of a fixed effect with shares of only 0 or only 1, until none is left."""
    reason = "only 0, or only 1, within a fixed effect, so that its effect is infinite"
    everywhere = np.ones(sample.observations, dtype=np.bool_)
    while True:
        keep = everywhere.copy()
        for codes in sample.effects:
            keep &= ~at_bound(codes, sample.outcome, everywhere, "logit")[codes]
        if keep.all():
            break
        sample, everywhere = sample.take(keep, reason), everywhere[keep]
    if sample.cluster_count < 2:
        dropped = "; ".join(f"{count} rows: {why}" for why, count in sample.dropped.items())
        problem = Problem("fewer than two clusters are left", design.cluster, f"dropped: {dropped}")
        refuse(design, [problem])
    return sample


def _average_effect(
    sample: Sample, predictor: FloatArray, coefficient: float, design: Design
) -> tuple[float, float, FloatArray]:
    """Average the partial effects, and say what moves the average.

    Returns
    -------
    tuple
        The average; its derivative with respect to the coefficient at a given predictor; and its
        derivatives with respect to the predictors of rows, shape (n,).
    """
    slope = slope_at(predictor, "logit")
    if design.treatment == "dose":
        share = sample.weights / sample.weights.sum()
        bend = slope * (1 - 2 * mean_at(predictor, "logit"))
        mean_slope = float(share @ slope)
        return coefficient * mean_slope, mean_slope, coefficient * share * bend
    treated = sample.weights * sample.treatment
    share = treated / treated.sum()
    without = predictor - coefficient * sample.treatment
    gain = mean_at(predictor, "logit") - mean_at(without, "logit")
    slope_without = slope_at(without, "logit")
    return float(share @ gain), float(share @ slope_without), share * (slope - slope_without)


def _linearise(
    sample: Sample,
    regressors: FloatArray,
    effects: FixedEffects,
    predictor: FloatArray,
    coefficients: FloatArray,
    direct: float,
    through: FloatArray,
) -> tuple[WeightedFit, FloatArray]:
    r"""Write the fit as weighted least squares at its optimum, and both targets as parts of it.

    With weights W, regressors X that the fixed effects D explain nothing of, and residuals r, the
    predictors err by the projection P of r on X and D. A target with derivatives a with respect to
    them then errs by

    .. math:: a'Pr = a'X (X'WX)^{-1} X'Wr + g'Wr,

    g being what D explains of :math:`W^{-1}a`. Taken as a regressor, g has the coefficient
    :math:`(g'Wg)^{-1} g'Wr`, so that the second term is that coefficient times :math:`g'Wg`.
    """
    mean, slope = mean_at(predictor, "logit"), slope_at(predictor, "logit")
    weights = sample.weights * slope
    projection = effects.project(weights)
    partialled = projection.residualise(regressors)
    count = len(coefficients)
    gradient = np.vstack([through @ partialled, np.zeros(count)])
    gradient[:, 0] += [direct, 1.0]
    moved = through / weights
    explained = moved - projection.residualise(moved)
    length = np.sqrt(explained @ (weights * explained))
    directions = int(length > UNMOVED * np.sqrt(moved @ (weights * moved)))
    if directions:
        partialled = np.column_stack([partialled, explained / length])
        gradient = np.column_stack([gradient, [length, 0.0]])
        coefficients = np.append(coefficients, 0.0)
    fit = WeightedFit(
        coefficients,
        partialled,
        (sample.outcome - mean) / slope,
        weights,
        sample.clusters,
        parameters_used(count, sample.effects, effects, sample.clusters),
        parameters_full=count + effects.rank,
        directions=directions,
    )
    return fit, gradient
