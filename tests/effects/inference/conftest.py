"""Fits to test inference on, made from arrays alone, and the same with all dummies written out."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.effects.fixed_effects import FixedEffects, Projection, parameters_used
from analysis.effects.inference.fit import WeightedFit

REFERENCE = Path(__file__).parents[1] / "reference"
COLUMNS = {"castle": ("sid", "year"), "sim3_anticipation_dose": ("unit", "t")}


@dataclass(frozen=True, eq=False)
class Model:
    """A linear model with unit and period effects."""

    fit: WeightedFit
    codes: list[np.ndarray]
    periods: np.ndarray
    outcome: np.ndarray
    regressors: np.ndarray
    projection: Projection

    @property
    def partialled_outcome(self) -> np.ndarray:
        return self.projection.residualise(self.outcome)

    @property
    def dummies(self) -> np.ndarray:
        """All columns of the model, the regressors first."""
        columns = [np.eye(codes.max() + 1)[codes] for codes in self.codes]
        return np.hstack([self.regressors, columns[0], columns[1][:, 1:]])


def number(values) -> np.ndarray:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def fit_model(outcome, regressors, units, periods, clusters, weights=None) -> Model:
    """Fit by weighted least squares with unit and period effects."""
    codes, groups = [number(units), number(periods)], number(clusters)
    weights = np.ones(len(outcome)) if weights is None else np.asarray(weights, dtype="float64")
    effects = FixedEffects(codes)
    projection = effects.project(weights)
    regressors = np.asarray(regressors, dtype="float64").reshape(len(outcome), -1)
    outcome = np.asarray(outcome, dtype="float64")
    left, partialled = projection.residualise(regressors), projection.residualise(outcome)
    root = np.sqrt(weights)
    coefficients = np.linalg.lstsq(root[:, None] * left, root * partialled, rcond=None)[0]
    k = len(coefficients)
    fit = WeightedFit(
        coefficients,
        left,
        partialled - left @ coefficients,
        weights,
        groups,
        parameters_used(k, codes, effects, groups),
        k + effects.rank,
    )
    return Model(fit, codes, codes[1], outcome, regressors, projection)


def unbalanced_model(seed, *, units=14, periods=6, clusters=5, weighted=True, k=2) -> Model:
    """Draw a panel with gaps, clusters of unequal size and, if wanted, very unequal weights."""
    draw = np.random.default_rng(seed)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    place = np.concatenate([np.arange(clusters), np.sort(draw.integers(0, clusters, units))])
    cluster = place[:units][unit]
    kept = draw.random(len(unit)) > 0.15
    kept[(period == 0) | (period == unit % (periods - 1) + 1)] = True
    regressors = draw.normal(size=(len(unit), k)) + 0.5 * cluster[:, None] * period[:, None]
    outcome = draw.normal(size=len(unit)) + regressors[:, 0] + draw.normal(size=clusters)[cluster]
    weights = draw.uniform(0.2, 5, len(unit)) if weighted else np.ones(len(unit))
    return fit_model(
        outcome[kept], regressors[kept], unit[kept], period[kept], cluster[kept], weights[kept]
    )


@pytest.fixture
def make_model() -> Callable[..., Model]:
    return unbalanced_model


@pytest.fixture
def fit_columns() -> Callable[..., Model]:
    return fit_model


@pytest.fixture(scope="session")
def reference() -> dict:
    """What the authors' packages give; each entry names package and version."""
    return json.loads((REFERENCE / "inference.json").read_text(encoding="utf-8"))


@pytest.fixture
def read_reference() -> Callable[[str], pd.DataFrame]:
    return read_data


def read_data(name: str) -> pd.DataFrame:
    data = pd.read_csv(REFERENCE / f"{name}.csv")
    unit, period = COLUMNS[name]
    data = data.assign(unit=data[unit], period=data[period], g=data["g"].replace(0, np.nan))
    return data.assign(post=(data["period"] >= data["g"]).astype("float64"))


@pytest.fixture
def fit_reference() -> Callable[[dict], Model]:
    def fit(row: dict) -> Model:
        data = read_data(row["data"])
        weights = data[row["weights"]] if row["weights"] else None
        outcome, regressor = data[row["outcome"]], data[row["regressor"]]
        return fit_model(
            outcome, regressor, data["unit"], data["period"], data[row["cluster"]], weights
        )

    return fit
