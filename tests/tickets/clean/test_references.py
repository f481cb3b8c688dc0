"""Registers and crosswalks are read with every problem named by file, row and column."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.tickets.clean.references import read_ticket_references

UNITS = "unit,district,valid_from,valid_to\n河东街道,东城,,\n新街,西城,2022-06,2022年11月\n"


@pytest.fixture
def read(riverton, tmp_path):
    def write_and_read(units=UNITS, crosswalk="former_unit,unit,valid_from\n老街,新街,2022-06\n"):
        (tmp_path / "register.csv").write_text(units, encoding="utf-8")
        (tmp_path / "crosswalk.csv").write_text(crosswalk, encoding="utf-8")
        return read_ticket_references(riverton, tmp_path)

    return write_and_read


def test_lives_and_renames_are_months(read):
    known = read()
    assert list(known.units.columns) == ["unit", "district", "valid_from", "valid_to"]
    assert pd.isna(known.units["valid_from"][0])
    assert known.units["valid_to"][1] == pd.Period("2022-11", "M")
    assert list(known.crosswalk.iloc[0]) == ["老街", "新街", pd.Period("2022-06", "M")]


def test_a_register_needs_neither_population_nor_lives(read):
    assert list(read(units="district,unit\n西城,新街\n").units.columns) == ["unit", "district"]


def test_a_former_name_may_be_used_again(read):
    known = read(crosswalk="former_unit,unit,valid_from\n河东街道,新街,2022-06\n")
    assert len(known.crosswalk) == 1


@pytest.mark.parametrize(
    ("files", "where", "what"),
    [
        ({"units": "unit,district\nA,x\nA,y\n"}, "register.csv, row 3", "more than once"),
        ({"units": "unit,district\n,x\n"}, "register.csv, row 2", "no name"),
        (
            {"crosswalk": "former_unit,unit,valid_from\n老街,旧街,2022-06\n"},
            "crosswalk.csv, row 2, column 'unit'",
            "not in the register",
        ),
        (
            {"crosswalk": "former_unit,unit,valid_from\nX,新街,2022-06\nX,河东街道,2022-06\n"},
            "crosswalk.csv, row 3, column 'former_unit'",
            "two units in one month",
        ),
        (
            {"crosswalk": "former_unit,unit,valid_from\n老街,新街,\n"},
            "crosswalk.csv, row 2, column 'valid_from'",
            "not a month",
        ),
    ],
)
def test_each_fault_is_named_with_its_place(read, files, where, what):
    with pytest.raises(DataError) as failure:
        read(**files)
    assert any(where in p.where and what in p.what for p in failure.value.problems)
