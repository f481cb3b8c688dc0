"""Read CITATION.cff strictly: who made the compendium, its title, version and date."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field

from analysis.archive.fields import Orcid, Spdx, Text
from analysis.errors import Problem, StudyError
from analysis.study.fields import Strict
from analysis.study.strict import Location, build_strictly

__all__ = ["CITATION", "Author", "Citation", "read_citation"]

CITATION = "CITATION.cff"

Date = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Doi = Annotated[str, Field(pattern=r"^10\.\d{4,9}(\.\d+)?/\S+$")]


@dataclass(frozen=True, slots=True)
class Author(Strict):
    """An author: a person has `family_names` and `given_names`, a group or institution a `name`."""

    name: Text | None = None
    family_names: Text | None = None
    given_names: Text | None = None
    name_particle: Text | None = None
    name_suffix: Text | None = None
    alias: Text | None = None
    affiliation: Text | None = None
    orcid: Orcid | None = None
    email: Text | None = None
    website: Text | None = None

    def __post_init__(self) -> None:
        if (self.name is None) == (self.family_names is None and self.given_names is None):
            raise ValueError("an author has a 'name', or else 'family-names' and 'given-names'")

    @property
    def is_person(self) -> bool:
        """Whether it is a person, and not a group or institution."""
        return self.name is None

    @property
    def listed(self) -> str:
        """The name as bibliographies list it: ``Family, Given``."""
        family = " ".join(filter(None, [self.name_particle, self.family_names, self.name_suffix]))
        return self.name or ", ".join(filter(None, [family, self.given_names]))

    @property
    def identifier(self) -> str | None:
        """The bare ORCID, without its address."""
        return None if self.orcid is None else self.orcid.removeprefix("https://orcid.org/")


@dataclass(frozen=True, slots=True)
class Citation(Strict):
    """What a CITATION.cff of version 1.2.0 says, with underscores for its hyphens.

    Attributes
    ----------
    cff_version, message, title, authors
        What the format asks for.
    version, date_released, license
        What a deposit needs besides; its dates are this one.
    abstract, keywords, type, doi, url, repository_code, ...
        What the format allows. References are checked for a type, a title and authors only.
    """

    cff_version: Literal["1.2.0"]
    message: Text
    title: Text
    authors: Annotated[tuple[Author, ...], Field(min_length=1)]
    version: Text
    date_released: Date
    license: Spdx | tuple[Spdx, ...]
    abstract: Text
    keywords: Annotated[tuple[Text, ...], Field(min_length=1)]
    type: Literal["software", "dataset"] = "software"
    doi: Doi | None = None
    url: Text | None = None
    license_url: Text | None = None
    commit: Text | None = None
    repository: Text | None = None
    repository_artifact: Text | None = None
    repository_code: Text | None = None
    contact: tuple[Author, ...] = ()
    identifiers: tuple[dict[str, str], ...] = ()
    preferred_citation: dict[str, Any] | None = None
    references: tuple[dict[str, Any], ...] = ()

    def __post_init__(self) -> None:
        for reference in filter(None, [self.preferred_citation, *self.references]):
            missing = [name for name in ("type", "title", "authors") if not reference.get(name)]
            if missing:
                title = reference.get("title", "without a title")
                raise ValueError(f"the reference {title!r} has no {' and no '.join(missing)}")


def read_citation(path: Path) -> Citation:
    """Read and check a CITATION.cff.

    Parameters
    ----------
    path
        The file, in Citation File Format 1.2.0 (Druskat and others 2021).

    Raises
    ------
    StudyError
        If it is not there or no YAML, or a key is unknown, missing or of the wrong type; all
        problems are reported together.
    """
    title = f"{path.name} is not a citation that a deposit can be made of"
    if not path.is_file():
        hint = "write one: https://citation-file-format.github.io"
        raise StudyError(title, [Problem("the file is missing", path.name, hint)])
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError) as failure:
        # A ValueError is a byte that is no UTF-8, or a day that no calendar has.
        raise StudyError(title, [Problem(str(failure), path.name)]) from None
    if not isinstance(given, dict):
        raise StudyError(title, [Problem("it holds no keys and values", path.name)])

    def place(location: Location) -> str:
        steps = (f"[{step + 1}]" if isinstance(step, int) else f" {step}" for step in location)
        return f"{path.name},{''.join(steps)}" if location else path.name

    try:
        return build_strictly(Citation, _plain(given), title=title, error=StudyError, place=place)
    except StudyError as failure:
        raise StudyError(title, [_hyphenated(problem) for problem in failure.problems]) from None


def _plain(value: Any) -> Any:
    """Write keys as Python names and dates as text, through all levels."""
    if isinstance(value, dict):
        return {str(key).replace("-", "_"): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _hyphenated(problem: Problem) -> Problem:
    # No key of the format has an underscore, so each one in a message stands for a hyphen.
    said = {
        name: getattr(problem, name).replace("_", "-").replace(" = …", ": …")
        for name in ("what", "where", "hint")
    }
    return dataclasses.replace(problem, **said)
