"""Event study by two-way fixed effects: a coefficient for each period around adoption."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.estimators.controls import with_controls
from analysis.effects.estimators.linear import OWN_LIBRARY, fit_linear
from analysis.effects.estimators.weights import cohort_weights
from analysis.effects.evidence import Effects, target_frame
from analysis.effects.sample import Sample, draw_sample
from analysis.errors import DesignError, Problem

__all__ = ["NAME", "estimate_twfe_event_study"]

FloatArray = NDArray[np.float64]

NAME = "twfe_event_study"


def estimate_twfe_event_study(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Regress the outcome on event-time dummies, with unit and period fixed effects.

    .. math:: y_{it} = \alpha_i + \lambda_t + \sum_{k \neq r} \beta_k 1\{t - g_i = k\}
              + \varepsilon_{it}

    The period before adoption and its anticipation is the reference :math:`r`, units that never
    adopt are the controls. Each event time of the design's window has a coefficient; the periods
    before and after the window have one each, which is estimated but not reported, because it
    averages over unlike periods. The overall effect is the mean of the coefficients from adoption
    to the end of the window, its error by the delta method. If cohorts' effects differ, the
    coefficients mix event times (Sun and Abraham 2021).

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its treatment is an adoption period.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel; also if every unit adopts, since then
        nothing tells event time from calendar time.
    """
    sample = draw_sample(panel, design, design.linear_form)
    _refuse_without_reference(sample, design)
    dummies, names, times = _event_time_dummies(sample, design)
    regression = fit_linear(sample, *with_controls(sample, design, dummies, names))
    reported = np.flatnonzero(~np.isnan(times))
    after = np.where(times >= 0, 1.0, 0.0)
    unit_rows = np.eye(len(times), regression.regressors.shape[1])
    gradient = np.vstack([after / after.sum() @ unit_rows, 0 * unit_rows[0], unit_rows[reported]])
    values = gradient @ regression.fit.coefficients
    shown = np.concatenate([[design.reference], times[reported]])
    return Effects(
        pd.concat(
            [
                target_frame("overall", values[:1], averaging="event_time"),
                target_frame("event_time", values[1:], event_time=shown),
            ],
            ignore_index=True,
        ),
        headline="event_time",
        estimand=f"mean of the effects 0 to {int(np.nanmax(times))} periods after adoption",
        evidence=dataclasses.replace(regression, gradient=gradient),
        sample=sample,
        library=OWN_LIBRARY,
        cohort_weights=cohort_weights(sample, regression, gradient[0]),
    )


def _refuse_without_reference(sample: Sample, design: Design) -> None:
    problems = []
    if not np.isnan(sample.event_time).any():
        hint = "use another estimator, or end the panel before the last cohort adopts"
        what = "no unit that never adopts is left as a control"
        problems.append(Problem(what, design.treatment_column, hint))
    if not (sample.event_time == design.reference).any():
        what = f"no unit is observed {-design.reference} periods before adoption, the reference"
        problems.append(Problem(what, design.period, "the panel must reach back before adoption"))
    # The comparisons are false for units that never adopt, whose event time is missing.
    last = design.event_window[1] if design.event_window else np.inf
    inside = (sample.event_time >= 0) & (sample.event_time <= last)
    if not inside.any():
        what = "no unit is observed between adoption and the end of the event window"
        problems.append(Problem(what, design.period, "choose another event window"))
    if problems:
        raise DesignError(f"the event study of {design.outcome!r} cannot be estimated", problems)


def _event_time_dummies(sample: Sample, design: Design) -> tuple[FloatArray, list[str], FloatArray]:
    """Make the dummies that have observations, their names, and the event time of each.

    The dummies of what lies before and after the window have event time NaN.
    """
    observed = sample.event_time[~np.isnan(sample.event_time)]
    first, last = design.event_window or (int(observed.min()), int(observed.max()))
    inside = [time for time in range(first, last + 1) if time != design.reference]
    columns = {
        f"event time before {first}": (np.nan, sample.event_time < first),
        **{f"event time {time}": (float(time), sample.event_time == time) for time in inside},
        f"event time after {last}": (np.nan, sample.event_time > last),
    }
    used = {name: pair for name, pair in columns.items() if pair[1].any()}
    times = np.array([time for time, _ in used.values()])
    dummies = np.stack([rows for _, rows in used.values()], axis=1).astype("float64")
    return dummies, list(used), times
