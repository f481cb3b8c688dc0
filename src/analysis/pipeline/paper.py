"""Build the paper with Typst: archival, accessible PDFs, the same bytes every time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import typst

from analysis.errors import Problem, RunError, did_you_mean
from analysis.ledger.uses import Use, check_used, write_uses
from analysis.pipeline.documents import USES, document_file, documents_of
from analysis.workspace import write_atomically

__all__ = ["build_paper", "compile_document"]

# PDF/A for archives and PDF/UA for readers who listen; Typst then insists on alternative texts.
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

# How Typst, or the paper's own template, says that an id is not in numbers.json.
_UNKNOWN_ID = re.compile(r"does not contain key \"([^\"]+)\"|'([^']+)', which no notebook records")

# The label that the template gives to the marks of exhibits that are used.
_USES = "<use>"

Built = TypeVar("Built")


def build_paper(root: Path, output: Path) -> None:
    """Compile the documents, and write down which exhibit is used on which page of them.

    Parameters
    ----------
    root
        The top folder of the compendium.
    output
        Stands for the top folder in the names of what is written: ``paper/paper.pdf``,
        ``paper/supplement.pdf`` if the compendium has one, and ``paper/uses.json``.

    Raises
    ------
    RunError
        If Typst finds an error or has a warning, such as a font that is not there; if a document
        uses an exhibit that no notebook records; or if no document uses one that is recorded, in
        a study that they treat. Ids are named.
    """
    uses: list[Use] = []
    for name in documents_of(root):
        source = root / "paper" / f"{name}.typ"
        write_atomically(output / document_file(name), compile_document(root, source, {}))
        uses += [Use(mark["id"], name, mark["page"]) for mark in _query(root, name)]
    check_used(root, uses)
    write_uses(uses, output / USES)


def compile_document(root: Path, source: Path, inputs: Mapping[str, str]) -> bytes:
    """Compile one Typst source to a PDF.

    Parameters
    ----------
    root
        The top folder of the compendium, above which the source reads nothing.
    source
        The Typst file.
    inputs
        What it reads as ``sys.inputs``.

    Raises
    ------
    RunError
        If Typst finds an error or has a warning.
    """
    content: bytes
    content, warnings = _with_problems(
        root,
        lambda options: typst.compile_with_warnings(
            source,
            sys_inputs=dict(inputs),
            format="pdf",
            pdf_standards=_STANDARDS,
            # The date of a build is not a property of the paper.
            timestamp=0,
            **options,
        ),
    )
    if warnings:
        raise RunError("the paper has warnings", [_problem(warning, root) for warning in warnings])
    return content


def _query(root: Path, name: str) -> list[dict[str, Any]]:
    source = root / "paper" / f"{name}.typ"
    found = _with_problems(
        root, lambda options: typst.query(source, _USES, field="value", **options)
    )
    marks: list[dict[str, Any]] = json.loads(found)
    return marks


def _with_problems(root: Path, work: Callable[[dict[str, Any]], Built]) -> Built:
    options = {
        "root": root,
        "font_paths": [root / "paper" / "fonts"],
        "ignore_system_fonts": True,
    }
    try:
        return work(options)
    except typst.TypstError as failure:
        raise RunError("the paper cannot be built", [_problem(failure, root)]) from None


def _problem(diagnostic: typst.TypstError | typst.TypstWarning, root: Path) -> Problem:
    # Typst names files from the folder in which this process happens to be.
    place = re.search(r"[┌╭]─+ *(?:\.\.[/\\])*(\S+?):(\d+)", diagnostic.diagnostic)
    where = f"{place[1]}, line {place[2]}" if place else "paper/paper.typ"
    if unknown := _UNKNOWN_ID.search(diagnostic.message):
        identity = unknown[1] or unknown[2]
        what = f"no notebook records {identity!r}"
        return Problem(what, where, did_you_mean(identity, _recorded(root)))
    return Problem(diagnostic.message, where, " ".join(diagnostic.hints))


def _recorded(root: Path) -> list[str]:
    content = json.loads((root / "paper" / "numbers.json").read_text(encoding="utf-8"))
    return [identity for kind in ("figures", "numbers", "tables") for identity in content[kind]]
