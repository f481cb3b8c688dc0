"""How well estimates and intervals do over replications, each number with its Monte Carlo error."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["BAND", "NOMINAL", "refusals", "summarise"]

FloatArray = NDArray[np.float64]

NOMINAL = 0.95
# An interval does what it says if it covers the truth as often as this.
BAND = (0.93, 0.97)
SIZE = 0.05

GROUPS = ["effect", "estimator", "inference"]
TARGET = ["kind", "averaging", "event_time", "headline"]


def summarise(rows: pd.DataFrame) -> pd.DataFrame:
    """Summarise an experiment.

    Parameters
    ----------
    rows
        From `analysis.recover.experiment.run_experiment`.

    Returns
    -------
    pandas.DataFrame
        One row for each effect, estimator, method of inference and target, headlines first:

        - `effect`, `estimator`, `inference`, `kind`, `averaging`, `event_time`, `headline`;
        - `methods`: what ``auto`` chose, and how often;
        - `replications`, and `refused`: the share of them without an estimate;
        - `truth`: its mean;
        - `bias`: mean of estimate minus truth; `rmse`: root of its mean square;
        - `spread`: standard deviation of estimate minus truth; `standard_error`: mean of the
          stated ones;
        - `coverage`: share of the 95 per cent intervals that hold the truth;
        - `size`: share of p-values below five per cent where there is no effect, and `power`: the
          same where there is one;
        - `length`: mean length of the bounded intervals, and `unbounded`: share of the others;
        - `without_interval`: share of the estimates that have none; they are in no coverage.

        Each of `refused`, `bias`, `rmse`, `spread`, `standard_error`, `coverage`, `size`, `power`,
        `length` has its Monte Carlo standard error beside it, with ``_error`` behind the name:
        binomial for shares, the usual one for means, the jackknife's for `rmse` and `spread`.

    Examples
    --------
    >>> from analysis.recover.built_in import districts
    >>> from analysis.recover.experiment import Experiment, run_experiment
    >>> experiment = Experiment(districts(), 4, ("none",), ("twfe",), ("CR1",))
    >>> summarise(run_experiment(experiment))[["estimator", "replications", "refused"]].iloc[0]
    estimator       twfe
    replications       4
    refused          0.0
    Name: 0, dtype: object
    """
    parts = [
        {**dict(zip(GROUPS, key, strict=True)), **target}
        for key, group in rows.groupby(GROUPS, sort=False)
        for target in _targets(group)
    ]
    return pd.DataFrame(parts)


def refusals(rows: pd.DataFrame) -> pd.DataFrame:
    """Count refusals and failures: `effect`, `estimator`, `inference`, `reason`, `replications`."""
    failed = rows[rows["reason"] != ""]
    counted = failed.groupby([*GROUPS, "reason"], sort=False)["replication"].nunique()
    return counted.rename("replications").reset_index()


def _targets(group: pd.DataFrame) -> list[dict[str, object]]:
    replications = group["replication"].nunique()
    estimated = group[group["reason"] == ""]
    if estimated.empty:
        nothing = {"kind": "overall", "averaging": "", "event_time": np.nan, "headline": True}
        refused = {"methods": "", "replications": replications, **_share("refused", np.array([1]))}
        return [nothing | refused]
    found = []
    for key, part in estimated.groupby(TARGET, sort=False, dropna=False):
        missing = np.arange(replications) >= len(part)
        summary = {
            **dict(zip(TARGET, key, strict=True)),
            "methods": _methods(part["method"]),
            "replications": replications,
            **_share("refused", missing),
            **_summary(part, without_effect=bool((group["effect"] == "none").all())),
        }
        found.append(summary)
    return sorted(found, key=lambda one: (not one["headline"], one["kind"] != "overall"))


def _summary(part: pd.DataFrame, *, without_effect: bool) -> Mapping[str, object]:
    error = (part["value"] - part["truth"]).to_numpy()
    lower, upper = part["lower"].to_numpy(), part["upper"].to_numpy()
    known = ~np.isnan(lower) & ~np.isnan(upper)
    bounded = np.isfinite(lower) & np.isfinite(upper)
    truth = part["truth"].to_numpy()
    covered = ((lower <= truth) & (truth <= upper))[known]
    p_value = part["p_value"].to_numpy()
    rejected = (p_value < SIZE)[~np.isnan(p_value)]
    empty = np.empty(0, dtype=bool)
    return {
        "truth": truth.mean(),
        **_mean("bias", error),
        **_with_jackknife("rmse", error, 0.0),
        **_with_jackknife("spread", error, 1.0),
        **_mean("standard_error", part["standard_error"].to_numpy()),
        **_share("coverage", covered),
        **_share("size", rejected if without_effect else empty),
        **_share("power", empty if without_effect else rejected),
        **_mean("length", (upper - lower)[bounded]),
        "unbounded": float((known & ~bounded).mean()),
        "without_interval": float((~known).mean()),
    }


def _share(name: str, events: NDArray[np.generic]) -> dict[str, float]:
    if not len(events):
        return {name: np.nan, f"{name}_error": np.nan}
    # Two events and two of the others are added (Agresti and Coull 1998), so that a share of none
    # or of all is not taken for certain.
    count = len(events) + 4
    smooth = (float(events.sum()) + 2) / count
    error = float(np.sqrt(smooth * (1 - smooth) / count))
    return {name: float(events.mean()), f"{name}_error": error}


def _mean(name: str, values: FloatArray) -> dict[str, float]:
    finite = values[np.isfinite(values)]
    if len(finite) < 2:
        return {name: float(finite.mean()) if len(finite) else np.nan, f"{name}_error": np.nan}
    error = float(finite.std(ddof=1) / np.sqrt(len(finite)))
    return {name: float(finite.mean()), f"{name}_error": error}


def _with_jackknife(name: str, errors: FloatArray, centred: float) -> dict[str, float]:
    """Root mean square around zero (`centred` 0), or around the mean (1), with n - `centred`."""
    count = len(errors)
    if count < 3:
        return {name: np.nan, f"{name}_error": np.nan}
    total, squares = errors.sum(), (errors**2).sum()

    def root(size: int | FloatArray, total: FloatArray, squares: FloatArray) -> FloatArray:
        around = squares - centred * total**2 / size
        return np.asarray(np.sqrt(np.maximum(around, 0) / (size - centred)))

    without = root(count - 1, total - errors, squares - errors**2)
    gaps = without - without.mean()
    error = float(np.sqrt((count - 1) / count * (gaps**2).sum()))
    return {name: float(root(count, total, squares)), f"{name}_error": error}


def _methods(methods: pd.Series) -> str:
    counted = methods.value_counts()
    if len(counted) == 1:
        return str(counted.index[0])
    return ", ".join(f"{name} ({count})" for name, count in counted.items())
