"""Read data/metadata.toml: what repositories ask about the compendium and no other file says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from analysis.archive.fields import Jel, Spdx, Text
from analysis.errors import Problem, StudyError, did_you_mean
from analysis.study.fields import Month, Name, Strict
from analysis.study.load import list_studies, read_study
from analysis.study.schema import Study
from analysis.study.strict import Location, build_strictly

__all__ = [
    "METADATA",
    "Contact",
    "Coverage",
    "DataSet",
    "Licences",
    "Metadata",
    "Restricted",
    "ThirdParty",
    "read_metadata",
]

METADATA = "data/metadata.toml"

Year = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2]))?$")]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where and when data are about: a place, its country, and first and last month or year."""

    place: str
    country: str
    first: Month | Year
    last: Month | Year

    @property
    def interval(self) -> str:
        """The time as ISO 8601 writes it: ``2019-01/2025-12``."""
        return f"{self.first}/{self.last}"

    @property
    def where(self) -> str:
        """The place and its country: ``Beijing, China``."""
        return f"{self.place}, {self.country}"


@dataclass(frozen=True, slots=True)
class DataSet(Strict):
    """The data in one folder of ``data/raw``.

    Attributes
    ----------
    folder
        The folder, which for most is a study's name.
    title
        What they are.
    source
        Who made or published them.
    rights
        What one may do with them, in a few words.
    citation
        How they are cited: `CITATION.cff` with the compendium, or the key of the reference.
    licence
        Their licence, if they have one; facts have none.
    country
        The country they are about.
    place, first, last
        The place, and the first and last month or year; left out for a study's folder, since the
        study file says it.
    """

    folder: Name
    title: Text
    source: Text
    rights: Text
    citation: Text
    country: Text
    licence: Spdx | None = None
    place: Text | None = None
    first: Year | None = None
    last: Year | None = None


@dataclass(frozen=True, slots=True)
class Restricted(Strict):
    """The confidential data of one study, in ``data/restricted/<study>/``, and how to get them.

    Whoever has no access has neither the data nor, perhaps, the study file.
    """

    study: Name
    title: Text
    access: Text


@dataclass(frozen=True, slots=True)
class ThirdParty(Strict):
    """Files of others that come with the compendium, with their own licence."""

    place: Text
    title: Text
    licence: Spdx


@dataclass(frozen=True, slots=True)
class Licences(Strict):
    """The licences of code and of text with its figures and tables."""

    code: Spdx
    text: Spdx


@dataclass(frozen=True, slots=True)
class Contact(Strict):
    """Whom to ask."""

    name: Text
    email: Annotated[str, Field(pattern=r"^\S+@\S+\.\S+$")]


@dataclass(frozen=True, slots=True)
class Metadata(Strict):
    """A whole data/metadata.toml.

    Attributes
    ----------
    jel
        Codes of the Journal of Economic Literature's classification.
    subject
        The field, in Dataverse's words.
    language
        Of the text, by ISO 639-3: ``eng``.
    licence, data, restricted, third_party, contact
        See there. Dataverse does without a contact only until it is filled in by hand.
    """

    jel: Annotated[tuple[Jel, ...], Field(min_length=1)]
    subject: Text
    language: Annotated[str, Field(pattern=r"^[a-z]{3}$")]
    licence: Licences
    data: tuple[DataSet, ...]
    restricted: tuple[Restricted, ...] = ()
    third_party: tuple[ThirdParty, ...] = ()
    contact: Contact | None = None

    def coverage(self, data: DataSet, studies: Mapping[str, Study]) -> Coverage:
        """Say where and when a data set is about, from its study if it has one."""
        study = studies.get(data.folder)
        place = data.place or (study.place_en if study else "")
        first = data.first or (study.first_period if study else "")
        last = data.last or (study.last_period if study else "")
        return Coverage(place, data.country, first, last)


def read_metadata(root: Path) -> tuple[Metadata, dict[str, Study]]:
    """Read a compendium's metadata, and its studies, and check that they fit.

    Parameters
    ----------
    root
        The top folder, which holds ``data/metadata.toml``.

    Returns
    -------
    tuple
        The metadata, and name -> study.

    Raises
    ------
    StudyError
        If the file is not there or no TOML; if a key is unknown, missing or of the wrong type; if a
        folder of raw data is not described, or one described is not there; or if what a study file
        says is said again.
    """
    path = root / METADATA
    title = f"{METADATA} is not valid"
    if not path.is_file():
        hint = "see analysis.archive.metadata for what it says"
        raise StudyError(title, [Problem("the file is missing", METADATA, hint)])
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as failure:
        hint = "save it as UTF-8; see https://toml.io for the syntax"
        raise StudyError(title, [Problem(str(failure), METADATA, hint)]) from None
    metadata = build_strictly(Metadata, given, title=title, error=StudyError, place=_place)
    folder = root / "notebooks" / "studies"
    studies = {name: read_study(folder / f"{name}.toml") for name in list_studies(folder)}
    problems = [*_folders(metadata, root), *_coverages(metadata, studies)]
    if problems:
        raise StudyError(title, problems)
    return metadata, studies


def _place(location: Location) -> str:
    steps = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in location)
    return f"{METADATA}, {steps.lstrip('.') or 'top level'}"


def _folders(metadata: Metadata, root: Path) -> list[Problem]:
    there = sorted(path.name for path in (root / "data" / "raw").glob("*") if path.is_dir())
    described = [data.folder for data in metadata.data]
    problems = [
        Problem(f"the data in data/raw/{name} are not described", METADATA, "add a table [[data]]")
        for name in there
        if name not in described
    ]
    problems += [
        Problem(f"there is no folder data/raw/{name}", _place(("data", place, "folder")), hint)
        for place, name in enumerate(described)
        if name not in there
        for hint in [did_you_mean(name, there)]
    ]
    problems += [
        Problem(f"there is nothing at {part.place}", _place(("third_party", place, "place")))
        for place, part in enumerate(metadata.third_party)
        if not (root / part.place).exists()
    ]
    return problems


def _coverages(metadata: Metadata, studies: Mapping[str, Study]) -> list[Problem]:
    problems = []
    for number, data in enumerate(metadata.data):
        for name in ("place", "first", "last"):
            is_said, where = getattr(data, name) is not None, _place(("data", number))
            if is_said and data.folder in studies:
                hint = f"delete {name!r}: the study file says it"
                problems.append(Problem(f"{name!r} is said twice", where, hint))
            if not is_said and data.folder not in studies:
                hint = f"give it a value: {name} = …"
                problems.append(Problem(f"key {name!r} is missing", where, hint))
    return problems
