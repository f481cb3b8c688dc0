"""What a file is: which exhibit, document or run of ours it holds, and whether it is the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import Problem, RunError, did_you_mean
from analysis.ledger.read import Entry, Ledger
from analysis.trace.cells import TableContent, read_table
from analysis.trace.pdf import document_of_pdf, figure_of_pdf
from analysis.trace.tables import compare_table, table_of_csv
from analysis.workspace import file_hash

__all__ = ["TracedFile", "identify_file"]


@dataclass(frozen=True, slots=True)
class TracedFile:
    """A file that is ours.

    Attributes
    ----------
    path
        The file, as it was given.
    form
        ``PNG``, ``SVG``, ``PDF``, ``CSV``, ``JSON`` or ``notebook``.
    sha256
        Its hash.
    same
        Whether it shows what the committed file does; None if they cannot be compared.
    verdict
        How this was found, or what differs.
    exhibits
        The exhibits in it; several if several tables are equal.
    document
        The document that it is, such as ``paper``.
    run
        The study and the run whose executed notebook it is.
    """

    path: str
    form: str
    sha256: str
    same: bool | None
    verdict: str
    exhibits: tuple[Entry, ...] = ()
    document: str | None = None
    run: tuple[str, str] | None = None


def identify_file(root: Path, ledgers: Mapping[str, Ledger], path: Path) -> TracedFile:
    """Find out what a file is, by what is in it and not by its name or place.

    Parameters
    ----------
    root
        The top folder of the compendium.
    ledgers
        All ledgers, by study.
    path
        The file.

    Raises
    ------
    RunError
        If it carries no id of ours, or one that no ledger has.
    """
    content, sha256 = path.read_bytes(), file_hash(path)
    entries = {entry.id: entry for ledger in ledgers.values() for entry in ledger.entries.values()}
    if content.startswith(b"%PDF"):
        return _pdf(root, entries, path, content, sha256)
    if content.startswith(b"\x89PNG") or b"<svg" in content[:2000]:
        return _picture(root, entries, path, content, sha256)
    if (parsed := _json(content)) is not None:
        if "cells" in parsed:
            return _notebook(root, ledgers, path, parsed, sha256)
        return _table_of_json(root, entries, path, parsed, sha256)
    tables = [entry for entry in entries.values() if entry.kind == "table"]
    found = table_of_csv(root, tables, path.stem, content, sha256)
    if found is None:
        hint = "pictures, tables, documents and executed notebooks can be traced"
        raise _untraced(path, "it is no table of ours, nor anything else that carries an id", hint)
    copies, same, verdict = found
    return TracedFile(str(path), "CSV", sha256, same, verdict, tuple(copies))


def _picture(
    root: Path, entries: Mapping[str, Entry], path: Path, content: bytes, sha256: str
) -> TracedFile:
    # Pillow takes a while to load, which only pictures should cost.
    from analysis.trace.pictures import compare_picture, identity_of_picture

    form = "PNG" if content.startswith(b"\x89PNG") else "SVG"
    identity = identity_of_picture(content)
    if identity is None:
        hint = "screenshots and pictures saved anew lose it: trace a number in it instead"
        raise _untraced(path, f"this {form} carries no id of ours", hint)
    entry = _known(entries, path, identity)
    same, verdict = compare_picture(root, entry, content, sha256)
    return TracedFile(str(path), form, sha256, same, verdict, (entry,))


def _pdf(
    root: Path, entries: Mapping[str, Entry], path: Path, content: bytes, sha256: str
) -> TracedFile:
    if (document := document_of_pdf(root, content)) is not None:
        same = file_hash(root / "paper" / f"{document}.pdf") == sha256
        verdict = (
            "the committed file, byte for byte"
            if same
            else f"it differs from the committed paper/{document}.pdf, whose pages follow"
        )
        return TracedFile(str(path), "PDF", sha256, same, verdict, document=document)
    identity = figure_of_pdf(content, entries)
    if identity is None:
        hint = "documents of ours are known by their title, figures by an id in their metadata"
        raise _untraced(path, "this PDF is neither a document nor a figure of ours", hint)
    verdict = "figures are committed as SVG and PNG, so that this PDF cannot be compared"
    return TracedFile(str(path), "PDF", sha256, None, verdict, (entries[identity],))


def _table_of_json(
    root: Path, entries: Mapping[str, Entry], path: Path, parsed: dict[str, Any], sha256: str
) -> TracedFile:
    if not isinstance(parsed.get("id"), str):
        raise _untraced(path, "this JSON carries no id of ours", "tables of ours have a key 'id'")
    entry = _known(entries, path, parsed["id"])
    if sha256 in entry.files.values():
        verdict = "the committed file, byte for byte"
        return TracedFile(str(path), "JSON", sha256, True, verdict, (entry,))
    committed = read_table(root, entry.id)
    try:
        found = TableContent(tuple(parsed["columns"]), tuple(map(tuple, parsed["rows"])))
        verdict = compare_table(committed, found) if committed else "its committed file is missing"
    except (KeyError, TypeError, IndexError):
        verdict = "it has not the rows and columns of a table of ours"
    return TracedFile(str(path), "JSON", sha256, False, verdict, (entry,))


def _notebook(
    root: Path, ledgers: Mapping[str, Ledger], path: Path, parsed: dict[str, Any], sha256: str
) -> TracedFile:
    metadata = parsed.get("metadata")
    made = metadata.get("compendium") if isinstance(metadata, dict) else None
    if not isinstance(made, dict):
        hint = "only executed copies say what they were made from: notebooks/executed/"
        raise _untraced(path, "this notebook was not executed by the compendium", hint)
    for study, ledger in ledgers.items():
        for run, made_from in ledger.runs.items():
            wanted = (made_from.notebook, dict(made_from.parameters))
            if (made.get("notebook"), made.get("parameters")) != wanted:
                continue
            committed = root / "notebooks" / "executed" / study / f"{run}.ipynb"
            same = committed.is_file() and file_hash(committed) == sha256
            verdict = (
                "the committed file, byte for byte"
                if same
                else "it differs from the committed executed copy of this run"
            )
            return TracedFile(str(path), "notebook", sha256, same, verdict, run=(study, run))
    what = f"no ledger has a run of {made.get('notebook')} with {made.get('parameters')}"
    raise _untraced(path, what, "a trial run is no part of the results")


def _known(entries: Mapping[str, Entry], path: Path, identity: str) -> Entry:
    if identity in entries:
        return entries[identity]
    hint = f"it may be of an older version; {did_you_mean(identity, entries)}"
    raise _untraced(path, f"it carries the id {identity!r}, which no ledger has", hint)


def _json(content: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(content)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def _untraced(path: Path, what: str, hint: str) -> RunError:
    return RunError("the file cannot be traced", [Problem(what, str(path), hint)])
