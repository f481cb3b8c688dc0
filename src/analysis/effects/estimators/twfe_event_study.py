"""Event study by two-way fixed effects: a coefficient for each period around adoption."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.estimators.linear import LIBRARY, LinearModel, fit_linear, infer_contrast
from analysis.effects.result import Result, result_on
from analysis.effects.sample import Sample, draw_sample
from analysis.errors import DesignError, Problem

__all__ = ["NAME", "REFERENCE", "estimate_twfe_event_study"]

FloatArray = NDArray[np.float64]

NAME = "twfe_event_study"
REFERENCE = -1


def estimate_twfe_event_study(panel: pd.DataFrame, design: Design) -> Result:
    r"""Regress the outcome on event-time dummies, with unit and period fixed effects.

    .. math:: y_{it} = \alpha_i + \lambda_t + \sum_{k \neq -1} \beta_k 1\{t - g_i = k\}
              + \varepsilon_{it}

    The period before adoption is the reference, units that never adopt are the controls. Each
    event time of the design's window has a coefficient; the periods before and after the window
    have one each, which is estimated but not reported, because it averages over unlike periods.
    The overall effect is the mean of the coefficients from adoption to the end of the window, its
    error by the delta method. If cohorts' effects differ, the coefficients mix event times (Sun
    and Abraham 2021).

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
    sample = draw_sample(panel, design, "log" if design.scale == "count" else "level")
    _need_never_treated(sample, design)
    names, regressors, times = _event_time_dummies(sample, design.event_window)
    model = fit_linear(sample, regressors, names)
    reported = np.flatnonzero(~np.isnan(times))
    after = np.where(times >= 0, 1.0, 0.0)
    overall, inference = infer_contrast(model, after / after.sum(), design)
    return result_on(
        sample,
        design,
        estimator=NAME,
        estimand=f"mean of the effects 0 to {int(np.nanmax(times))} periods after adoption",
        overall=overall,
        inference=inference,
        library=LIBRARY,
        event_time=_event_time_frame(model, times, reported, design),
        event_time_vcov=model.vcov[np.ix_(reported, reported)],
    )


def _need_never_treated(sample: Sample, design: Design) -> None:
    problems = []
    if not np.isnan(sample.event_time).any():
        hint = "use another estimator, or end the panel before the last cohort adopts"
        what = "no unit that never adopts is left as a control"
        problems.append(Problem(what, design.treatment_column, hint))
    if not (sample.event_time == REFERENCE).any():
        what = "no unit is observed in the period before it adopts, the period of reference"
        problems.append(Problem(what, design.period, "the panel must reach back before adoption"))
    # The comparisons are false for units that never adopt, whose event time is missing.
    inside = (sample.event_time >= 0) & (sample.event_time <= design.event_window[1])
    if not inside.any():
        what = "no unit is observed between adoption and the end of the event window"
        problems.append(Problem(what, design.period, "choose another event window"))
    if problems:
        raise DesignError(f"the event study of {design.outcome!r} cannot be estimated", problems)


def _event_time_dummies(
    sample: Sample, window: tuple[int, int]
) -> tuple[list[str], FloatArray, FloatArray]:
    """Make the dummies that have observations, and the event time of each.

    The dummies of what lies before and after the window have event time NaN.
    """
    first, last = window
    inside = [time for time in range(first, last + 1) if time != REFERENCE]
    columns = {
        f"event time before {first}": (np.nan, sample.event_time < first),
        **{f"event time {time}": (float(time), sample.event_time == time) for time in inside},
        f"event time after {last}": (np.nan, sample.event_time > last),
    }
    used = {name: pair for name, pair in columns.items() if pair[1].any()}
    times = np.array([time for time, _ in used.values()])
    dummies = np.stack([rows for _, rows in used.values()], axis=1).astype("float64")
    return list(used), dummies, times


def _event_time_frame(
    model: LinearModel, times: FloatArray, reported: NDArray[np.int64], design: Design
) -> pd.DataFrame:
    rows = {REFERENCE: (0.0, 0.0, 0.0, 0.0)}
    for place in reported:
        found, _ = infer_contrast(model, np.eye(len(times))[place], design)
        numbers = (found.value, found.standard_error, found.lower, found.upper)
        rows[int(times[place])] = numbers
    frame = pd.DataFrame.from_dict(
        rows, orient="index", columns=["value", "standard_error", "lower", "upper"]
    )
    return frame.sort_index().rename_axis("event_time")
