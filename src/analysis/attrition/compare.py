"""Why two results have different numbers of observations: by reason, and row by row."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.ledger.flow import FIRST_ROW, Dropped, RowFlow, read_rows, write_rows
from analysis.ledger.read import FlowEntry
from analysis.workspace import file_hash

__all__ = ["Comparison", "Difference", "OneSided", "compare_flows"]

EXAMPLES = 3
# The columns that name a row to a reader.
KEYS = ("unit", "category", "period")


@dataclass(frozen=True, slots=True)
class Difference:
    """What one reason adds to the difference between two numbers of observations.

    Attributes
    ----------
    reason
        Why rows are not used; or that the panels differ, or that rows are used again.
    first, second
        Its rows in the first result and in the second.
    adds
        By how much the second has more observations than the first for it.
    """

    reason: str
    first: int
    second: int
    adds: int


@dataclass(frozen=True, slots=True)
class OneSided:
    """Rows that one result uses and the other does not, for one reason.

    Attributes
    ----------
    reason
        Why the other does not use them.
    count
        How many.
    rows
        Which: rows of the panel's file, where the header is row 1, as ``2-4 8``.
    examples
        The first of them by unit and period, if the panel is there as it was.
    """

    reason: str
    count: int
    rows: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two results, and why their numbers of observations differ.

    Attributes
    ----------
    first, second
        The results' flows of rows.
    differences
        By reason; from the observations of the first, they add up to those of the second.
    both
        Rows that both use; None, as what follows, if the results are not on the same panel or it
        was not recorded which rows a result leaves out.
    only_first, only_second
        Rows that only one uses, by the reason why the other does not.
    neither
        Rows that none uses.
    """

    first: FlowEntry
    second: FlowEntry
    differences: tuple[Difference, ...]
    both: int | None = None
    only_first: tuple[OneSided, ...] = ()
    only_second: tuple[OneSided, ...] = ()
    neither: int | None = None


def compare_flows(
    root: Path, first: FlowEntry, second: FlowEntry, panel_hash: str | None
) -> Comparison:
    """Compare the flows of rows into two results.

    Parameters
    ----------
    root
        The top folder of the compendium.
    first, second
        The flows.
    panel_hash
        The recorded hash of the panel of both; rows are named only if the file still has it.
    """
    one, other = first.flow, second.flow
    differences = tuple(_differences(one, other))
    alike = first.panel == second.panel and one.rows_in == other.rows_in
    if not (alike and one.lists_rows and other.lists_rows):
        return Comparison(first, second, differences)
    lost_by_first, lost_by_second = _reason_of_row(one), _reason_of_row(other)
    only_first = {row: why for row, why in lost_by_second.items() if row not in lost_by_first}
    only_second = {row: why for row, why in lost_by_first.items() if row not in lost_by_second}
    neither = len(lost_by_first.keys() & lost_by_second.keys())
    names = _examples(root / first.panel, panel_hash, only_first, only_second)
    return Comparison(
        first,
        second,
        differences,
        both=one.rows_in - len(only_first) - len(only_second) - neither,
        only_first=_one_sided(only_first, other.dropped, names),
        only_second=_one_sided(only_second, one.dropped, names),
        neither=neither,
    )


def _differences(one: RowFlow, other: RowFlow) -> list[Difference]:
    first = {dropped.reason: dropped.count for dropped in one.dropped}
    second = {dropped.reason: dropped.count for dropped in other.dropped}
    counts = [(why, first.get(why, 0), second.get(why, 0)) for why in {**first, **second}]
    found = [
        Difference("rows of the panel", one.rows_in, other.rows_in, other.rows_in - one.rows_in),
        *(Difference(why, here, there, here - there) for why, here, there in counts),
        Difference("rows used again", one.repeated, other.repeated, other.repeated - one.repeated),
    ]
    return [difference for difference in found if difference.adds]


def _reason_of_row(flow: RowFlow) -> dict[int, str]:
    return {row: one.reason for one in flow.dropped for row in read_rows(one.rows)}


def _one_sided(
    rows: Mapping[int, str], dropped: Sequence[Dropped], names: Mapping[int, str]
) -> tuple[OneSided, ...]:
    found = []
    for reason in (one.reason for one in dropped):
        own = sorted(row for row, why in rows.items() if why == reason)
        if own:
            examples = tuple(names[row] for row in own[:EXAMPLES] if row in names)
            places = write_rows(row - FIRST_ROW for row in own)
            found.append(OneSided(reason, len(own), places, examples))
    return tuple(found)


def _examples(panel: Path, sha256: str | None, *one_sided: Mapping[int, str]) -> dict[int, str]:
    """Name the first rows of each reason by unit and period."""
    wanted: set[int] = set()
    names: dict[int, str] = {}
    for rows in one_sided:
        for reason in set(rows.values()):
            wanted |= set(sorted(row for row, why in rows.items() if why == reason)[:EXAMPLES])
    if not wanted or not panel.is_file() or file_hash(panel) != sha256:
        return {}
    with panel.open(encoding="utf-8", newline="") as stream:
        lines = csv.reader(stream)
        heads = next(lines)
        columns = [heads.index(key) for key in KEYS if key in heads]
        for number, line in zip(range(FIRST_ROW, max(wanted) + 1), lines, strict=False):
            if number in wanted:
                names[number] = " ".join(line[column] for column in columns)
    return names
