"""A trace as text of 80 columns, and as JSON with all that is known."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from analysis.ledger.read import Entry
from analysis.trace.state import Part
from analysis.trace.trace import Trace, TracedExhibit, TracedRun
from analysis.trace.values import Match

__all__ = ["trace_as_json", "trace_as_text"]

WIDTH = 80
HASH = 12
# So many unchanged files of one folder are told in one line.
MANY = 3
# Letters told on each side of what was sought in a long text.
CUT = 30
VERDICTS = {True: "Same", False: "DIFFERS", None: "Note"}


def trace_as_text(trace: Trace) -> str:
    """Write a trace for a reader."""
    lines: list[str] = []
    if trace.file is not None:
        kind = trace.file.document or "/".join(trace.file.run or ())
        said = f"{trace.file.form} of ours" + (f": {kind}" if kind else "")
        lines += [trace.file.path, *_item("Is", said)]
        lines += [*_item(VERDICTS[trace.file.same], trace.file.verdict), ""]
    if trace.matches:
        lines += [*_matches(trace.query, trace.matches), ""]
    for exhibit in trace.exhibits:
        lines += [*_exhibit(exhibit), ""]
    if trace.run is not None:
        lines += [*_run(trace.run), "", f"{len(trace.run.exhibits)} exhibits"]
        lines += [line for entry in trace.run.exhibits for line in _entry_lines(entry)]
    for page, entries in trace.pages.items():
        lines += [f"Page {page}", *(line for entry in entries for line in _entry_lines(entry))]
    return "\n".join(lines).rstrip()


def trace_as_json(trace: Trace) -> str:
    """Write a trace for a program; hashes are whole, and nothing is left out."""
    content = {
        "query": trace.query,
        "file": trace.file and dataclasses.asdict(trace.file),
        "exhibits": [
            dataclasses.asdict(exhibit)
            | {"source": exhibit.entry.source, "executed": exhibit.entry.executed}
            for exhibit in trace.exhibits
        ],
        "matches": [
            dataclasses.asdict(match) | {"source": match.entry.source, "address": _address(match)}
            for match in trace.matches
        ],
        "run": trace.run and dataclasses.asdict(trace.run),
        "pages": {
            str(page): [dataclasses.asdict(entry) for entry in entries]
            for page, entries in trace.pages.items()
        },
    }
    return json.dumps(content, indent=1, ensure_ascii=False)


def _exhibit(traced: TracedExhibit) -> Iterator[str]:
    entry = traced.entry
    yield f"{entry.id}: a {entry.kind}{' (simulated)' if entry.simulated else ''}"
    if entry.kind == "number":
        unit = f" {entry.unit}" if entry.unit else ""
        yield from _item("Value", f"{entry.text}{unit}; at full precision {entry.value!r}")
    if (cell := traced.cell) is not None:
        yield from _item("Cell", f"{cell.text} (row {cell.row}: {cell.label}; {cell.head})")
    for number in traced.numbers:
        yield from _item("Perhaps", f"{number.id}, {number.place}, run {number.run}")
    if entry.caption:
        yield from _item("Caption", entry.caption)
    yield from _item("Tolerance", _tolerance(entry))
    yield "Made by"
    place = f"{entry.place}, {entry.cell or 'cell unknown'}"
    yield from _wrap(place)
    if traced.line_text is not None:
        yield from _wrap(f"> {traced.line_text}")
    elif entry.line is not None:
        yield from _wrap("(the notebook has changed since: the line may be another)")
    yield from _wrap(f"shown in {entry.executed}")
    yield from _run(traced.run)
    if traced.files:
        yield "Committed files"
        for path, state in traced.files.items():
            yield from _file_line(path, entry.files[path], state)
    yield from _uses(traced)


def _run(run: TracedRun) -> Iterator[str]:
    given = " ".join(f"{name}={value}" for name, value in run.made_from.parameters.items())
    yield from _item("With", given)
    yield "Made from (sha256, and how it is in this tree)"
    for part in _folded(run.parts):
        yield from _file_line(*part)
    if run.made_from.records:
        names = ", ".join(PurePosixPath(record).stem for record in run.made_from.records)
        yield from _item("Reads", f"what these runs recorded: {names}")


def _folded(parts: Sequence[Part]) -> Iterator[tuple[str, str, str]]:
    """Tell many unchanged files of one folder in one line."""
    folders = [PurePosixPath(part.path).parent.as_posix() for part in parts]
    told: set[str] = set()
    for part, folder in zip(parts, folders, strict=True):
        others = [p for p, f in zip(parts, folders, strict=True) if f == folder]
        foldable = part.role == "input" and len(others) > MANY
        if not foldable or any(other.state != "same" for other in others):
            yield part.path, part.sha256, part.state
        elif folder not in told:
            told.add(folder)
            yield f"{folder} ({len(others)} files)", "", "same"


def _uses(traced: TracedExhibit) -> Iterator[str]:
    uses = traced.uses
    yield "Used"
    for document, pages in uses.pages.items():
        noun = "page" if len(pages) == 1 else "pages"
        yield from _wrap(f"{document}, {noun} {', '.join(map(str, pages))}")
    for line in uses.lines:
        yield from _wrap(f"{line.path}, line {line.line}: {_around(line.text, traced.entry.id)}")
    for reader in uses.readers:
        yield from _wrap(f"{reader} reads what {traced.entry.run} recorded")
    if not (uses.pages or uses.lines or uses.readers):
        yield from _wrap("nowhere")


def _matches(query: str, matches: Sequence[Match]) -> Iterator[str]:
    used = sum(match.used for match in matches)
    noun = "place" if len(matches) == 1 else "places"
    yield f"{query} is printed at {len(matches)} {noun}, {used} of them in use"
    for match in matches:
        mark = "" if match.used else " (not in use)"
        yield from _wrap(f"{_address(match)}{mark}")
        yield from _wrap(f"{match.where}: {_around(match.text, query)}", 4)
        yield from _wrap(f"{match.entry.place}, run {match.entry.run}", 4)


def _address(match: Match) -> str:
    if match.cell is None:
        return match.entry.id
    return f"{match.entry.id}:{match.cell.row}:{match.cell.head or match.cell.column}"


def _entry_lines(entry: Entry) -> Iterator[str]:
    said = f" = {entry.text}" if entry.kind == "number" else f" ({entry.kind})"
    yield from _wrap(f"{entry.id}{said}")
    yield from _wrap(f"{entry.place}, run {entry.run}", 4)


def _around(text: str, sought: str) -> str:
    """Cut a long text to what stands around what was sought."""
    start = max(text.find(sought) - CUT, 0)
    end = max(text.find(sought), 0) + len(sought) + CUT
    return f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}"


def _tolerance(entry: Entry) -> str:
    allowed = entry.tolerance
    sizes = [
        f"{name} {size:g}"
        for name, size in (("relative", allowed.relative), ("absolute", allowed.absolute))
        if size
    ]
    return f"{', '.join([allowed.kind, *sizes])}: {allowed.reason}"


def _file_line(path: str, sha256: str, state: str) -> Iterator[str]:
    room = WIDTH - len("   changed") - HASH - 1
    if len(path) > room:
        yield f"  {path}"
        path = ""
    yield f"  {path:<{room}} {sha256[:HASH]:<{HASH}} {state}"


def _item(name: str, text: str) -> Iterable[str]:
    return textwrap.wrap(
        f"{name:<10}{text}", WIDTH, subsequent_indent=" " * 10, break_on_hyphens=False
    )


def _wrap(text: str, indent: int = 2) -> Iterable[str]:
    first, later = " " * indent, " " * (indent + 2)
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False
    )
