"""Read CITATION.cff strictly: who made the compendium, its title, version and date."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BeforeValidator, Field

from analysis.archive.fields import Orcid, Spdx, Text
from analysis.errors import Problem, StudyError
from analysis.study.fields import Strict
from analysis.study.strict import Location, build_strictly

__all__ = ["CITATION", "Author", "Citation", "CitationFile", "parse_citation", "read_citation"]

CITATION = "CITATION.cff"


def _written(value: object) -> object:
    """Take a number, as YAML reads a version of 1.0, for what was written."""
    return str(value) if isinstance(value, int | float) else value


TextOrNumber = Annotated[str, BeforeValidator(_written), Field(min_length=1)]
Date = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Doi = Annotated[str, Field(pattern=r"^10\.\d{4,9}(\.\d+)?/\S+$")]
Licences = Annotated[tuple[Spdx, ...], Field(min_length=1)]
Keywords = Annotated[tuple[Text, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Author(Strict):
    """An author: a person has `family_names` or `given_names`, a group or institution a `name`.

    Who goes by another name has an `alias`. The rest is what else the format can say of either.
    """

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
    address: Text | None = None
    city: Text | None = None
    region: Text | None = None
    post_code: TextOrNumber | None = None
    country: Text | None = None
    tel: Text | None = None
    fax: Text | None = None
    location: Text | None = None
    date_start: Date | None = None
    date_end: Date | None = None

    def __post_init__(self) -> None:
        of_person = [self.family_names, self.given_names]
        named = [self.name, self.alias, *of_person]
        if not any(named) or (self.name is not None and any(of_person)):
            raise ValueError("an author has a 'name', or else 'family-names' and 'given-names'")

    @property
    def is_person(self) -> bool:
        """Whether it is a person, and not a group or institution."""
        return self.name is None

    @property
    def listed(self) -> str:
        """The name as bibliographies list it: ``Family, Given``."""
        family = " ".join(filter(None, [self.name_particle, self.family_names, self.name_suffix]))
        person = ", ".join(filter(None, [family, self.given_names]))
        return self.name or person or str(self.alias)

    @property
    def identifier(self) -> str | None:
        """The bare ORCID, without its address."""
        return None if self.orcid is None else self.orcid.removeprefix("https://orcid.org/")


@dataclass(frozen=True, slots=True)
class Identifier(Strict):
    """A persistent identifier."""

    type: Literal["doi", "url", "swh", "other"]
    value: Text
    description: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationFile(Strict):
    """What the format allows, with underscores for its hyphens (Druskat and others 2021).

    Attributes
    ----------
    cff_version, message, title, authors
        What the format asks for.
    version, date_released, license, ...
        What it allows. References are checked for a type, a title and authors only.
    """

    cff_version: Literal["1.2.0"]
    message: Text
    title: Text
    authors: Annotated[tuple[Author, ...], Field(min_length=1)]
    version: TextOrNumber | None = None
    date_released: Date | None = None
    license: Spdx | Licences | None = None
    abstract: Text | None = None
    keywords: Keywords | None = None
    type: Literal["software", "dataset"] = "software"
    doi: Doi | None = None
    url: Text | None = None
    license_url: Text | None = None
    commit: Text | None = None
    repository: Text | None = None
    repository_artifact: Text | None = None
    repository_code: Text | None = None
    contact: tuple[Author, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    preferred_citation: dict[str, Any] | None = None
    references: tuple[dict[str, Any], ...] = ()

    def __post_init__(self) -> None:
        for reference in filter(None, [self.preferred_citation, *self.references]):
            missing = [name for name in ("type", "title", "authors") if not reference.get(name)]
            if missing:
                title = reference.get("title", "without a title")
                raise ValueError(f"the reference {title!r} has no {' and no '.join(missing)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation(CitationFile):
    """A citation that a deposit can be made of, which needs some of what the format only allows.

    Attributes
    ----------
    version, date_released, license, abstract, keywords
        What a deposit needs; its dates are this one.
    """

    version: Text
    date_released: Date
    license: Spdx | Licences
    abstract: Text
    keywords: Keywords


Wanted = TypeVar("Wanted", bound=CitationFile)


def read_citation(path: Path) -> Citation:
    """Read and check the CITATION.cff of a deposit.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    StudyError
        If it is not there, or as `parse_citation`.
    """
    title = f"{path.name} is not a citation that a deposit can be made of"
    if not path.is_file():
        hint = "write one: https://citation-file-format.github.io"
        raise StudyError(title, [Problem("the file is missing", path.name, hint)])
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as failure:
        raise StudyError(title, [Problem(str(failure), path.name)]) from None
    return parse_citation(text, Citation, title)


def parse_citation(text: str, wanted: type[Wanted], title: str) -> Wanted:
    """Hold the text of a CITATION.cff against the format.

    Parameters
    ----------
    text
        What stands in it.
    wanted
        `CitationFile`, or `Citation` to ask for what a deposit needs.
    title
        What to say if it is not.

    Raises
    ------
    StudyError
        If it is no YAML, or a key is unknown, missing or of the wrong type; all problems are
        reported together, each at ``CITATION.cff``, followed by the line and by the key.
    """
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as failure:
        mark = getattr(failure, "problem_mark", None)
        where = f"{CITATION}, line {mark.line + 1}" if mark else CITATION
        raise StudyError(title, [Problem("it is no YAML", where)]) from None
    except ValueError as failure:
        # A day that no calendar has.
        raise StudyError(title, [Problem(f"it cannot be read: {failure}", CITATION)]) from None
    if not isinstance(given, dict):
        raise StudyError(title, [Problem("it holds no keys and values", CITATION)])

    def place(location: Location) -> str:
        return f"{CITATION}{_line(text, location)}{_key(location)}"

    try:
        return build_strictly(wanted, _plain(given), title=title, error=StudyError, place=place)
    except StudyError as failure:
        raise StudyError(title, [_hyphenated(problem) for problem in failure.problems]) from None


def _line(text: str, location: Location) -> str:
    """Find the line of the key on the left margin."""
    key = str(location[0]).replace("_", "-") if location else ""
    for number, line in enumerate(text.splitlines(), start=1):
        if key and line.startswith(f"{key}:"):
            return f", line {number}"
    return ""


def _key(location: Location) -> str:
    # Numbers count from 0, and a choice between kinds of values has no name of its own.
    keys = [step for step in location if isinstance(step, int) or step.replace("_", "").isalpha()]
    steps = (f"[{step + 1}]" if isinstance(step, int) else f" {step}" for step in keys)
    return f",{''.join(steps)}" if keys else ""


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
