"""How the compendium is cited: CITATION.cff, held against the Citation File Format 1.2.0."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.tree import Tree

__all__ = ["CITATION", "check_citation"]

CITATION = "CITATION.cff"

Text = Annotated[str, Field(min_length=1)]
Orcid = Annotated[str, Field(pattern=r"^https://orcid\.org/(?:\d{4}-){3}\d{3}[\dX]$")]
Licence = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.+-]*$")]


class Agent(BaseModel):
    """A person, by family or given names, or an organisation, by its name."""

    model_config = ConfigDict(extra="allow")

    name: Text | None = None
    family_names: Text | None = Field(None, alias="family-names")
    given_names: Text | None = Field(None, alias="given-names")
    alias: Text | None = None
    orcid: Orcid | None = None

    @model_validator(mode="after")
    def _is_somebody(self) -> Agent:
        if not (self.name or self.family_names or self.given_names or self.alias):
            raise ValueError("an author has a name, or family-names and given-names")
        return self


class Reference(BaseModel):
    """A work that is cited."""

    model_config = ConfigDict(extra="allow")

    type: Text
    title: Text
    authors: Annotated[list[Agent], Field(min_length=1)]


class Identifier(BaseModel):
    """A persistent identifier."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["doi", "url", "swh", "other"]
    value: Text
    description: Text | None = None


class Citation(BaseModel):
    """The keys of the format; others are errors of writing."""

    model_config = ConfigDict(extra="forbid")

    cff_version: Literal["1.2.0"] = Field(alias="cff-version")
    message: Text
    title: Text
    authors: Annotated[list[Agent], Field(min_length=1)]
    abstract: Text | None = None
    commit: Text | None = None
    contact: list[Agent] | None = None
    date_released: datetime.date | None = Field(None, alias="date-released")
    doi: Annotated[str, Field(pattern=r"^10\.\d{4,9}(?:\.\d+)?/\S+$")] | None = None
    identifiers: list[Identifier] | None = None
    keywords: Annotated[list[Text], Field(min_length=1)] | None = None
    license: Licence | list[Licence] | None = None
    license_url: Text | None = Field(None, alias="license-url")
    preferred_citation: Reference | None = Field(None, alias="preferred-citation")
    references: list[Reference] | None = None
    repository: Text | None = None
    repository_artifact: Text | None = Field(None, alias="repository-artifact")
    repository_code: Text | None = Field(None, alias="repository-code")
    type: Literal["software", "dataset"] = "software"
    url: Text | None = None
    version: str | float | int | None = None


def check_citation(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report a CITATION.cff that is missing, broken or not of the format, and missing licences."""
    if CITATION not in tree.files:
        yield Finding(Place(CITATION), "there is no CITATION.cff")
        return
    try:
        content: Any = yaml.safe_load(tree.text(CITATION))
    except ValueError as failure:
        # A day that no calendar has.
        yield Finding(Place(CITATION), f"it cannot be read: {failure}")
        return
    except yaml.YAMLError as failure:
        mark = getattr(failure, "problem_mark", None)
        line = mark.line + 1 if mark else None
        yield Finding(Place(CITATION, line=line), "it is no YAML")
        return
    try:
        citation = Citation.model_validate(content)
    except ValidationError as failure:
        for error in failure.errors():
            key = ".".join(str(part) for part in error["loc"])
            what = f"{key or 'the file'}: {error['msg'][:1].lower()}{error['msg'][1:]}"
            yield Finding(Place(CITATION, line=_line_of(tree, error["loc"])), what)
        return
    if citation.license is None:
        yield Finding(Place(CITATION), "it names no licence", mend="add the key license")


def _line_of(tree: Tree, where: tuple[int | str, ...]) -> int | None:
    """Find the line of the top-level key of an error."""
    for number, line in enumerate(tree.lines(CITATION), start=1):
        if where and line.startswith(f"{where[0]}:"):
            return number
    return None
