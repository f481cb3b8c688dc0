"""Would catch a twin that depends on more than its seed, or is written for the wrong study."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from analysis.contract.validate import validate_panel
from analysis.errors import StudyError
from analysis.simulate.constants import MONTHS
from analysis.simulate.twin import Twin, simulate_twin, write_twin
from analysis.study.load import load_study
from analysis.study.schema import Study

STUDIES = Path(__file__).parents[2] / "notebooks" / "studies"


def test_same_seed_same_city_other_seed_other_city(beijing: Study, twin: Twin) -> None:
    assert beijing.seed is not None
    again, other = simulate_twin(beijing.seed), simulate_twin(beijing.seed + 1)
    pd.testing.assert_frame_equal(again.panel, twin.panel)
    pd.testing.assert_frame_equal(again.truth, twin.truth)
    assert not other.panel["complaints"].equals(twin.panel["complaints"])


def test_panel_is_of_the_contract_and_balanced(twin: Twin) -> None:
    valid = validate_panel(twin.panel)
    assert len(valid) == 343 * len(MONTHS)
    counts = valid.select_dtypes("Int64").columns
    assert valid[counts].notna().all(axis=None)


def test_a_study_of_real_data_cannot_be_simulated(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"boston\.toml: the study is not simulated"):
        write_twin(load_study("boston", STUDIES), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_other_months_are_refused(beijing: Study, tmp_path: Path) -> None:
    shorter = dataclasses.replace(beijing, last_period="2024-12")
    with pytest.raises(StudyError, match="runs from 2019-01 to 2025-12"):
        write_twin(shorter, tmp_path)


def test_every_missing_file_name_is_reported(beijing: Study, tmp_path: Path) -> None:
    nameless = dataclasses.replace(beijing, truth=None, recovery=None, known_errors=None)
    with pytest.raises(StudyError) as caught:
        write_twin(nameless, tmp_path)
    assert "'truth' is missing" in str(caught.value)
    assert "'known_errors' is missing" in str(caught.value)
    assert list(tmp_path.iterdir()) == []
