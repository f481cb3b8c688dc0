"""The register and what hangs on it: every loose end is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.clean.references import read_references
from analysis.errors import DataError
from analysis.study.load import read_study


def test_what_is_read(toy):
    """Catches types that would not join: population as text, months as text."""
    read = read_references(toy.study, toy.folder)
    assert read.units is not None
    assert read.units["population"].tolist() == [60_000, 40_000, 50_000]
    assert read.crosswalk["valid_from"].eq(pd.Period("2021-01", "M")).all()
    assert read.adoption is not None
    assert read.adoption["adoption_period"].tolist() == [pd.Period("2020-12", "M")]


def test_a_unit_listed_without_a_month_never_adopts(toy):
    """Catches an empty adoption month read as an error or as an adoption."""
    toy.write("adoption.csv", toy.read("adoption.csv") + "东二街,东区,\n")
    adoption = read_references(toy.study, toy.folder).adoption
    assert adoption is not None
    assert adoption["unit"].tolist() == ["东一街"]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("register.csv", "东二街,东区", "东一街,东区", "'东一街' stands more than once"),
        ("register.csv", "东二街,东区", ",东区", "'' is no name of a unit"),
        ("register.csv", "东二街,东区", "东二街,", "'东二街' is in no district"),
        ("register.csv", '"60,000"', "many", "'many' is not a whole number"),
        ("crosswalk.csv", "老二街,东二街", "老二街,东三街", "'东三街' is not in the register, nor"),
        ("crosswalk.csv", "老二街,东二街", "老二街,老二街", "'老二街' is not in the register, nor"),
        ("crosswalk.csv", "西二街,西合街", "西一街,东一街", "becomes '西合街' and '东一街'"),
        (
            "crosswalk.csv",
            "老二街,东二街",
            "东一街,东二街",
            "a former unit but also in the register",
        ),
        ("crosswalk.csv", "2021-01", "soon", "column 'valid_from' (period): 'soon' is not a month"),
        (
            "adoption.csv",
            "2020-12",
            "2020-13",
            "column 'adoption_period' (period): '2020-13' is not",
        ),
        ("adoption.csv", "adoption_period", "adopted", "column 'adoption_period' is missing"),
    ],
)
def test_loose_ends_are_refused(toy, file: str, old: str, new: str, message: str):
    """Catches a reference file that is wrong but would join all the same."""
    toy.replace(file, old, new)
    with pytest.raises(DataError) as caught:
        read_references(toy.study, toy.folder)
    assert message in str(caught.value)
    assert file in str(caught.value)


def test_a_register_without_a_crosswalk(toy):
    """Catches a city where nothing was ever renamed, which would have to invent an empty file."""
    register = replace(toy.study.register, crosswalk=None)
    (toy.folder / "crosswalk.csv").unlink()
    read = read_references(replace(toy.study, register=register), toy.folder)
    assert read.units is not None
    assert read.crosswalk.empty


def test_a_study_of_tickets_needs_no_population(tmp_path):
    """Catches a register that the ingest takes and the notebook refuses."""
    study = read_study(Path(__file__).parents[1] / "tickets" / "riverton.toml")
    (tmp_path / "register.csv").write_text("unit,district\nHill,East\nFord,East\n", "utf-8")
    heads = "former_unit,unit,district,valid_from,event"
    # A name that is used again for another unit: the ingest told by the date which was meant.
    crosswalk = f"{heads}\nFord,Hill,East,2022-03,renamed\n"
    (tmp_path / "crosswalk.csv").write_text(crosswalk, "utf-8")
    found = read_references(study, tmp_path)
    assert found.units["population"].isna().all()
    assert found.crosswalk.empty
