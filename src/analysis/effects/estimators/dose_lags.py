"""Distributed lags: what a dose does now and later, and what it cannot have done before."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.columns import read_columns
from analysis.effects.design import Design
from analysis.effects.estimators import linear, loglinear
from analysis.effects.estimators.controls import with_controls
from analysis.effects.estimators.dynamic_panel import nickell_notes
from analysis.effects.evidence import Effects, Regression, target_frame
from analysis.effects.sample import Sample, draw_sample
from analysis.errors import DesignError, Problem

__all__ = ["NAME", "NAME_POISSON", "estimate_dose_lags", "estimate_dose_lags_poisson"]

FloatArray = NDArray[np.float64]

NAME = "dose_lags"
NAME_POISSON = "dose_lags_poisson"


def estimate_dose_lags(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Regress the outcome on the dose of this period, of periods before and of periods after.

    .. math:: y_{it} = \alpha_i + \lambda_t + \sum_{l=0}^{L} \beta_l d_{i,t-l}
              + \sum_{f=1}^{F} \phi_f d_{i,t+f} + x_{it}'\gamma + \varepsilon_{it}

    with the design's numbers of lags L and leads F. The effect l periods after the dose is
    :math:`\beta_l`; leads are placebos, reported as :math:`\phi_f` at event time -f. The overall
    effect is what one more unit of the dose adds up to, :math:`\sum_l \beta_l`. Rows whose dose is
    not known in one of these periods are left out. If the outcome's own lag is among the controls,
    the notes say how biased it is (Nickell 1981).

    Parameters
    ----------
    panel
        One row for each unit and period; a row without an outcome still tells its dose.
    design
        What is estimated; its treatment is a dose.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel, or no row has all lags and leads.

    Examples
    --------
    >>> rows = [(u, t, (t % 3) * (u == "a"), t * 1.0) for u in ("a", "b") for t in range(9)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "dose", "y"])
    >>> panel["y"] += panel["dose"] + 0.5 * panel.groupby("unit")["dose"].shift(fill_value=0)
    >>> design = Design("y", "level", "dose", "dose", cluster="unit", lags=1)
    >>> estimate_dose_lags(panel, design).targets["value"].round(9).tolist()
    [1.5, 1.0, 0.5]
    """
    sample = draw_sample(panel, design, design.linear_form)
    sample, doses, names = _doses(panel, design, sample)
    columns, names = with_controls(sample, design, doses, names)
    regression = linear.fit_linear(sample, columns, names)
    return _effects(sample, design, regression, names, linear.OWN_LIBRARY, "effect")


def estimate_dose_lags_poisson(panel: pd.DataFrame, design: Design) -> Effects:
    """Estimate the same for a count, by Poisson regression; effects are log ratios.

    Parameters
    ----------
    panel, design
        See `estimate_dose_lags`; the outcome is a count, without weights.

    Raises
    ------
    DesignError
        As `estimate_dose_lags`; also if the Poisson model has no finite estimate.
    """
    sample = loglinear.draw_count_sample(panel, design)
    sample, doses, names = _doses(panel, design, sample)
    columns, names = with_controls(sample, design, doses, names)
    sample, regression = loglinear.fit_loglinear(sample, columns, names, design)
    return _effects(sample, design, regression, names, loglinear.LIBRARY, "log ratio")


def _doses(
    panel: pd.DataFrame, design: Design, sample: Sample
) -> tuple[Sample, FloatArray, list[str]]:
    """Look up the dose of each row's unit in other periods, and keep rows where all are known."""
    whole = read_columns(panel, design)
    doses = pd.Series(whole.treatment, index=pd.MultiIndex.from_arrays([whole.units, whole.period]))
    units, period = whole.units[sample.rows], whole.period[sample.rows]
    # In the order of the targets: the dose itself, lags, leads.
    times = _times(design)
    columns = np.empty((len(units), len(times)))
    for place, time in enumerate(times):
        when = pd.MultiIndex.from_arrays([units, period - time])
        columns[:, place] = doses.reindex(when).to_numpy()
    known = np.asarray(~np.isnan(columns).any(axis=1))
    if not known.any():
        what = f"no row has {design.lags} lags and {design.leads} leads of the dose"
        problem = Problem(what, design.treatment_column, "ask for fewer, or take a longer panel")
        raise DesignError(f"the effect on {design.outcome!r} cannot be estimated", [problem])
    names = [_name(design.treatment_column, time) for time in times]
    return sample.take(known, "dose not known in all lags and leads"), columns[known], names


def _times(design: Design) -> list[int]:
    return [*range(design.lags + 1), *range(-1, -design.leads - 1, -1)]


def _name(dose: str, time: int) -> str:
    if time == 0:
        return dose
    return f"{dose}, lag {time}" if time > 0 else f"{dose}, lead {-time}"


def _effects(
    sample: Sample,
    design: Design,
    regression: Regression,
    names: list[str],
    library: str,
    effect: str,
) -> Effects:
    times = np.array(_times(design), dtype="float64")
    rows = np.eye(len(times), len(names))
    gradient = np.vstack([(times >= 0) @ rows, rows])
    values = gradient @ regression.fit.coefficients
    return Effects(
        pd.concat(
            [
                target_frame("overall", values[:1], averaging="regression"),
                target_frame("event_time", values[1:], event_time=times),
            ],
            ignore_index=True,
        ),
        headline="regression",
        estimand=f"{effect} of one more unit of the dose, added up over 0 to {design.lags} "
        "periods after it",
        evidence=dataclasses.replace(regression, gradient=gradient),
        sample=sample,
        library=library,
        notes=nickell_notes(sample, design, regression, names),
    )
