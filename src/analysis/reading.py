"""Read files that a run made and a hand may have broken: what is wrong is told by their names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from analysis.errors import Problem, RunError

__all__ = ["broken", "read_object"]

_TITLE = "a file that a run made is broken"
_HINT = "restore it from the repository, or make it anew: python3 reproduce.py"


def read_object(root: Path, name: str) -> dict[str, Any]:
    """Read a JSON file whose content is an object.

    Parameters
    ----------
    root
        The top folder of the compendium.
    name
        The file, below it.

    Raises
    ------
    RunError
        If it cannot be read, or holds anything else.
    """
    try:
        content = json.loads((root / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as failure:
        raise broken(name, f"it cannot be read: {failure}") from None
    if not isinstance(content, dict):
        raise broken(name, "it holds no keys and values")
    return content


def broken(name: str, what: str) -> RunError:
    """Return the error that a file, named below the top folder, is not as a run makes it."""
    return RunError(_TITLE, [Problem(what, name, _HINT)])
