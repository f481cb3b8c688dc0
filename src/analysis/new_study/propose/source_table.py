"""A source as the study file writes it."""

from __future__ import annotations

from collections.abc import Mapping, Set

from analysis.new_study.guess import Guess
from analysis.new_study.propose.sources import SourceProposal
from analysis.new_study.propose.table import Table, Value
from analysis.tickets.contract import ticket_column

__all__ = ["source_tables"]

_ANSWERS = ("on_time", "responded", "resolved", "satisfied")
_SURE = {
    "sure": "",
    "likely": "its name only resembles the known ones, or it is empty in the samples",
    "guess": "only what stands in it fits",
    "told": "as --unit says",
}


def source_tables(
    source: SourceProposal, constants: Mapping[str, str], answers: Set[str], unit: str
) -> list[Table]:
    """Write one source: how its files are read, and its headers.

    Parameters
    ----------
    source
        What was proposed for it.
    constants
        Columns that a panel needs -> what stands in their place where the source lacks them.
    answers
        Marks and answers of which it could be told what means yes; others are left out.
    unit
        The column that is the panel's unit.
    """
    return [_reading(source, constants, answers, unit), _headers(source, answers)]


def _kept(source: SourceProposal, answers: Set[str]) -> list[str]:
    return [m.column for m in source.matches if m.column not in _ANSWERS or m.column in answers]


def _reading(
    source: SourceProposal, constants: Mapping[str, str], answers: Set[str], unit: str
) -> Table:
    first = source.samples[0]
    rows = sum(sample.rows for sample in source.samples)
    files = "1 sample" if len(source.samples) == 1 else f"{len(source.samples)} samples"
    seen = f"{rows:,} rows of {files} were looked at"
    seen += "." if all(s.whole for s in source.samples) else ", some from each part."
    if uneven := sum(sample.uneven for sample in source.samples):
        seen += f" {uneven:,} more are broken: they have too many cells, too few, or are no JSON."
    keys: dict[str, Guess[Value]] = {
        "name": Guess(source.name),
        "files": source.files,
        "format": Guess(first.format),
    }
    if source.encoding is not None:
        keys["encoding"] = source.encoding
    if first.delimiter is not None and first.delimiter != ",":
        keys["delimiter"] = Guess(first.delimiter)
    if first.quote == "":
        keys["quote"] = Guess("", "Cells fit the header only if quotes are letters like others.")
    if first.sheet is not None:
        keys["sheet"] = Guess(first.sheet, "The first sheet is empty.")
    if first.header_row != 1:
        keys["header_row"] = Guess(first.header_row, _titles_seen(first.header_row - 1))
    keys["times"] = source.times.formats
    if source.times_of_day.value:
        keys["times_of_day"] = source.times_of_day
    keys["clock"] = source.times.clock
    if source.times.whole_days.value:
        keys["whole_days"] = source.times.whole_days
    if source.missing != ("",):
        keys["missing"] = Guess(source.missing, 'Cells that mean "no value".')
    kept = _kept(source, answers)
    if optional := tuple(column for column in source.optional if column in kept):
        keys["optional"] = Guess(optional, "Some of the samples lack these columns.")
    lacking = {c: value for c, value in constants.items() if c not in kept}
    if lacking:
        why = "Columns that the files do not have, and what stands in their place."
        keys["constants"] = Guess(lacking, why, check=unit in lacking)
    return Table("tickets.source", keys, seen, several=True)


def _titles_seen(count: int) -> str:
    """Say that rows stand above the headers, but not what they hold: it may name somebody."""
    if count == 1:
        return "The row above the headers has few cells: it is taken for a title, and not read."
    return (
        f"The {count} rows above the headers have few cells: they are taken for titles, and not "
        "read."
    )


def _headers(source: SourceProposal, answers: Set[str]) -> Table:
    kept = _kept(source, answers)
    keys: dict[str, Guess[Value]] = {}
    for match in source.matches:
        if match.column in kept:
            doubt = _SURE[match.sure]
            meaning = ticket_column(match.column).meaning
            why = f"{meaning}; {doubt}" if doubt else ""
            keys[match.column] = Guess(match.headers, why, match.sure in {"likely", "guess"})
    return Table(
        "tickets.source.headers", keys, "Column of the ticket contract = each header it has had."
    )
