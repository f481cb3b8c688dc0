"""What pyproject.toml says of the compendium, such as its name and version."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from analysis.errors import Problem, StudyError

__all__ = ["read_project"]

_FILE = "pyproject.toml"


def read_project(root: Path, *needed: str) -> dict[str, Any]:
    """Read ``pyproject.toml``.

    Parameters
    ----------
    root
        The top folder of the compendium.
    needed
        Keys of the table ``project`` that have to be there, such as ``version``.

    Returns
    -------
    dict
        The whole file; it has a table ``project``, in which what is needed is text.

    Raises
    ------
    StudyError
        If the file is no TOML, or lacks what is needed.
    """
    title = f"{_FILE} is not valid"
    try:
        content = tomllib.loads((root / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as failure:
        raise StudyError(title, [Problem(f"it cannot be read: {failure}", _FILE)]) from None
    project = content.setdefault("project", {})
    problems = [
        Problem(f"project.{key} is missing, or no text", _FILE, f'write {key} = "…" in [project]')
        for key in needed
        if not (isinstance(project, dict) and isinstance(project.get(key), str))
    ]
    if problems:
        raise StudyError(title, problems)
    return content
