"""Ask git which files it keeps, where there is git and a repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

__all__ = ["list_files"]


def list_files(root: Path, *words: str) -> list[str]:
    """List files by ``git ls-files``.

    Parameters
    ----------
    root
        The folder in which git is asked, and below which the names are.
    words
        Options and paths of ``git ls-files``; without any, the tracked files.

    Returns
    -------
    list of str
        Names with slashes; none if there is no git, no repository, or nothing in it.
    """
    command = ["git", "ls-files", "-z", *words]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    names = listed.stdout.decode("utf-8", errors="surrogateescape").split("\0")
    return [name for name in names if name]
