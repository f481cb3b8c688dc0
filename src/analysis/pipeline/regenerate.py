"""Regenerate a simulated study's raw files from its seed, and compare or replace them."""

from __future__ import annotations

import filecmp
import shutil
import tempfile
from pathlib import Path

from analysis.clean.raw_files import write_checksums
from analysis.errors import Problem, RunError, StudyError
from analysis.simulate.twin import write_twin
from analysis.study.load import load_study

__all__ = ["regenerate"]


def regenerate(root: Path, name: str, *, write: bool) -> str:
    """Simulate a study again.

    Parameters
    ----------
    root
        The top folder of the compendium.
    name
        A simulated study.
    write
        Whether to replace the raw files and their checksums; else they are only compared.

    Returns
    -------
    str
        What was found or done.

    Raises
    ------
    StudyError
        If the study is not simulated.
    RunError
        If, without `write`, a file is not what the seed gives.
    """
    study = load_study(name, root / "notebooks" / "studies")
    if not study.simulated:
        problem = Problem("its raw files are real and are never written", f"{name}.toml")
        raise StudyError(f"study {name!r} cannot be simulated", [problem])
    raw = root / "data" / "raw" / name
    temporary = root / ".cache" / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=temporary) as folder:
        made = Path(folder)
        write_twin(study, made)
        names = sorted(path.name for path in made.iterdir())
        differing = [file for file in names if not _same(made / file, raw / file)]
        if not differing:
            return f"All {len(names)} raw files of {name} are what the seed gives."
        if not write:
            hint = f"compendium simulate {name} --write replaces it"
            problems = [Problem("not what the seed gives", f"{name}/{f}", hint) for f in differing]
            raise RunError("the raw files are not those of this simulator", problems)
        raw.mkdir(parents=True, exist_ok=True)
        for file in differing:
            shutil.copyfile(made / file, raw / file)
    write_checksums(raw.parent)
    return f"Replaced {len(differing)} of {len(names)} raw files of {name}."


def _same(made: Path, present: Path) -> bool:
    return present.is_file() and filecmp.cmp(made, present, shallow=False)
