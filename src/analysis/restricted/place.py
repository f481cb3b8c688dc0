"""Where a restricted export is, and whether it may be used there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analysis.errors import Problem, RunError, did_you_mean
from analysis.git import list_files
from analysis.study.load import list_studies

__all__ = ["RESTRICTED_DATA", "Place", "find_export", "studies_of_exports"]

RESTRICTED_DATA = Path("data/restricted")
# What a run makes in the folder of an export.
WORKSPACE, PUBLISHABLE = "workspace", "publishable"


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one restricted export.

    Attributes
    ----------
    root
        The top folder of the compendium.
    study
        The study whose contract the export keeps, or one that only its own study file describes.
    """

    root: Path
    study: str

    @property
    def folder(self) -> Path:
        """Where the author puts the export."""
        return self.root / RESTRICTED_DATA / self.study

    @property
    def workspace(self) -> Path:
        """A compendium of its own, in which the export is analysed; nothing leaves it but copies.

        Executed notebooks, panels and caches in it hold values of single units.
        """
        return self.folder / WORKSPACE

    @property
    def publishable(self) -> Path:
        """Copies of what may be published."""
        return self.folder / PUBLISHABLE

    @property
    def public_study(self) -> Path:
        """The study file of the public counterpart, if it has one."""
        return self.root / "notebooks" / "studies" / f"{self.study}.toml"

    @property
    def own_study(self) -> Path:
        """The author's own study file, which need not be there if there is a public one."""
        return self.folder / f"{self.study}.toml"

    @property
    def exported(self) -> tuple[Path, ...]:
        """The files of the export, below its folder."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        below = (path.relative_to(self.folder) for path in found if path != self.own_study)
        return tuple(
            sorted(
                path
                for path in below
                # Hidden files are the operating system's.
                if path.parts[0] not in {WORKSPACE, PUBLISHABLE}
                and not any(part.startswith(".") for part in path.parts)
            )
        )


def find_export(root: Path, study: str) -> Place:
    """Find the restricted export of a study.

    Parameters
    ----------
    root
        The top folder of the compendium.
    study
        The name of a study of the compendium, or of an export that has its own study file.

    Raises
    ------
    RunError
        If there is no such study, no export of it, or if git keeps or would keep its files.
    """
    place = Place(root, study)
    where = f"{RESTRICTED_DATA.as_posix()}/{study}"
    problems = []
    known = {*list_studies(place.public_study.parent), *studies_of_exports(root)}
    if study not in known:
        what = (
            f"there is no study {study!r} of which this could be an export, and no {study}.toml in "
            f"{where}"
        )
        problems.append(Problem(what, "--study", did_you_mean(study, known)))
    elif not place.exported:
        files = f"the files that data/raw/{study}/ has, with the real content"
        hint = (
            f"put there {files if place.public_study.is_file() else 'the files it describes'}; "
            "data/restricted/README.md says more"
        )
        problems.append(Problem("there is no export", where, hint))
    elif tracked := list_files(root, "--", where):
        hint = f"git rm -r --cached {where}; what was committed before stays in the history"
        problems.append(Problem(f"git keeps {len(tracked)} of its files", where, hint))
    elif list_files(root, "--others", "--exclude-standard", "--", where):
        hint = f"write /{RESTRICTED_DATA.as_posix()}/* into .gitignore"
        problems.append(Problem("git does not ignore this folder", where, hint))
    if problems:
        raise RunError("the run on restricted data cannot start", problems)
    return place


def studies_of_exports(root: Path) -> list[str]:
    """Name the exports that come with a study file of their own, in alphabetical order."""
    files = (root / RESTRICTED_DATA).glob("*/*.toml")
    return sorted(path.stem for path in files if path.stem == path.parent.name)
