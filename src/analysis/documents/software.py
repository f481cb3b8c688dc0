"""Which software is used, in which version: the direct dependencies, as the lock pins them."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from analysis.documents.markdown import table
from analysis.errors import Problem, RunError

__all__ = ["software_versions"]


def software_versions(root: Path) -> str:
    """Write one row for each package that ``pyproject.toml`` names, by what it is for.

    Raises
    ------
    RunError
        If the lock does not pin one.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    pins = _pins(root / "requirements.txt")
    groups = {"results": project["project"].get("dependencies", [])}
    groups |= project.get("dependency-groups", {})
    rows, problems = [], []
    for group, lines in groups.items():
        names = sorted(canonicalize_name(Requirement(line).name) for line in lines)
        for name in names:
            if name not in pins:
                hint = "compile the lock anew"
                problems.append(Problem(f"{name} is not pinned", "requirements.txt", hint))
        shown = (f"{name} {' or '.join(pins[name])}" for name in names if name in pins)
        rows.append([group, ", ".join(shown)])
    if problems:
        raise RunError("the software cannot be listed", problems)
    wanted = project["project"].get("requires-python", "any version")
    words = (
        f"Python {wanted}. `requirements.txt` pins these and all that they need, {len(pins)} "
        "packages, with the sha256 of each file."
    )
    return f"{table(['for', 'packages'], rows)}\n\n{words}"


def _pins(lock: Path) -> dict[str, list[str]]:
    """Read package -> versions; there are several if they differ between Pythons."""
    joined = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    pins: dict[str, list[str]] = {}
    for line in joined.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        pinned = Requirement(line.split(" --hash")[0].strip())
        versions = pins.setdefault(canonicalize_name(pinned.name), [])
        versions += [one.version for one in pinned.specifier if one.version not in versions]
    return pins
