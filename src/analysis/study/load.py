"""Read a study file; an error names the file, the line, the key and the nearest valid one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from analysis.errors import Problem, StudyError, did_you_mean
from analysis.study.schema import Study
from analysis.study.strict import Location, build_strictly

__all__ = ["list_studies", "load_study", "read_study"]

_TABLE = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+)\s*=")


def load_study(name: str, folder: Path) -> Study:
    """Read the study of that name.

    Parameters
    ----------
    name
        The name of the study, which is the name of its file.
    folder
        Where the study files are, ``notebooks/studies`` in the compendium.

    Raises
    ------
    StudyError
        If there is no such study, or its file is not a valid study.
    """
    known = list_studies(folder)
    if name not in known:
        problem = Problem(f"there is no study {name!r}", folder.name, did_you_mean(name, known))
        raise StudyError("the study cannot be found", [problem])
    return read_study(folder / f"{name}.toml")


def list_studies(folder: Path) -> list[str]:
    """Name the studies in a folder, in alphabetical order."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def read_study(path: Path) -> Study:
    """Read one study file.

    Parameters
    ----------
    path
        A TOML file; see `analysis.study.schema` for what it may say.

    Raises
    ------
    StudyError
        If the file is not TOML, or a key is unknown, missing or of the wrong type; all problems
        are reported together.
    """
    text = path.read_text(encoding="utf-8")
    title = f"{path.name} is not a valid study file"
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        hint = "see https://toml.io for the syntax"
        raise StudyError(title, [Problem(str(failure), path.name, hint)]) from None
    lines = _line_numbers(text)

    def place(location: Location) -> str:
        return f"{path.name}, line {_nearest_line(lines, location)}, {_dotted(location)}"

    study = build_strictly(Study, data, title=title, error=StudyError, place=place)
    if study.name != path.stem:
        problem = Problem(
            f"the study is called {study.name!r} but its file {path.name!r}",
            place(("name",)),
            f"write name = {path.stem!r} or rename the file",
        )
        raise StudyError(title, [problem])
    return study


def _line_numbers(text: str) -> dict[Location, int]:
    """Find the line on which each table begins and each key stands.

    The standard library's TOML reader keeps no positions; headers and keys at the start of a line
    are enough to lead a reader to the place.
    """
    lines: dict[Location, int] = {}
    counts: dict[Location, int] = {}
    here: Location = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if table := _TABLE.match(line):
            here = _table_location(table[2], counts, is_array=table[1] == "[[")
            lines[here] = number
        elif key := _KEY.match(line):
            lines[(*here, key[1])] = number
    return lines


def _table_location(dotted: str, counts: dict[Location, int], *, is_array: bool) -> Location:
    location: Location = ()
    *parents, last = dotted.split(".")
    for parent in parents:
        location = (*location, parent)
        if location in counts:
            location = (*location, counts[location] - 1)
    location = (*location, last)
    if is_array:
        counts[location] = counts.get(location, 0) + 1
        location = (*location, counts[location] - 1)
    return location


def _nearest_line(lines: dict[Location, int], location: Location) -> int:
    while location and location not in lines:
        location = location[:-1]
    return lines.get(location, 1)


def _dotted(location: Location) -> str:
    steps = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in location)
    return steps.lstrip(".") or "top level"
