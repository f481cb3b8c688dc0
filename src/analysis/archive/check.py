"""Check a deposit as whoever receives it would: all files there, unaltered, described, portable."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from analysis.archive.crate import CRATE
from analysis.errors import Problem, RunError
from analysis.workspace import file_hash

__all__ = ["MANIFEST", "check_deposit", "files_of"]

MANIFEST = "SHA256SUMS"

# Zenodo's own name for its metadata; nothing else in a deposit is hidden.
HIDDEN = (".zenodo.json",)


def check_deposit(folder: Path, *, home: Path | None = None) -> None:
    """Read a deposit back and compare it with its list of hashes and its RO-Crate.

    Parameters
    ----------
    folder
        The deposit.
    home
        The compendium that it was made of; no file may name its path.

    Raises
    ------
    RunError
        Naming each file that is missing, altered, not listed, not described or hidden, or that
        names the folder in which it was made; and each reference in the crate to nothing.
    """
    there = files_of(folder)
    problems = [*_manifest(folder, there), *_crate(folder, there)]
    for name in there:
        last = name.rpartition("/")[2]
        if last.startswith(".") and name not in HIDDEN:
            problems.append(Problem("the file is hidden", name, "delete it"))
        if home is not None and f"{home.as_posix()}/".encode() in (folder / name).read_bytes():
            problems.append(Problem(f"it names the folder {home}", name, "name no folder above"))
    if problems:
        raise RunError("the deposit is not whole", problems)


def files_of(folder: Path) -> list[str]:
    """Name every file below a folder, in order, as paths with forward slashes."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def _manifest(folder: Path, there: list[str]) -> list[Problem]:
    path = folder / MANIFEST
    if not path.is_file():
        return [Problem("the list of hashes is missing", MANIFEST)]
    lines = path.read_text(encoding="utf-8").splitlines()
    listed = {name: given for given, _, name in (line.partition("  ") for line in lines)}
    problems = [Problem("the file is missing", name) for name in listed if name not in there]
    for name in there:
        if name == MANIFEST:
            continue
        if name not in listed:
            problems.append(Problem(f"the file is not in {MANIFEST}", name))
        elif file_hash(folder / name) != listed[name]:
            problems.append(Problem("the file was altered", name))
    return problems


def _crate(folder: Path, there: list[str]) -> list[Problem]:
    from rocrate.rocrate import ROCrate

    if not (folder / CRATE).is_file():
        return [Problem("the RO-Crate is missing", CRATE)]
    crate: Any = ROCrate(folder)
    described = {
        unquote(entity.id): entity.get("sha256")
        for entity in crate.data_entities
        if "File" in ([entity.type] if isinstance(entity.type, str) else entity.type)
    }
    problems = [
        Problem("the RO-Crate does not describe this file", name)
        for name in there
        if name not in described and name not in {CRATE, MANIFEST}
    ]
    for name, given in described.items():
        if name not in there:
            problems.append(Problem("the RO-Crate describes it and it is missing", name))
        elif given != file_hash(folder / name):
            problems.append(Problem("its hash in the RO-Crate is another", name))
    for entity in crate.get_entities():
        problems += _dangling(crate, entity)
    return problems


def _dangling(crate: Any, entity: Any) -> list[Problem]:
    """Name what an entity refers to and the crate does not have."""
    problems = []
    for name, value in entity.properties().items():
        for reference in value if isinstance(value, list) else [value]:
            if isinstance(reference, dict) and not _resolves(crate, reference["@id"]):
                what = f"{name} of {entity.id} is not described"
                problems.append(Problem(what, reference["@id"]))
    return problems


def _resolves(crate: Any, identity: str) -> bool:
    return crate.get(identity) is not None or identity.startswith("https://w3id.org/ro/crate/")
