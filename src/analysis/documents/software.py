"""Which software is used, in which version: the direct dependencies, as the lock pins them."""

from __future__ import annotations

from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from analysis.errors import Problem, RunError
from analysis.markdown import markdown_table
from analysis.project import read_project

__all__ = ["software_versions"]

_TITLE = "the software cannot be listed"
_ANEW = "compile the lock anew"


def software_versions(root: Path) -> str:
    """Write one row for each package that ``pyproject.toml`` names, by what it is for.

    Raises
    ------
    RunError
        If the lock does not pin one, or is no lock.
    """
    project = read_project(root)
    pins = _pins(root / "requirements.txt")
    groups = {"results": project["project"].get("dependencies", [])}
    groups |= project.get("dependency-groups", {})
    rows, problems = [], []
    for group, lines in groups.items():
        names = sorted(canonicalize_name(Requirement(line).name) for line in lines)
        problems += [
            Problem(f"{name} is not pinned", "requirements.txt", _ANEW)
            for name in names
            if name not in pins
        ]
        shown = (f"{name} {' or '.join(pins[name])}" for name in names if name in pins)
        rows.append([group, ", ".join(shown)])
    if problems:
        raise RunError(_TITLE, problems)
    wanted = project["project"].get("requires-python", "any version")
    words = (
        f"Python {wanted}. `requirements.txt` pins these and all that they need, {len(pins)} "
        "packages, with the sha256 of each file."
    )
    return f"{markdown_table(['for', 'packages'], rows)}\n\n{words}"


def _pins(lock: Path) -> dict[str, list[str]]:
    """Read package -> versions; there are several if they differ between Pythons."""
    joined = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    pins: dict[str, list[str]] = {}
    for line in joined.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            pinned = Requirement(line.split(" --hash")[0].strip())
        except InvalidRequirement:
            problem = Problem(f"this pins no package: {line.strip()!r}", lock.name, _ANEW)
            raise RunError(_TITLE, [problem]) from None
        versions = pins.setdefault(canonicalize_name(pinned.name), [])
        versions += [one.version for one in pinned.specifier if one.version not in versions]
    return pins
