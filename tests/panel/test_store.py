"""Panels on disk: the same types, the same numbers, the same bytes."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.contract.measures import add_measures
from analysis.contract.validate import validate_panel
from analysis.errors import DataError
from analysis.panel.store import read_panel, write_panel


def panel() -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "unit": ["NA", "东1街"],
            "district": ["D", "D"],
            "period": pd.PeriodIndex(["2020-01", "2020-02"], freq="M"),
            "complaints": [7, None],
            "proactive_cases": [1, 0],
            "surveyed": [6, None],
            "satisfied": [5, None],
            "adoption_period": pd.PeriodIndex(["2020-02", None], freq="M"),
            "coverage": [1 / 3, 0.0],
        }
    )
    return add_measures(validate_panel(table)).assign(dose=[np.nan, 0.1])


def test_nothing_stands_outside_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Catches a confidential panel among the temporary files of the machine."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "not there"))
    write_panel(panel(), tmp_path / "made" / "p.csv")
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["p.csv"]


def test_what_is_written_is_read_back(tmp_path: Path):
    """Catches months read as text, counts as floats, and a unit called NA as missing."""
    write_panel(panel(), tmp_path / "p.csv")
    pd.testing.assert_frame_equal(read_panel(tmp_path / "p.csv"), panel())


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_every_float_survives(tmp_path_factory: pytest.TempPathFactory, values: list[float]):
    """Catches digits that are lost on the way, so that a rerun estimates something else."""
    path = tmp_path_factory.mktemp("floats") / "p.csv"
    write_panel(pd.DataFrame({"dose": values}), path)
    assert read_panel(path)["dose"].tolist() == values


@given(
    st.lists(st.tuples(st.text(alphabet="ab ,;\"'\n#\\东", min_size=1), st.floats()), min_size=1)
)
def test_cells_are_as_pandas_writes_them(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, float]]
):
    """Catches a number with other digits, and a cell whose commas make two of it."""
    path = tmp_path_factory.mktemp("texts") / "p.csv"
    table = pd.DataFrame(rows, columns=["unit", "dose"])
    write_panel(table, path)
    expected = StringIO(table.to_csv(index=False, lineterminator="\n"), newline="")
    with path.open(encoding="utf-8", newline="") as written:
        assert list(csv.reader(written)) == list(csv.reader(expected))


def test_same_panel_same_bytes(tmp_path: Path):
    """Catches line ends or an index that differ between runs and systems."""
    write_panel(panel(), tmp_path / "a.csv")
    write_panel(read_panel(tmp_path / "a.csv"), tmp_path / "b.csv")
    written = (tmp_path / "a.csv").read_bytes()
    assert written == (tmp_path / "b.csv").read_bytes()
    assert written.startswith(b"unit,district,period,")
    assert b"\r" not in written


def test_what_is_no_panel_is_refused(tmp_path: Path):
    """Catches a file of another kind, and a missing one, read as a panel."""
    with pytest.raises(DataError, match="run the notebook 01_clean"):
        read_panel(tmp_path / "p.csv")
    (tmp_path / "p.csv").write_text("unit,complaint\nA,1\n", encoding="utf-8")
    with pytest.raises(DataError, match="did you mean 'complaints'"):
        read_panel(tmp_path / "p.csv")
