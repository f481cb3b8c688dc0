"""Studies and small frames that the figures are drawn from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.study.load import load_study
from analysis.study.schema import Study

STUDIES = Path(__file__).parents[2] / "notebooks" / "studies"


@pytest.fixture(scope="session")
def simulated_study() -> Study:
    return load_study("beijing", STUDIES)


@pytest.fixture(scope="session")
def real_study() -> Study:
    return load_study("boston", STUDIES)


@pytest.fixture(scope="session")
def panel() -> pd.DataFrame:
    """Three streets and two years; one adopts early, one late, one never."""
    months = pd.period_range("2019-01", "2020-12", freq="M")
    streets = pd.DataFrame(
        {
            "unit": ["甲街道", "乙街道", "丙镇"],
            "district": ["东城区", "东城区", "西城区"],
            "population": [10_000, 20_000, 30_000],
            "adoption_period": pd.PeriodIndex(["2019-07", "2020-01", None], freq="M"),
        }
    )
    rows = streets.merge(pd.DataFrame({"period": months}), how="cross")
    draws = np.random.default_rng(7).poisson(50, len(rows))
    return rows.assign(
        complaints=pd.array(draws, dtype="Int64"),
        consultations=pd.array(3 * draws, dtype="Int64"),
        proactive_cases=pd.array(draws // 5, dtype="Int64"),
        resolution_rate=0.8,
        resolution_rate_weight=draws.astype(float),
    )
