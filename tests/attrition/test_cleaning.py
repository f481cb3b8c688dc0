"""Each step of cleaning adds up, and says why."""

import json

import pytest

from analysis.attrition.cleaning import Reason, read_cleaning, read_reasons
from analysis.clean.ledger import Entry, Ledger, Step
from analysis.clean.overview import count_steps
from analysis.errors import RunError


def test_steps_have_their_rows_and_reasons(root):
    """Catches reasons that are not found because the table writes spaces for underscores."""
    totals, balance = read_cleaning(root, "toy")
    assert (totals.rows_in, totals.dropped, totals.rows_out) == (1_011, 3, 1_008)
    assert totals.reasons == (
        Reason("dropped", "sums up other rows", 3),
        Reason("set missing", "a count below zero", 1),
    )
    assert (balance.filled, balance.rows_out) == (2, 1_010)


def test_a_row_lost_in_silence_is_an_error(root):
    path = root / "paper" / "tables" / "toy-cleaning.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"1,010"', '"1,009"'), encoding="utf-8")
    with pytest.raises(RunError, match="1,010 rows should be left, and there are 1,009"):
        read_cleaning(root, "toy")


def test_steps_are_known_without_the_ledger_of_cleaning(root):
    """A fresh clone has the table, and not what a run derives."""
    (root / "data" / "processed" / "toy" / "cleaning_ledger.csv").unlink()
    assert [step.reasons for step in read_cleaning(root, "toy")] == [(), ()]
    assert read_cleaning(root, "another") == []


def test_the_table_that_cleaning_makes_can_be_read(root):
    """Catches heads that are renamed in the table and not here."""
    done = [
        Entry("totals", "dropped", "a total", rows=2, table="streets"),
        Entry("totals", "restated", "corrected", rows=1, table="streets"),
        Entry("totals", "filled", "no report", rows=5, table="streets"),
    ]
    table = count_steps(Ledger(tuple(done), (Step("totals", 20, 19, 3, "streets"),)))
    content = {"columns": list(table.columns), "rows": table.to_numpy().tolist()}
    path = root / "paper" / "tables" / "toy-cleaning.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    [step] = read_cleaning(root, "toy")
    assert (step.joined, step.dropped, step.restated, step.filled) == (3, 2, 1, 5)


def test_reasons_keep_the_order_in_which_they_came(root):
    """The site lists the steps of a study by them."""
    assert list(read_reasons(root, "toy")) == [
        ("all streets", "total rows"),
        ("panel street", "balance"),
    ]
    assert read_reasons(root, "another") == {}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("paper/tables/toy-cleaning.json", "{"),
        ("paper/tables/toy-cleaning.json", '{"columns": ["Where"], "rows": [["a", "b"]]}'),
        ("paper/tables/toy-cleaning.json", '{"columns": ["Where"], "rows": [["a"]]}'),
        ("data/processed/toy/cleaning_ledger.csv", ""),
        ("data/processed/toy/cleaning_ledger.csv", "a,b\n1,2\n"),
        ("data/processed/toy/cleaning_ledger.csv", "table,step,action,reason,rows\na,b\n"),
    ],
)
def test_a_broken_file_is_named(root, name, content):
    """Catches a file that is cut off, and ends the command with a traceback."""
    (root / name).write_text(content, encoding="utf-8")
    with pytest.raises(RunError, match=name):
        read_cleaning(root, "toy")
