"""Names of units: held against the register, with the nearest name."""

from __future__ import annotations

import pytest

from analysis.clean.places import Places
from analysis.clean.references import read_references
from analysis.clean.units import check_units, reports_on_districts
from analysis.errors import DataError


def check(toy, text_table, text: str):
    references = read_references(toy.study, toy.folder)
    return check_units(text_table(text), toy.study.source[0], references, Places({}))


def test_an_unknown_street_names_the_nearest(toy, text_table):
    """Catches a slip in a name that would make a new unit."""
    with pytest.raises(DataError) as caught:
        check(toy, text_table, "unit,district\n东一街,东区\n东一衔,东区\n东一衔,东区\n")
    (problem,) = caught.value.problems
    assert problem.where == "a.csv, row 3, column 'unit'"
    assert problem.what == "'东一衔' is not in the register (2 rows)"
    assert "did you mean '东一街'?" in problem.hint


def test_a_street_under_another_district_is_refused(toy, text_table):
    """Catches a street that moves between districts without an entry in the register."""
    with pytest.raises(DataError, match="'东一街' is reported under '西区', expected '东区'"):
        check(toy, text_table, "unit,district\n东一街,西区\n")


def test_width_and_spaces_do_not_make_a_new_unit(toy, text_table):
    """Catches 'Ａ街' and 'A街' being two streets, and the change going unrecorded."""
    toy.replace("register.csv", "东一街", "东1街")
    toy.replace("adoption.csv", "东一街", "东1街")
    table, ledger = check(toy, text_table, "unit,district\n东 １街,东区\n")
    assert table["unit"].tolist() == ["东1街"]
    assert (ledger.entries[0].before, ledger.entries[0].after) == ("东 １街", "东1街")


def test_an_empty_name_is_refused(toy, text_table):
    """Catches a total row without its label."""
    with pytest.raises(DataError, match="the cell is empty"):
        check(toy, text_table, "unit,district\n,东区\n")


def test_a_source_on_districts_is_recognised(source):
    """Catches districts being looked up among the streets."""
    assert not reports_on_districts(source)
