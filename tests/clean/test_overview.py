"""What readers see of a ledger: nothing that was done is left out."""

from __future__ import annotations

from analysis.clean.overview import count_steps, pick_examples


def test_steps_that_did_something_are_shown(toy):
    """Catches an action whose column is dropped, and a zero shown as a number."""
    shown = count_steps(toy.clean().ledger)
    assert shown["Step"].tolist() == [
        "known errors",
        "total rows",
        "restated rows",
        "renamed and merged units",
    ]
    assert shown["Dropped"].tolist() == ["", "1", "", ""]
    assert shown["Joined"].tolist() == ["", "", "", "2"]


def test_one_example_of_each_kind_with_how_often(toy):
    """Catches an example that is not the first, and counts of entries instead of rows."""
    ledger = toy.clean().ledger
    examples = pick_examples(ledger)
    assert examples["Times"].astype(int).sum() == sum(entry.rows for entry in ledger.entries)
    restated = examples[examples["Done"] == "restated"].iloc[0]
    assert (restated["File"], restated["Row"]) == ("streets_2020.csv", "7")
    assert restated["After"] == "streets_2020.csv, row 11"
