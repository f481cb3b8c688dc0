"""From an id, a value, a table cell or a file to all that is known of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from analysis.errors import ParameterError, Problem
from analysis.ledger.read import Entry, Ledger, MadeFrom, read_ledgers
from analysis.ledger.uses import Use, read_uses
from analysis.trace.cells import TableCell, find_cell, read_table
from analysis.trace.files import TracedFile, identify_file
from analysis.trace.forward import Uses, find_uses
from analysis.trace.state import Part, State, compare_file, parts_of_run
from analysis.trace.values import Match, find_value, is_value

__all__ = ["Trace", "TracedExhibit", "TracedRun", "trace"]

HINTS = 3
_NOTHING = "nothing can be traced"


@dataclass(frozen=True, slots=True)
class TracedRun:
    """A notebook run, and whether what it was made from is still the same.

    Attributes
    ----------
    study, name
        The study, and the run's name: ``03_effect-street-complaints``.
    made_from
        What was recorded of it.
    parts
        Each part of that, and how it is in this tree.
    exhibits
        What it recorded, in the order of lines; empty where only one exhibit is traced.
    """

    study: str
    name: str
    made_from: MadeFrom
    parts: tuple[Part, ...]
    exhibits: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class TracedExhibit:
    """An exhibit with its origin and its uses.

    Attributes
    ----------
    entry
        What the ledger says of it.
    cell
        The cell that was asked for, if it is a table.
    numbers
        Of a cell: numbers that print the same, among those that the table's run read.
    line_text
        The line of the notebook that recorded it; None if the notebook has changed since, so that
        another line may stand there.
    run
        The run that made it.
    files
        Its committed files, and whether they are as recorded.
    uses
        What uses it.
    """

    entry: Entry
    cell: TableCell | None
    numbers: tuple[Entry, ...]
    line_text: str | None
    run: TracedRun
    files: Mapping[str, State]
    uses: Uses


@dataclass(frozen=True, slots=True)
class Trace:
    """The answer.

    Attributes
    ----------
    query
        What was asked for.
    file
        If that was a file: what it is.
    exhibits
        The exhibits, with their origin and uses.
    matches
        If it was a value: everywhere it is printed; with a single match that is traced as well.
    run
        If it was an executed notebook: its run.
    pages
        If it was a document: page -> the exhibits on it.
    """

    query: str
    file: TracedFile | None = None
    exhibits: tuple[TracedExhibit, ...] = ()
    matches: tuple[Match, ...] = ()
    run: TracedRun | None = None
    pages: Mapping[int, tuple[Entry, ...]] = field(default_factory=dict)


def trace(root: Path, query: str) -> Trace:
    """Trace an id, a table cell, a file or a value, whichever it is.

    Parameters
    ----------
    root
        The top folder of the compendium.
    query
        The path of a file; an id in a ledger; ``<table>:<row>:<column>``; or a value as it is
        printed.

    Raises
    ------
    RunError
        If a file carries no id, or a ledger is broken.
    ParameterError
        If nothing is called so, and nothing prints it.
    """
    if not query.strip():
        hint = "name an id, a value, a table cell or a file: compendium trace --help"
        raise ParameterError(_NOTHING, [Problem("the query is empty", "", hint)])
    ledgers, uses = read_ledgers(root), read_uses(root)
    tracer = _Tracer(root, ledgers, uses)
    entries = {entry.id: entry for ledger in ledgers.values() for entry in ledger.entries.values()}
    if query in entries:
        return Trace(query, exhibits=(tracer.exhibit(entries[query]),))
    table, row, column = (*query.split(":", 2), "", "")[:3]
    if table in entries and entries[table].kind == "table":
        return Trace(query, exhibits=(tracer.cell(entries[table], row, column),))
    if _is_file(query):
        return tracer.file(query, identify_file(root, ledgers, Path(query)))
    used = {use.id for use in uses}
    matches = tuple(find_value(root, entries.values(), used, query))
    if matches:
        single = matches if len(matches) == 1 else ()
        traced = tuple(tracer.exhibit(match.entry, match.cell) for match in single)
        return Trace(query, exhibits=traced, matches=matches)
    raise _unknown(query, entries)


@dataclass(frozen=True, slots=True)
class _Tracer:
    root: Path
    ledgers: Mapping[str, Ledger]
    uses: list[Use]

    def exhibit(self, entry: Entry, cell: TableCell | None = None) -> TracedExhibit:
        ledger = self.ledgers[entry.study]
        run = self.run(entry.study, entry.run)
        return TracedExhibit(
            entry,
            cell,
            tuple(_numbers_behind(ledger, run.made_from, cell)) if cell else (),
            _line(self.root, entry, run),
            run,
            {path: compare_file(self.root / path, was) for path, was in entry.files.items()},
            find_uses(self.root, ledger, entry.run, entry.id, self.uses),
        )

    def cell(self, entry: Entry, row: str, column: str) -> TracedExhibit:
        table = read_table(self.root, entry.id)
        if table is None:
            problem = Problem("its file is missing", f"paper/tables/{entry.id}.json", "run again")
            raise ParameterError("there is no such cell", [problem])
        return self.exhibit(entry, find_cell(table, entry.id, row, column))

    def file(self, query: str, found: TracedFile) -> Trace:
        exhibits = tuple(self.exhibit(entry) for entry in found.exhibits)
        run = self.run(*found.run, whole=True) if found.run else None
        pages = self.pages(found.document) if found.document else {}
        return Trace(query, file=found, exhibits=exhibits, run=run, pages=pages)

    def run(self, study: str, name: str, *, whole: bool = False) -> TracedRun:
        ledger = self.ledgers[study]
        made_from = ledger.runs[name]
        made = [entry for entry in ledger.entries.values() if whole and entry.run == name]
        return TracedRun(
            study,
            name,
            made_from,
            parts_of_run(self.root, ledger, made_from),
            tuple(sorted(made, key=lambda entry: entry.line or 0)),
        )

    def pages(self, document: str) -> dict[int, tuple[Entry, ...]]:
        entries = {e.id: e for ledger in self.ledgers.values() for e in ledger.entries.values()}
        pages: dict[int, tuple[Entry, ...]] = {}
        for use in sorted(self.uses, key=lambda use: (use.page, use.id)):
            if use.document == document and use.id in entries:
                pages[use.page] = (*pages.get(use.page, ()), entries[use.id])
        return pages


def _is_file(query: str) -> bool:
    try:
        return Path(query).is_file()
    except OSError:
        # A text that is too long to be the name of a file.
        return False


def _is_folder(query: str) -> bool:
    try:
        return Path(query).is_dir()
    except OSError:
        return False


def _numbers_behind(ledger: Ledger, made_from: MadeFrom, cell: TableCell) -> Iterator[Entry]:
    """Find the numbers of a cell among those of the runs whose records were read."""
    read = {PurePosixPath(record).stem for record in made_from.records}
    for entry in ledger.entries.values():
        if entry.kind == "number" and entry.run in read and entry.text == cell.text:
            yield entry


def _line(root: Path, entry: Entry, run: TracedRun) -> str | None:
    unchanged = any(part.role == "notebook" and part.state == "same" for part in run.parts)
    if entry.line is None or not unchanged:
        return None
    lines = (root / entry.source).read_text(encoding="utf-8").splitlines()
    return lines[entry.line - 1].strip() if entry.line <= len(lines) else None


def _unknown(query: str, entries: Mapping[str, Entry]) -> ParameterError:
    if is_value(query):
        hint = "write it with as many digits as are printed"
        problem = Problem("no number, table, caption or note prints it", query, hint)
        return ParameterError("the value cannot be traced", [problem])
    nearest = difflib.get_close_matches(query.partition(":")[0], entries, n=HINTS)
    hint = f"did you mean {', '.join(nearest)}?" if nearest else "compendium trace --help"
    if not entries:
        hint = "there are no ledgers: run the whole compendium first"
    what = "there is no such exhibit, file or value"
    if _is_folder(query):
        what, hint = "it is a folder", "name a file in it"
    return ParameterError(_NOTHING, [Problem(what, query, hint)])
