"""Event studies to analyse: random ones, and those of the reference files where these exist."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimate import estimate
from analysis.effects.result import Result
from analysis.effects.sensitivity.event_study import EventStudy

REFERENCE = Path(__file__).parents[1] / "reference"


def draw_study(seed: int, leads: int = 3, lags: int = 3, scale: float = 0.1) -> EventStudy:
    """Draw an event study whose estimates are correlated, with effects of about four errors."""
    draw = np.random.default_rng(seed)
    count = leads + lags
    factors = draw.normal(size=(count + 20, count))
    vcov = scale**2 * factors.T @ factors / len(factors)
    times = np.r_[np.arange(-leads - 1, -1), np.arange(lags)].astype("float64")
    estimates = draw.normal(scale=scale, size=count) + np.where(times >= 0, 4 * scale, 0)
    return EventStudy(times, estimates, vcov, -1)


@pytest.fixture(scope="session")
def castle() -> pd.DataFrame:
    panel = pd.read_csv(REFERENCE / "castle.csv")
    return panel.assign(g=panel["g"].replace(0, np.nan))


@pytest.fixture(scope="session")
def castle_design() -> Design:
    return Design(
        "l_homicide",
        "share",
        "adoption",
        "g",
        cluster="sid",
        unit=("sid",),
        period="year",
        event_window=(-4, 3),
    )


@pytest.fixture(scope="session")
def castle_result(castle: pd.DataFrame, castle_design: Design) -> Result:
    return estimate(castle, castle_design, "twfe_event_study")


@pytest.fixture(scope="session")
def authors(shared_reference: Path) -> tuple[EventStudy, dict]:
    """The authors' example with the numbers of R's HonestDiD 0.2.6 and pretrends 0.1.0."""
    path = shared_reference / "BC_EventStudy.json"
    known = json.loads(path.read_text(encoding="utf-8"))["BC_EventStudy"]
    given = known["input"]["betahat_sigma"]
    study = EventStudy(
        np.array(given["timeVec"], dtype="float64"),
        np.array(given["betahat"]),
        np.array(given["sigma"]["values"]),
        -1,
    )
    return study, known


@pytest.fixture
def make_study():
    return draw_study
