"""The committed twin, simulated once for all tests of its parts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.simulate.twin import Twin, simulate_twin
from analysis.study.load import load_study
from analysis.study.schema import Study

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def beijing() -> Study:
    return load_study("beijing", ROOT / "notebooks" / "studies")


@pytest.fixture(scope="session")
def twin(beijing: Study) -> Twin:
    assert beijing.seed is not None
    return simulate_twin(beijing.seed)


@pytest.fixture(scope="session")
def raw() -> Path:
    return ROOT / "data" / "raw"


@pytest.fixture(scope="session")
def figures(raw: Path) -> pd.DataFrame:
    return pd.read_csv(raw / "published" / "figures.csv")
