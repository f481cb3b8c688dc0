"""Checks of an estimate: other samples, other errors, other estimators, and placebos.

Each function returns a frame with one row for each estimate: `label`, `group`, `value`,
`standard_error`, `lower`, `upper`, `p_value`, `observations` and `clusters`; so checks of all
kinds can be put below each other in one table and one figure.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.effects.design import Design
from analysis.effects.estimators.linear import fit_linear, infer_contrast
from analysis.effects.registry import estimate, get_estimator
from analysis.effects.result import Estimate, Result
from analysis.effects.sample import draw_sample
from analysis.errors import DesignError, Problem

__all__ = [
    "PreTrendTest",
    "across_designs",
    "across_estimators",
    "across_panels",
    "ends_of_long_groups",
    "future_dose",
    "leave_one_out",
    "placebo_adoption",
    "pre_trend_test",
    "without_months",
]


@dataclass(frozen=True, slots=True)
class PreTrendTest:
    """A joint Wald test that all effects before adoption are zero.

    Attributes
    ----------
    statistic
        The F statistic.
    leads
        How many effects are tested together.
    degrees
        Degrees of freedom of the denominator: clusters less one.
    p_value
        Small if units that adopt were on another path before they did.
    """

    statistic: float
    leads: int
    degrees: int
    p_value: float


def across_estimators(
    panel: pd.DataFrame, design: Design, estimators: Sequence[str]
) -> pd.DataFrame:
    """Estimate the same design by several estimators."""
    labels = {name: get_estimator(name).label_en for name in estimators}
    results = {labels[name]: estimate(panel, design, name) for name in estimators}
    return _frame(results, "Estimators")


def across_designs(
    panel: pd.DataFrame, designs: Mapping[str, Design], estimator: str, *, group: str
) -> pd.DataFrame:
    """Estimate variants of a design, by label, on the same panel: other clusters, no weights."""
    return _frame({label: estimate(panel, d, estimator) for label, d in designs.items()}, group)


def across_panels(
    panels: Mapping[str, pd.DataFrame], design: Design, estimator: str, *, group: str
) -> pd.DataFrame:
    """Estimate the same design on variants of the panel, by label: months left out, other doses."""
    return _frame({label: estimate(p, design, estimator) for label, p in panels.items()}, group)


def leave_one_out(panel: pd.DataFrame, design: Design, estimator: str, by: str) -> pd.DataFrame:
    """Estimate without each value of a column in turn, to see whether one of them decides.

    Parameters
    ----------
    panel, design, estimator
        See `analysis.effects.registry.estimate`.
    by
        The column, such as ``district``.

    Raises
    ------
    DesignError
        If the column is missing or an estimate fails.
    """
    if by not in panel.columns:
        raise DesignError("nothing can be left out", [Problem(f"column {by!r} is missing")])
    panels = {f"without {value}": panel[panel[by] != value] for value in sorted(panel[by].unique())}
    return across_panels(panels, design, estimator, group=f"One {by} left out")


def without_months(panel: pd.DataFrame, months: Sequence[str], reach: int = 0) -> pd.DataFrame:
    """Leave out months, such as ``2015-02``, and the months after each whose dose counts it.

    Parameters
    ----------
    panel
        With `period` as a monthly `Period`.
    months
        The months.
    reach
        How many months after one its cases are part of the dose; 0 if the treatment is no dose.
    """
    left_out = {
        pd.Period(month, freq="M") + later for month in months for later in range(reach + 1)
    }
    return panel[~panel["period"].isin(left_out)]


def placebo_adoption(
    panel: pd.DataFrame, design: Design, estimator: str, periods_before: int
) -> pd.DataFrame:
    """Pretend that units adopted earlier, on the periods before they really did.

    Parameters
    ----------
    panel, design, estimator
        See `analysis.effects.registry.estimate`; the period is a whole number or a `Period`.
    periods_before
        How many periods earlier.

    Returns
    -------
    pandas.DataFrame
        One row; its effect should be zero, since no observation left is treated.
    """
    adoption = panel[design.treatment_column]
    untreated = panel[adoption.isna() | (panel[design.period] < adoption)].copy()
    untreated[design.treatment_column] = untreated[design.treatment_column] - periods_before
    label = f"adoption {periods_before} periods too early"
    return across_panels({label: untreated}, design, estimator, group="Placebo")


def pre_trend_test(result: Result) -> PreTrendTest:
    """Test jointly that an event study's effects before adoption are all zero.

    A test that does not reject is weak comfort: it may lack power, and it conditions later
    results on having passed (Roth 2022).

    Raises
    ------
    DesignError
        If the result is not an event study, or has no more clusters than effects to test.
    """
    if result.event_time is None or result.event_time_vcov is None:
        problem = Problem("the result has no event times", result.estimator, "use an event study")
        raise DesignError("pre-trends cannot be tested", [problem])
    times = result.event_time.drop(index=-1)
    leads = np.flatnonzero(times.index < 0)
    degrees = result.clusters - 1
    if not 0 < len(leads) <= degrees:
        what = f"{len(leads)} effects cannot be tested together with {result.clusters} clusters"
        problem = Problem(what, "event_window", "shorten the event window")
        raise DesignError("pre-trends cannot be tested", [problem])
    values = times["value"].to_numpy()[leads]
    vcov = result.event_time_vcov[np.ix_(leads, leads)]
    statistic = float(values @ np.linalg.solve(vcov, values) / len(leads))
    p_value = float(stats.f.sf(statistic, len(leads), degrees))
    return PreTrendTest(statistic, len(leads), degrees, p_value)


def future_dose(panel: pd.DataFrame, design: Design, periods_ahead: int) -> pd.DataFrame:
    """Put the dose of a later period beside the dose, in the linear model.

    What is done later cannot change what happened before. If the later dose 'has an effect', then
    dose and outcome respond to something that moves them both, or the dose follows the outcome;
    the estimate for the dose itself is then suspect to the same degree.

    Parameters
    ----------
    panel, design
        See `analysis.effects.registry.estimate`; the treatment is a dose, and the period is a
        whole number or a `Period`.
    periods_ahead
        How many periods later. For a dose that sums up the m periods before, m + 1 makes the
        later dose out of later periods alone.

    Returns
    -------
    pandas.DataFrame
        Two rows: the dose and the later dose, estimated together.
    """
    later = f"{design.treatment_column}_later"
    keys = [*design.unit, design.period]
    ahead = panel[[*keys, design.treatment_column]].rename(columns={design.treatment_column: later})
    ahead = ahead.assign(**{design.period: ahead[design.period] - periods_ahead})
    joined = panel.merge(ahead, on=keys, how="left", validate="one_to_one")
    joined = joined[joined[later].notna()].reset_index(drop=True)
    sample = draw_sample(joined, design, "log" if design.scale == "count" else "level")
    lead = joined[later].to_numpy(dtype="float64")[sample.rows]
    regressors = np.stack([sample.treatment, lead], axis=1)
    labels = ["dose", f"dose {periods_ahead} periods later"]
    model = fit_linear(sample, regressors, labels)
    rows = [
        _row(label, infer_contrast(model, np.eye(2)[place], design)[0])
        | {"observations": sample.observations, "clusters": sample.cluster_count}
        for place, label in enumerate(labels)
    ]
    return pd.DataFrame(rows).assign(group="Dose and later dose together")


def ends_of_long_groups(checks: pd.DataFrame, longest: int = 6) -> pd.DataFrame:
    """Keep of each long group of checks only the lowest and the highest estimate, for a figure.

    Parameters
    ----------
    checks
        Rows of the other functions, below each other.
    longest
        A group with more rows than this is cut to its two ends.

    Returns
    -------
    pandas.DataFrame
        The same columns, and the label of an end says which it is.
    """
    kept = []
    for _, group in checks.groupby("group", sort=False):
        if len(group) > longest:
            ends = group.sort_values("value", kind="stable").iloc[[0, -1]]
            names = pd.Series(["lowest: ", "highest: "], index=ends.index)
            group = ends.assign(label=names + ends["label"])
        kept.append(group)
    return pd.concat(kept, ignore_index=True)


def _frame(results: Mapping[str, Result], group: str) -> pd.DataFrame:
    rows = [
        _row(label, result.overall)
        | {"observations": result.observations, "clusters": result.clusters}
        for label, result in results.items()
    ]
    return pd.DataFrame(rows).assign(group=group)


def _row(label: str, found: Estimate) -> dict[str, float | int | str]:
    return {"label": label, **dataclasses.asdict(found)}
