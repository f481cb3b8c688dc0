"""Placebos: treatments and outcomes for which there is no effect to find."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pandas as pd

from analysis.effects.design import Design
from analysis.effects.inference.uncertainty import Choices
from analysis.effects.sensitivity.variants import across_designs, across_panels
from analysis.errors import DesignError, Problem

__all__ = ["future_dose", "placebo_adoption", "placebo_outcomes"]


def placebo_adoption(
    panel: pd.DataFrame,
    design: Design,
    estimator: str,
    periods_before: int,
    *,
    inference: str | Choices = "auto",
) -> pd.DataFrame:
    """Pretend that units adopted earlier, on the periods before they really did.

    Parameters
    ----------
    panel, design, estimator, inference
        See `analysis.effects.estimate.estimate`; the period is a whole number or a `Period`.
    periods_before
        How many periods earlier.

    Returns
    -------
    pandas.DataFrame
        One row, with the columns of `analysis.effects.sensitivity.variants`; its effect should be
        zero, since no observation left is treated, nor in the design's periods of anticipation.

    Raises
    ------
    DesignError
        If the treatment is a dose, or the pretended dates leave nothing to estimate.
    """
    if design.treatment != "adoption":
        hint = "put the dose of a later period in the model instead"
        problem = Problem("a dose has no date to move", design.treatment_column, hint)
        raise DesignError("there is no placebo adoption", [problem])
    adoption = panel[design.treatment_column]
    untreated = adoption.isna() | (panel[design.period] < adoption - design.anticipation)
    pretended = panel.assign(**{design.treatment_column: adoption - periods_before})[untreated]
    label = f"adoption {periods_before} periods too early"
    real = dataclasses.replace(design, anticipation=0)
    return across_panels({label: pretended}, real, estimator, group="Placebo", inference=inference)


def placebo_outcomes(
    panel: pd.DataFrame,
    designs: Sequence[Design],
    estimator: str,
    *,
    inference: str | Choices = "auto",
) -> pd.DataFrame:
    """Estimate the effect on outcomes that the treatment should not move.

    An 'effect' on one of them says that units under the programme changed in other ways too.

    Parameters
    ----------
    panel, estimator, inference
        See `analysis.effects.estimate.estimate`.
    designs
        One design for each outcome, with the scale and the weights that belong to it.

    Returns
    -------
    pandas.DataFrame
        One row for each, labelled by the outcome.
    """
    by_outcome = {design.outcome: design for design in designs}
    return across_designs(
        panel, by_outcome, estimator, group="Placebo outcomes", inference=inference
    )


def future_dose(
    panel: pd.DataFrame,
    design: Design,
    periods_ahead: int,
    *,
    inference: str | Choices = "auto",
) -> pd.DataFrame:
    """Put the dose of a later period beside the dose, in the linear model.

    What is done later cannot change what happened before. If the later dose 'has an effect', then
    dose and outcome respond to something that moves them both, or the dose follows the outcome;
    the estimate for the dose itself is then suspect to the same degree.

    Parameters
    ----------
    panel, design, inference
        See `analysis.effects.estimate.estimate`; the treatment is a dose, and the period is a
        whole number or a `Period`.
    periods_ahead
        How many periods later. For a dose that sums up the m periods before, m + 1 makes the
        later dose out of later periods alone.

    Returns
    -------
    pandas.DataFrame
        Two rows: the dose and the later dose, estimated together.
    """
    dose, later = design.treatment_column, f"{design.treatment_column}_later"
    keys = [*design.unit, design.period]
    ahead = panel[[*keys, dose]].rename(columns={dose: later})
    ahead = ahead.assign(**{design.period: ahead[design.period] - periods_ahead})
    joined = panel.merge(ahead, on=keys, how="left", validate="one_to_one")
    joined = joined[joined[later].notna()].reset_index(drop=True)
    designs = {
        label: dataclasses.replace(
            design, treatment_column=treatment, controls=(*design.controls, control)
        )
        for label, treatment, control in (
            ("dose", dose, later),
            (f"dose {periods_ahead} periods later", later, dose),
        )
    }
    group = "Dose and later dose together"
    return across_designs(joined, designs, "twfe", group=group, inference=inference)
