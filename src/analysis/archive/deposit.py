"""Make a deposit: a folder with all that another person needs, described and checked."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.archive.check import MANIFEST, check_deposit, files_of
from analysis.archive.codecheck import to_codecheck
from analysis.archive.codecheck import wanting as wanting_of_codecheck
from analysis.archive.contents import left_out
from analysis.archive.crate import CRATE, to_crate
from analysis.archive.dataverse import to_dataverse
from analysis.archive.dataverse import wanting as wanting_of_dataverse
from analysis.archive.description import Description, describe
from analysis.archive.licences import licences_as_text
from analysis.archive.ready import check_ledgers, check_publishable, check_up_to_date
from analysis.archive.restricted import describe_restricted
from analysis.archive.zenodo import to_zenodo
from analysis.clean.raw_files import check_raw_files
from analysis.errors import Problem, RunError
from analysis.replacing import replacing
from analysis.workspace import file_hash, write_atomically

__all__ = ["Deposit", "make_deposit"]


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit that was made.

    Attributes
    ----------
    folder
        Where it is.
    files
        How many files it has.
    size
        Their bytes.
    left_out
        What lies in the compendium's top folder and is not in it.
    restricted
        The confidential files that are not in it.
    notes
        What is wanting or doubtful, in words.
    """

    folder: Path
    files: int
    size: int
    left_out: tuple[str, ...]
    restricted: tuple[str, ...]
    notes: tuple[str, ...]


def make_deposit(
    root: Path, output: Path | None = None, *, processed: bool = False, force: bool = False
) -> Deposit:
    """Make the folder that is deposited; made twice, it has the same bytes.

    Parameters
    ----------
    root
        The top folder of the compendium.
    output
        The folder to make, ``.cache/archive/<name>-<version>`` if not given. A former deposit there
        is replaced, and nothing else is.
    processed
        Whether cleaned tables go in too.
    force
        Make it although results are stale or missing, or differ from the ledgers; then the notes
        say which.

    Raises
    ------
    CompendiumError
        If CITATION.cff or metadata.toml are not valid; raw data are not those of the deposit, or
        git ignores them; results are stale, missing or not those of the ledgers; confidential data
        have no stated conditions of access; or the output folder holds anything else.
    """
    description = describe(root, processed=processed)
    target = (output or root / ".cache" / "archive" / description.name).resolve()
    _check_target(target)
    folders = [data.folder for data in description.metadata.data]
    check_raw_files(root / "data" / "raw", folders)
    if private := check_publishable(root, folders):
        raise RunError("these raw data cannot be deposited", private)
    doubts = [*check_up_to_date(root), *check_ledgers(root)]
    if doubts and not force:
        raise RunError(
            "these results cannot be deposited; --force would do it all the same", doubts
        )
    with replacing(target) as made:
        _fill(made, root, description)
        check_deposit(made, home=root)
    doubtful = [f"{doubt.where}: {doubt.what}" for doubt in doubts]
    notes = [*doubtful, *wanting_of_codecheck(description)]
    files = files_of(target)
    return Deposit(
        folder=target,
        files=len(files),
        size=sum((target / name).stat().st_size for name in files),
        left_out=tuple(left_out(root)),
        restricted=tuple(file.path for file in description.restricted),
        notes=(*notes, *wanting_of_dataverse(description)),
    )


def _check_target(target: Path) -> None:
    is_deposit = (target / CRATE).is_file() and (target / MANIFEST).is_file()
    if target.exists() and not is_deposit and (not target.is_dir() or any(target.iterdir())):
        hint = "name a folder that does not exist yet with --output"
        problem = Problem("it holds something that is no deposit", str(target), hint)
        raise RunError("the deposit cannot be made there", [problem])


def _fill(folder: Path, root: Path, description: Description) -> None:
    for item in description.items:
        copy = folder / item.path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / item.path, copy)
    for name, text in _written(description).items():
        write_atomically(folder / name, text)
    hashes = {name: file_hash(folder / name) for name in files_of(folder)}
    sizes = {name: (folder / name).stat().st_size for name in hashes}
    write_atomically(folder / CRATE, to_crate(description, hashes, sizes))
    hashes[CRATE] = file_hash(folder / CRATE)
    lines = [f"{hashes[name]}  {name}\n" for name in sorted(hashes)]
    write_atomically(folder / MANIFEST, "".join(lines))


def _written(description: Description) -> Mapping[str, str]:
    files = {
        "codecheck.yml": to_codecheck(description),
        ".zenodo.json": to_zenodo(description),
        "dataverse.json": to_dataverse(description),
        "LICENSES.md": licences_as_text(description.metadata),
    }
    if description.restricted:
        listed = describe_restricted(description.restricted, description.metadata)
        files["RESTRICTED.md"] = listed
    return files
