"""How often so many and so large effects would be found over all choices if there was none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.evidence import Own
from analysis.effects.infer import infer
from analysis.effects.inference.assignments import deal_adoption
from analysis.effects.inference.uncertainty import LEVEL, Case, Choices
from analysis.effects.registry import get_estimator
from analysis.effects.sample import draw_sample
from analysis.effects.sensitivity.specification_curve import Specification, SpecificationCurve
from analysis.errors import DesignError, Problem, listing

__all__ = ["JointSpecifications", "joint_specifications"]

FloatArray = NDArray[np.float64]

DRAWS = 199


@dataclass(frozen=True, slots=True)
class JointSpecifications:
    """What is found over all specifications, and how often more would be found by chance.

    Attributes
    ----------
    specifications
        How many there are.
    median
        The median estimate.
    median_p_value
        Share of assignments whose median is at least as far from zero.
    share
        Share of specifications that are significant at 5 per cent in the sign that most
        significant ones have.
    share_p_value
        Share of assignments with at least so large a share, in either sign.
    average_z
        Stouffer's sum of z over the root of their number.
    average_z_p_value
        Share of assignments whose average is at least as far from zero.
    words
        How it was computed.
    """

    specifications: int
    median: float
    median_p_value: float
    share: float
    share_p_value: float
    average_z: float
    average_z_p_value: float
    words: str


def joint_specifications(
    panel: pd.DataFrame, curve: SpecificationCurve, *, draws: int = DRAWS
) -> JointSpecifications:
    """Test all specifications of a curve together, by randomization of adoption dates.

    Adoption is dealt out anew among clusters, or among units if it varies within clusters of the
    curve's design, and every specification is estimated again under each assignment. If the
    programme changed nothing for anyone and its dates fell by chance, the data's own assignment is
    one of these like any other, however the specifications depend on each other: the three tests
    of Simonsohn, Simmons and Nelson (2020) are exact. Significance is judged alike in the data and
    under every assignment, by clustered errors (CR1) and t, or the estimator's own covariance.

    Parameters
    ----------
    panel
        The panel of the curve.
    curve
        From `analysis.effects.sensitivity.specification_curve.specification_curve`.
    draws
        How many assignments are drawn, with the seed of the curve's design; with twice as many
        distinct ones or fewer, all of these are taken. The time this takes is that of as many
        curves.

    Raises
    ------
    DesignError
        If the treatment is a dose, or specifications differ in their treatment.
    """
    _refuse_other_treatments(curve)
    design = curve.design
    rows = panel.reset_index(drop=True)
    sample = draw_sample(rows, design, design.linear_form)
    deal = deal_adoption(rows, design, sample, draws)
    found = np.stack(
        [
            np.array([_value_and_error(one, dealt) for one in curve.specifications])
            for dealt in deal.panels(deal.panel)
        ]
    )
    values, errors, p_values = np.moveaxis(found, 2, 0)
    median = np.nanmedian(values, axis=1)
    significant = p_values <= 1 - LEVEL
    share = np.maximum(
        (significant & (values > 0)).mean(axis=1), (significant & (values < 0)).mean(axis=1)
    )
    z = values / errors
    average = np.nansum(z, axis=1) / np.sqrt(np.maximum((~np.isnan(z)).sum(axis=1), 1))
    return JointSpecifications(
        specifications=len(curve.specifications),
        median=float(median[0]),
        median_p_value=_share_as_large(np.abs(median)),
        share=float(share[0]),
        share_p_value=_share_as_large(share),
        average_z=float(average[0]),
        average_z_p_value=_share_as_large(np.abs(average)),
        words=f"randomization of adoption among {deal.among}, {deal.words}; each specification "
        "judged by clustered errors (CR1)",
    )


def _refuse_other_treatments(curve: SpecificationCurve) -> None:
    columns = dict.fromkeys(one.design.treatment_column for one in curve.specifications)
    if len(columns) > 1 or list(columns) != [curve.design.treatment_column]:
        hint = "test specifications of one treatment at a time"
        problem = Problem(f"they have treatments {listing(columns)}", "treatment_column", hint)
        raise DesignError("the specifications cannot be tested jointly", [problem])


def _value_and_error(one: Specification, panel: pd.DataFrame) -> tuple[float, float, float]:
    """Estimate one specification: value, standard error and p-value; NaN if it cannot be."""
    rows = one.keep(panel).reset_index(drop=True)
    function = get_estimator(one.estimator).function
    try:
        effects = function(rows, one.design)
        method = "analytic" if isinstance(effects.evidence, Own) else "CR1"
        case = Case(effects, rows, one.design, function, Choices(method))
        overall = infer(case, one.estimator).overall
    except DesignError:
        return np.nan, np.nan, np.nan
    error = overall.standard_error if overall.standard_error > 0 else np.nan
    return overall.value, error, overall.p_value


def _share_as_large(statistics: FloatArray) -> float:
    """Return the share of assignments whose statistic is at least that of the first."""
    tie = 1e-9 * abs(statistics[0])
    return float((statistics >= statistics[0] - tie).mean())
