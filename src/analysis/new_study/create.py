"""Write a study file from samples of a city's tickets."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import ParameterError, Problem
from analysis.new_study.look.look import look_at_samples
from analysis.new_study.propose.proposal import Proposal, Wishes, propose_study
from analysis.new_study.write.document import write_document
from analysis.restricted.place import RESTRICTED_DATA
from analysis.study.load import read_study
from analysis.workspace import Workspace, file_hash, write_atomically

__all__ = ["copy_samples", "create_study", "raw_folder", "study_path"]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TITLE = "a study cannot be made from the samples"


def create_study(
    workspace: Workspace, samples: Sequence[Path], wishes: Wishes, *, force: bool = False
) -> Proposal:
    """Look at samples and write the study file: see `study_path`.

    Parameters
    ----------
    workspace
        The compendium.
    samples
        Files of tickets; only a bounded number of their rows is looked at.
    wishes
        The study's name, and what the user says of it.
    force
        Whether a study file of that name may be replaced.

    Returns
    -------
    Proposal
        What the file says, and why.

    Raises
    ------
    DataError
        If a sample cannot be read, or is no list of tickets.
    ParameterError
        If the name is none for a study or is taken, or the time zone cannot be guessed.
    """
    path = study_path(workspace, wishes)
    _check_name(path, wishes.name, force=force)
    proposal = propose_study(look_at_samples(samples), wishes)
    text = write_document(wishes.name, proposal)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A file that could not be read as a study would only be found out by the next command. It is
    # tried where it will be: one of confidential data must not stand anywhere else.
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        trial = Path(folder) / path.name
        write_atomically(trial, text)
        read_study(trial)
    write_atomically(path, text)
    return proposal


def study_path(workspace: Workspace, wishes: Wishes) -> Path:
    """Say where the study file is; that of restricted data is beside them and stays there too."""
    folder = raw_folder(workspace, wishes) if wishes.restricted else workspace.studies
    return folder / f"{wishes.name}.toml"


def raw_folder(workspace: Workspace, wishes: Wishes) -> Path:
    """Say where the study's files of tickets are."""
    if wishes.restricted:
        return workspace.root / RESTRICTED_DATA / wishes.name
    return workspace.raw(wishes.name)


def copy_samples(
    workspace: Workspace, wishes: Wishes, proposal: Proposal, *, force: bool = False
) -> list[Path]:
    """Copy the samples into the study's raw folder, where its source looks for them.

    Raises
    ------
    ParameterError
        If another file of that name is there already, and `force` is not set.
    """
    raw = raw_folder(workspace, wishes)
    pairs = [
        (sample.path, raw / source.folder / sample.path.name)
        for source in proposal.sources
        for sample in source.samples
    ]
    targets = [target for _, target in pairs]
    problems = [
        Problem(
            "another file of that name is there, or is copied too",
            target.relative_to(workspace.root).as_posix(),
            "rename one, or replace what is there with --force",
        )
        for path, target in pairs
        if targets.count(target) > 1
        or (not force and target.exists() and file_hash(target) != file_hash(path))
    ]
    if problems:
        raise ParameterError("the samples cannot be copied", problems)
    for path, target in pairs:
        if path.resolve() != target.resolve():
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            shutil.copyfile(path, part)
            part.replace(target)
    return targets


def _check_name(path: Path, name: str, *, force: bool) -> None:
    if not _NAME.fullmatch(name):
        hint = "use small letters, digits and _, beginning with a letter, such as riverton_2024"
        raise ParameterError(_TITLE, [Problem(f"{name!r} is no name for a study", "NAME", hint)])
    if path.exists() and not force:
        hint = "choose another name, or replace the file with --force"
        raise ParameterError(_TITLE, [Problem("the study is there already", path.name, hint)])
