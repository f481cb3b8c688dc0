"""What a run was made from, and whether each part of it is still the same in this tree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from analysis.errors import RunError
from analysis.ledger.read import Ledger, MadeFrom
from analysis.workspace import file_hash

__all__ = ["Part", "State", "compare_file", "parts_of_run"]

State = Literal["same", "changed", "missing"]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a run was made from.

    Attributes
    ----------
    role
        ``notebook``, ``study file``, ``lock``, ``code`` or ``input``.
    path
        The file, below the top folder; for the code its files together, in words.
    sha256
        The hash that was recorded.
    state
        How it is in this tree.
    """

    role: str
    path: str
    sha256: str
    state: State


def parts_of_run(root: Path, ledger: Ledger, made_from: MadeFrom) -> tuple[Part, ...]:
    """List all that a run was made from, the notebook first and its data last.

    Parameters
    ----------
    root
        The top folder of the compendium.
    ledger
        That of the study.
    made_from
        What was recorded of the run.
    """
    source = f"notebooks/{made_from.notebook}.py"
    study = f"notebooks/studies/{ledger.study}.toml"
    files = [
        ("notebook", source, made_from.source),
        ("study file", study, made_from.study),
        ("lock", "requirements.txt", made_from.lock),
    ]
    inputs = [("input", path, sha256) for path, sha256 in made_from.inputs.items()]
    code = Part("code", "the library's code", made_from.code, _code(root / source, made_from.code))
    return (
        *(_part(root, *file) for file in files),
        code,
        *(_part(root, *file) for file in inputs),
    )


def compare_file(path: Path, sha256: str) -> State:
    """Say whether a file is what was recorded."""
    if not path.is_file():
        return "missing"
    return "same" if file_hash(path) == sha256 else "changed"


def _part(root: Path, role: str, path: str, sha256: str) -> Part:
    return Part(role, path, sha256, compare_file(root / path, sha256))


def _code(source: Path, sha256: str) -> State:
    # Imported here because only this needs the import graph of the library.
    from analysis.pipeline.code import NOTEBOOK_RUNNER, joint_hash, read_library

    library = read_library()
    try:
        used = library.used_by_notebook(source) | library.used_by([NOTEBOOK_RUNNER])
        found = joint_hash(library.file(module) for module in sorted(used))
    except (OSError, RunError):
        # The notebook is gone, or imports what the library no longer has.
        return "changed"
    return "same" if found == sha256 else "changed"
