"""Where everything is: the folders of the compendium, and where a run may write."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import Problem, RunError

__all__ = ["STAGING_VARIABLE", "Workspace", "file_hash", "find_workspace", "write_atomically"]

# The pipeline sets this for the notebooks it runs: they write into a folder of their own, whose
# files are moved into place only when the whole notebook succeeded.
STAGING_VARIABLE = "COMPENDIUM_STAGING"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders of one copy of the compendium.

    Attributes
    ----------
    root
        The top folder, which holds ``pyproject.toml`` and ``notebooks/``.
    output
        Where results are written: the staging folder of a pipeline run, or
        ``.cache/interactive`` when a notebook is run by hand, so that playing with a notebook
        never touches committed results. It mirrors the folders of `root`.
    """

    root: Path
    output: Path

    @property
    def studies(self) -> Path:
        """The folder of study files."""
        return self.root / "notebooks" / "studies"

    @property
    def published(self) -> Path:
        """The folder of published figures and the policy timeline."""
        return self.root / "data" / "raw" / "published"

    def raw(self, study: str) -> Path:
        """Return the folder of a study's raw files."""
        return self.root / "data" / "raw" / study

    def processed(self, study: str) -> Path:
        """Return the folder from which a study's cleaned tables are read."""
        return self.root / "data" / "processed" / study

    def write_to(self, *parts: str) -> Path:
        """Return the path to write a result to, given its path below the top folder."""
        path = self.output.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def find_workspace(start: Path | None = None) -> Workspace:
    """Find the compendium that holds a folder.

    Parameters
    ----------
    start
        A folder inside it; the current folder if not given.

    Raises
    ------
    RunError
        If no folder above has ``pyproject.toml`` and ``notebooks/studies``.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "pyproject.toml").is_file() and (folder / "notebooks" / "studies").is_dir():
            staging = os.environ.get(STAGING_VARIABLE)
            output = Path(staging) if staging else folder / ".cache" / "interactive"
            return Workspace(folder, output)
    hint = "change into the folder that holds reproduce.py and try again"
    raise RunError("this is not a compendium", [Problem("no study files found", str(here), hint)])


def file_hash(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_atomically(path: Path, content: bytes | str) -> None:
    r"""Write a file so that a reader sees the old content or the new, never a part.

    Parameters
    ----------
    path
        Where to; its folder is made if needed.
    content
        Bytes, or text that is written as UTF-8 with ``\n`` line ends.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        # mkstemp makes files only their owner can read; results are for everybody.
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
