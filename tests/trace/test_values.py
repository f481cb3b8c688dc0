"""A value as printed leads to every place that prints it, those in use first."""

import pytest

from analysis.errors import ParameterError
from analysis.trace.trace import trace


def places(toy, text):
    return [
        (match.entry.id, match.where, match.used, match.whole)
        for match in trace(toy.root, text).matches
    ]


@pytest.mark.parametrize("minus", ["-", "−"])
def test_both_minus_signs_find_numbers_and_cells(toy, minus):
    assert places(toy, f"{minus}0.130") == [
        ("toy.street.complaints.att", "value", True, True),
        ("toy-effects", "cell", True, True),
        ("toy-unused", "cell", False, False),
    ]


def test_a_number_is_found_whole_or_not_at_all(toy):
    """Catches searches within numbers: 0.13 is not in 0.130, nor 0.130 in −0.130."""
    for text in ("0.13", "0.130", "1" * 5_000):
        with pytest.raises(ParameterError, match="no number, table, caption or note prints it"):
            trace(toy.root, text)


@pytest.mark.parametrize("text", ["28,812", "28812"])
def test_commas_do_not_matter_and_captions_count(toy, text):
    assert places(toy, text) == [
        ("toy-map", "caption", True, False),
        ("toy.street.complaints.n", "value", False, True),
    ]


def test_a_cell_is_found_by_its_words(toy):
    assert places(toy, "Repeats") == [("toy-effects", "cell", True, True)]


def test_a_single_match_is_traced_at_once(toy):
    found = trace(toy.root, "0.020")
    [exhibit] = found.exhibits
    assert (exhibit.entry.id, exhibit.cell.row, exhibit.entry.line) == ("toy-effects", 2, 5)


@pytest.mark.parametrize("query", ["", "  "])
def test_an_empty_query_is_no_value(toy, query):
    """Catches a variable that was not set in a script, and all empty cells as the answer."""
    with pytest.raises(ParameterError, match="the query is empty"):
        trace(toy.root, query)


def test_a_folder_is_called_one(toy):
    with pytest.raises(ParameterError, match="it is a folder"):
        trace(toy.root, str(toy.stray))
