"""The study of an invented city, for every test of tickets."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.study.load import read_study
from analysis.study.schema import Study


@pytest.fixture(scope="session")
def riverton() -> Study:
    return read_study(Path(__file__).with_name("riverton.toml"))
