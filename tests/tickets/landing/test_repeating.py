"""Values that repeat are cleaned once, and every row gets what became of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest

from analysis.tickets.landing import repeating
from analysis.tickets.landing.repeating import RepeatingCells


def batches(*parts):
    """Write each part as a batch with a dictionary of its own, as a reader of files does."""
    for values in parts:
        cells = pa.array(values, pa.string()).dictionary_encode()
        yield pa.record_batch([pa.array(range(len(values))), cells], names=["row", "street"])


def streets(cells, *parts):
    return [row["street"] for batch in cells.clean(batches(*parts)) for row in batch.to_pylist()]


@pytest.fixture
def asked(monkeypatch):
    """Note which values are cleaned."""
    values = []
    clean_now = RepeatingCells._clean_now

    def note(self, new):
        values.extend(new)
        return clean_now(self, new)

    monkeypatch.setattr(RepeatingCells, "_clean_now", note)
    return values


def test_a_value_is_cleaned_once_for_all_batches_and_files(asked):
    """Catches work done again for every batch, and a value of one file given to another."""
    cells = RepeatingCells(lambda text: text.upper())
    assert streets(cells, ["a", "b", "a"], ["b", None, "c"]) == ["A", "B", "A", "B", None, "C"]
    assert streets(cells, ["c", "d"]) == ["C", "D"]
    assert asked == ["a", "b", "c", "d"]


def test_what_is_forgotten_is_cleaned_again(asked, monkeypatch):
    """Catches a value that is lost while memory is kept within bounds."""
    monkeypatch.setattr(repeating, "_REMEMBERED", 1)
    cells = RepeatingCells(lambda text: text.upper())
    assert streets(cells, ["a", "b"], ["a", "c"], ["b", "c"]) == list("ABACBC")
    assert asked == ["a", "b", "a", "c", "b", "c"]


def test_two_files_at_once_do_not_mix(monkeypatch):
    """Catches a value that another file made the memory forget between two looks."""
    monkeypatch.setattr(repeating, "_REMEMBERED", 3)
    cells = RepeatingCells(lambda text: text.upper())
    files = [[[f"{name}{n % 7}" for n in range(place, place + 5)] for place in range(40)]
             for name in "xy"]  # fmt: skip
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda parts: streets(cells, *parts), files))
    expected = [[value.upper() for part in parts for value in part] for parts in files]
    assert found == expected
