"""The rule that keeps small counts out of exhibits of restricted data."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure import (
    OTHER_REASONS,
    WITHHELD,
    has_small_group,
    hide_small,
    names_in,
    protect_flow,
    protect_number,
    protect_table,
    reached_by_few,
)
from analysis.effects.design import Design
from analysis.ledger.flow import Dropped, RowFlow

THRESHOLD = 10


def table(**columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_small_counts_are_not_told_and_others_are() -> None:
    cells = table(Rows=["9", "10", "0", "1,009"], Mean=["3.5", "2.0", "−4", "7%"])
    told = protect_table(cells, THRESHOLD)
    assert told["Rows"].tolist() == ["<10", "10", "0", "1,009"]
    assert told["Mean"].tolist() == cells["Mean"].tolist()


def test_a_column_that_counts_clusters_is_told_and_one_that_nobody_thought_of_is_not() -> None:
    """Would catch a new table whose small counts are told because its head is unknown."""
    told = protect_table(table(Clusters=["5"], Anything=["5"]), THRESHOLD)
    assert told.iloc[0].tolist() == ["5", "<10"]


def test_without_a_threshold_nothing_changes() -> None:
    cells = table(Rows=["3"])
    pd.testing.assert_frame_equal(protect_table(cells, 0), cells)


def test_a_total_does_not_give_a_small_count_away() -> None:
    told = protect_table(table(Cases=["4", "30", "66", "100"]), THRESHOLD)
    assert told["Cases"].tolist() == ["<10", WITHHELD, "66", "100"]


def test_what_is_withheld_does_not_follow_from_its_own_column() -> None:
    """Would catch a count that is hidden in its row and given away by the total below it."""
    cells = table(In=["50", "70", "120"], Dropped=["4", "20", "24"], Out=["46", "50", "96"])
    told = protect_table(cells, THRESHOLD)
    hidden = told.isin([WITHHELD, "<10"])
    assert hidden.loc[0].sum() >= 2
    for name in told:
        assert hidden[name].sum() != 1


def test_what_is_withheld_does_not_stand_in_the_next_row() -> None:
    """Would catch the rows that a step dropped, told by what comes into the step after it."""
    cells = table(
        In=["2,400", "2,399", "2,358"], Dropped=["1", "41", ""], Out=["2,399", "2,358", "2,358"]
    )
    told = protect_table(cells, THRESHOLD)
    assert told.loc[0].tolist() == ["2,400", "<10", WITHHELD]
    assert told.loc[1, "In"] == WITHHELD
    # Nor may the next row give it back: what goes out of it, and what it dropped, are its sum.
    assert WITHHELD in told.loc[1, ["Dropped", "Out"]].tolist()


@given(
    st.lists(st.integers(0, 60), min_size=2, max_size=4).flatmap(
        lambda parts: st.tuples(st.just(parts), st.permutations(range(len(parts) + 1)))
    )
)
def test_no_sum_of_a_row_gives_a_small_count_away(drawn: tuple[list[int], list[int]]) -> None:
    parts, order = drawn
    counts = [*parts, sum(parts)]
    cells = pd.DataFrame([[f"{counts[place]:,}" for place in order]], columns=map(str, order))
    told = protect_table(cells, THRESHOLD).iloc[0]
    shown = [int(text) for text in told if text.isdecimal() and text != "0"]
    assert not any(0 < count < THRESHOLD for count in shown)
    small = {count for count in counts if 0 < count < THRESHOLD}
    for size in range(2, len(shown) + 1):
        for chosen in itertools.combinations(shown, size):
            for signs in itertools.product((1, -1), repeat=size):
                assert sum(s * c for s, c in zip(signs, chosen, strict=True)) not in small


@pytest.mark.parametrize(
    ("value", "text", "unit", "told"),
    [
        (7, "7", "cases", "<10"),
        (7, "7", "", "<10"),
        (7, "7", "clusters", "7"),
        (0, "0", "rows", "0"),
        (12, "12", "rows", "12"),
        (0.3, "0.30", "log points", "0.30"),
    ],
)
def test_numbers_of_few_are_not_told(value: float, text: str, unit: str, told: str) -> None:
    kept, shown = protect_number(value, text, unit, THRESHOLD)
    assert shown == told
    assert kept == (None if told == "<10" else value)


def test_a_flow_puts_small_reasons_together_and_lists_no_rows() -> None:
    """Would catch the row numbers of single missing reports in the ledger."""
    dropped = (Dropped("a", 3, "2-4"), Dropped("b", 4, "9-12"), Dropped("c", 20), Dropped("d", 60))
    told = protect_flow(RowFlow(187, dropped, 0, 100, 10, 10), THRESHOLD)
    assert told is not None
    assert told.dropped == (Dropped("d", 60), Dropped(OTHER_REASONS, 27))


@pytest.mark.parametrize("dropped", [(Dropped("a", 3),), (Dropped("a", 3), Dropped("b", 4))])
def test_a_flow_that_loses_few_rows_is_not_told(dropped: tuple[Dropped, ...]) -> None:
    rows = 100 + sum(one.count for one in dropped)
    assert protect_flow(RowFlow(rows, dropped, 0, 100, 10, 10), THRESHOLD) is None


def test_a_cohort_of_few_units_is_found() -> None:
    panel = pd.DataFrame({"unit": ["a", "a", "b", "c"], "adoption": [1, 1, 1, None]})
    assert has_small_group(panel, ["unit"], "adoption", 3)
    assert not has_small_group(panel, ["unit"], "adoption", 0)


def test_a_month_that_few_units_reach_is_found() -> None:
    """Would catch an event study whose last month is the path of a single unit."""
    rows = [(unit, month, month - 2, unit) for unit in (1, 2, 3) for month in (1, 2, 3)]
    panel = pd.DataFrame(rows, columns=["unit", "period", "y", "adoption"])
    design = Design("y", "level", "adoption", "adoption", cluster="unit")
    assert reached_by_few(panel, design, [0, 2], 3)
    assert not reached_by_few(panel, design, [0], 3)
    assert not reached_by_few(panel, design, [2], 0)


def test_small_counts_are_left_out_of_figures() -> None:
    counts = pd.DataFrame({"cases": pd.array([0, 9, 10], dtype="Int64")})
    assert hide_small(counts, THRESHOLD)["cases"].isna().tolist() == [False, True, False]
    assert hide_small(counts, 0)["cases"].notna().all()


def test_names_are_found_as_words_also_in_chinese() -> None:
    texts = {"a": "去掉东城区后", "b": "Townhouse", "c": "without Town"}
    assert list(names_in(texts, ["东城区", "Town", "", "1"])) == [("a", "东城区"), ("c", "Town")]
