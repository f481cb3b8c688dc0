"""Build the paper with Typst: an archival, accessible PDF, the same bytes every time."""

from __future__ import annotations

import json
import re
from pathlib import Path

import typst

from analysis.errors import Problem, RunError, did_you_mean

__all__ = ["build_paper"]

# PDF/A for archives and PDF/UA for readers who listen; Typst then insists on alternative texts.
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

# How Typst, or the paper's own template, says that an id is not in numbers.json.
_UNKNOWN_ID = re.compile(r"does not contain key \"([^\"]+)\"|'([^']+)', which no notebook records")


def build_paper(root: Path, output: Path) -> None:
    """Compile ``paper/paper.typ``.

    Parameters
    ----------
    root
        The top folder of the compendium.
    output
        The PDF to write.

    Raises
    ------
    RunError
        If Typst finds an error or has a warning, such as a font that is not there; or if the
        paper uses an exhibit that no notebook records, naming its id.
    """
    source = root / "paper" / "paper.typ"
    try:
        content, warnings = typst.compile_with_warnings(
            source,
            format="pdf",
            root=root,
            font_paths=[root / "paper" / "fonts"],
            ignore_system_fonts=True,
            pdf_standards=_STANDARDS,
            # The date of a build is not a property of the paper.
            timestamp=0,
        )
    except typst.TypstError as failure:
        raise RunError("the paper cannot be built", [_problem(failure, root)]) from None
    if warnings:
        raise RunError("the paper has warnings", [_problem(warning, root) for warning in warnings])
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(content)


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
