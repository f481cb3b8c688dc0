"""Check that raw files are the ones that were deposited: their hashes stand in SHA256SUMS."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.errors import DataError, Problem
from analysis.workspace import file_hash, write_atomically

__all__ = ["CHECKSUMS", "add_checksums", "check_raw_files", "write_checksums"]

CHECKSUMS = "SHA256SUMS"

_ON_PURPOSE = "if this is a new deposit, list it anew: python3 reproduce.py checksums"


def check_raw_files(raw: Path, folders: Sequence[str]) -> None:
    """Refuse raw files that were altered, are missing or are not listed.

    Parameters
    ----------
    raw
        The folder ``data/raw``, which holds ``SHA256SUMS``.
    folders
        The folders in it to check, such as ``beijing`` and ``published``.

    Raises
    ------
    DataError
        Naming each altered, missing or unlisted file.
    """
    listed = _read_checksums(raw / CHECKSUMS)
    problems = []
    for folder in folders:
        expected = {name: given for name, given in listed.items() if _is_in(name, folder)}
        present = _files(raw, raw / folder)
        problems += [_missing(name) for name in expected if name not in present]
        problems += [_unlisted(name) for name in present if name not in expected]
        problems += [
            _altered(name)
            for name in present
            if name in expected and file_hash(raw / name) != expected[name]
        ]
    if problems:
        raise DataError("the raw files are not the ones that were deposited", problems)


def write_checksums(raw: Path) -> Path:
    """List every raw file with its hash, in the format of ``sha256sum``.

    Parameters
    ----------
    raw
        The folder ``data/raw``.

    Returns
    -------
    pathlib.Path
        The list, sorted by path.
    """
    names = _files(raw, raw)
    lines = [f"{file_hash(raw / name)}  {name}\n" for name in names]
    write_atomically(raw / CHECKSUMS, "".join(lines))
    return raw / CHECKSUMS


def add_checksums(raw: Path, folder: str) -> Path:
    """List the raw files of one study with their hashes; the lines of others stay as they are.

    Parameters
    ----------
    raw
        The folder ``data/raw``; its list is begun if there is none.
    folder
        The folder in it, such as ``beijing``.

    Returns
    -------
    pathlib.Path
        The list.
    """
    path = raw / CHECKSUMS
    # In bytes, so that what others wrote comes back as it was.
    lines = path.read_bytes().splitlines(keepends=True) if path.is_file() else []
    if lines and not lines[-1].endswith(b"\n"):
        lines[-1] += b"\n"
    start = f"{folder}/".encode()
    others = [line for line in lines if not line[66:].startswith(start)]
    own = [f"{file_hash(raw / name)}  {name}\n".encode() for name in _files(raw, raw / folder)]
    place = next((n for n, line in enumerate(others) if line[66:] > start), len(others))
    write_atomically(path, b"".join([*others[:place], *own, *others[place:]]))
    return path


def _read_checksums(path: Path) -> dict[str, str]:
    if not path.is_file():
        hint = "restore it from the repository"
        problem = Problem("the list of hashes is missing", f"data/raw/{path.name}", hint)
        raise DataError("the raw files cannot be checked", [problem])
    listed, problems = {}, []
    text = path.read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), start=1):
        given, separator, name = line.partition("  ")
        if len(given) == 64 and separator and name:
            listed[name] = given
        else:
            where = f"data/raw/{path.name}, line {number}"
            hint = "expected 64 hexadecimal digits, two spaces and a path"
            problems.append(Problem("this is not a hash and a path", where, hint))
    if problems:
        raise DataError("the raw files cannot be checked", problems)
    return listed


def _files(raw: Path, folder: Path) -> list[str]:
    # File managers leave hidden files of their own (.DS_Store); they are nobody's data.
    paths = (path for path in folder.rglob("*") if path.is_file())
    names = (path.relative_to(raw).as_posix() for path in paths if not path.name.startswith("."))
    return sorted(name for name in names if name != CHECKSUMS)


def _is_in(name: str, folder: str) -> bool:
    return name.startswith(f"{folder}/")


def _missing(name: str) -> Problem:
    hint = f"restore it from the repository, or where git ignores it from its source; {_ON_PURPOSE}"
    return Problem("the file is missing", f"data/raw/{name}", hint)


def _unlisted(name: str) -> Problem:
    hint = f"take it away; {_ON_PURPOSE}"
    return Problem("the file is not listed in SHA256SUMS", f"data/raw/{name}", hint)


def _altered(name: str) -> Problem:
    hint = f"restore it from the repository; {_ON_PURPOSE}"
    return Problem("the file was altered: its hash is not the listed one", f"data/raw/{name}", hint)
