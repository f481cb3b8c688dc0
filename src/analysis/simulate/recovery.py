"""Do the estimators recover the truth? Fresh twins, held against their own true effects."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.contract.measures import add_measures
from analysis.effects.design import design_for
from analysis.effects.estimate import estimate
from analysis.effects.registry import estimators_for
from analysis.effects.truth import true_effect
from analysis.simulate.twin import simulate_twin
from analysis.study.levels import Recovery
from analysis.study.schema import Study

__all__ = ["recover_effects", "summarise_recovery"]


def recover_effects(study: Study, recovery: Recovery) -> pd.DataFrame:
    """Estimate the effects on fresh twins, each with a true effect of its own.

    Parameters
    ----------
    study
        A simulated study; the twins have the seeds that follow its `seed`.
    recovery
        Which level and outcomes, and how many twins. The level is one whose panel the simulator
        makes as it is, that of streets.

    Returns
    -------
    pandas.DataFrame
        One row per twin, outcome and estimator: `seed`, `outcome`, `name` (in the registry),
        `estimator` (its label), `value`, `standard_error`, `lower`, `upper` and `truth`, in log
        points for counts and as a difference of shares for rates.
    """
    assert study.seed is not None, "a simulated study states its seed"
    seeds = range(study.seed + 1, study.seed + 1 + recovery.draws)
    rows = [row for seed in seeds for row in _estimates_on_one_twin(study, recovery, seed)]
    return pd.DataFrame(rows)


def summarise_recovery(estimates: pd.DataFrame) -> pd.DataFrame:
    """Summarise how far estimates are from the truth, over twins.

    Parameters
    ----------
    estimates
        From `recover_effects`.

    Returns
    -------
    pandas.DataFrame
        One row per outcome and estimator (`name` and label): `truth` (mean over twins), `bias`
        (mean of estimate minus truth), `bias_error` (its Monte Carlo standard error), `spread`
        (standard deviation of the estimates), `standard_error` (mean of the stated ones),
        `coverage` (share of the 95 per cent intervals that hold the truth) and `draws`.
    """
    held = estimates.assign(
        error=estimates["value"] - estimates["truth"],
        covered=estimates["truth"].between(estimates["lower"], estimates["upper"]),
    )
    summary = held.groupby(["outcome", "name", "estimator"], sort=False).agg(
        truth=("truth", "mean"),
        bias=("error", "mean"),
        error_spread=("error", "std"),
        spread=("value", "std"),
        standard_error=("standard_error", "mean"),
        coverage=("covered", "mean"),
        draws=("seed", "nunique"),
    )
    summary.insert(2, "bias_error", summary["error_spread"] / np.sqrt(summary["draws"]))
    return summary.drop(columns="error_spread").reset_index()


def _estimates_on_one_twin(study: Study, recovery: Recovery, seed: int) -> list[dict[str, object]]:
    level = study.get_level(recovery.level)
    twin = simulate_twin(seed)
    panel = add_measures(twin.panel)
    rows: list[dict[str, object]] = []
    for outcome in recovery.outcomes:
        design = design_for(study, level, outcome)
        for estimator in estimators_for(design):
            if estimator.name not in (recovery.estimators or level.estimators):
                continue
            result = estimate(panel, design, estimator.name)
            overall = result.overall
            rows.append(
                {
                    "seed": seed,
                    "outcome": outcome,
                    "name": estimator.name,
                    "estimator": estimator.label_en,
                    "value": overall.value,
                    "standard_error": overall.standard_error,
                    "lower": overall.lower,
                    "upper": overall.upper,
                    "truth": true_effect(twin.truth, level.name, result),
                }
            )
    return rows
