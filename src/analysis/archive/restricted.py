"""Confidential inputs: they stay out of a deposit, which lists them and how to get them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from analysis.archive.metadata import METADATA, Metadata
from analysis.errors import Problem, StudyError
from analysis.restricted.place import Place
from analysis.workspace import file_hash

__all__ = ["LeftOut", "describe_restricted", "list_restricted"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A confidential file: its path below the top folder, study, size in bytes and sha256."""

    path: str
    study: str
    size: int
    sha256: str


def list_restricted(root: Path, metadata: Metadata) -> tuple[LeftOut, ...]:
    """List the files of the exports in ``data/restricted``, but not what runs made of them.

    Raises
    ------
    StudyError
        If there are files of a study whose conditions of access are not stated.
    """
    folder = root / "data" / "restricted"
    stated = {restricted.study for restricted in metadata.restricted}
    found, silent = [], []
    for study in sorted(path.name for path in folder.glob("*") if path.is_dir()):
        place = Place(root, study)
        if place.exported and study not in stated:
            silent.append(study)
        for path in (place.folder / file for file in place.exported):
            name = path.relative_to(root).as_posix()
            found.append(LeftOut(name, study, path.stat().st_size, file_hash(path)))
    if silent:
        unused = stated.difference(file.study for file in found)
        problems = [
            Problem(f"nothing says who may use data/restricted/{study}", METADATA, hint)
            for study in silent
            for hint in [_hint(study, unused)]
        ]
        raise StudyError("confidential data have no stated conditions of access", problems)
    return tuple(found)


def _hint(study: str, unused: Collection[str]) -> str:
    near = get_close_matches(study, unused, n=1)
    if near:
        return f"is the study {near[0]!r} of a table [[restricted]] this one?"
    return "add a table [[restricted]] with study, title and access"


def describe_restricted(files: Sequence[LeftOut], metadata: Metadata) -> str:
    """Write the file that stands in a deposit for confidential ones."""
    lines = [
        "# Data that are not in this deposit",
        "",
        "These files are confidential. Whoever is given them can tell by the sha256 sums that they",
        "are the ones that were used, and puts them where they are listed.",
    ]
    for restricted in metadata.restricted:
        own = [file for file in files if file.study == restricted.study]
        if not own:
            continue
        lines += ["", f"## {restricted.title}", "", restricted.access, ""]
        lines += ["| file | bytes | sha256 |", "|---|---:|---|"]
        lines += [f"| `{file.path}` | {file.size:,} | `{file.sha256}` |" for file in own]
    return "\n".join(lines) + "\n"
