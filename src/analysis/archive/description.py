"""All that is said about one deposit, gathered once for the formats that repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.archive.citation import CITATION, Citation, read_citation
from analysis.archive.contents import Item, list_contents
from analysis.archive.metadata import METADATA, Metadata, read_metadata
from analysis.archive.restricted import LeftOut, list_restricted
from analysis.errors import Problem, StudyError
from analysis.ledger.read import Entry, read_ledgers
from analysis.ledger.uses import read_uses
from analysis.project import read_project
from analysis.study.schema import Study

__all__ = ["COMMAND", "Description", "describe"]

# What makes everything again, in any copy of the compendium.
COMMAND = "python3 reproduce.py"


@dataclass(frozen=True, slots=True)
class Description:
    """What a deposit is.

    Attributes
    ----------
    citation, metadata
        What CITATION.cff and metadata.toml say.
    studies
        Name -> study.
    items
        The files that go in, in the order of their paths.
    restricted
        The confidential files that do not.
    entries
        The exhibits, from the ledgers.
    pages
        Id of an exhibit -> document -> the pages on which it is used.
    """

    citation: Citation
    metadata: Metadata
    studies: Mapping[str, Study]
    items: tuple[Item, ...]
    restricted: tuple[LeftOut, ...]
    entries: tuple[Entry, ...]
    pages: Mapping[str, Mapping[str, tuple[int, ...]]]

    @property
    def name(self) -> str:
        """The name of the deposit's folder, from its title and version."""
        short = self.citation.title.split(":")[0].split("(")[0].strip()
        words = "".join(letter if letter.isalnum() else " " for letter in short).lower().split()
        return f"{'-'.join(words)}-{self.citation.version}"

    @property
    def keywords(self) -> list[str]:
        """The keywords, and the JEL codes as such."""
        return [*self.citation.keywords, *(f"JEL {code}" for code in self.metadata.jel)]


def describe(root: Path, *, processed: bool = False) -> Description:
    """Gather what is said about a compendium.

    Parameters
    ----------
    root
        Its top folder.
    processed
        Whether cleaned tables go into the deposit too.

    Raises
    ------
    StudyError
        If CITATION.cff or metadata.toml are not valid or contradict each other or pyproject.toml,
        or confidential data have no stated conditions of access.
    """
    citation = read_citation(root / CITATION)
    metadata, studies = read_metadata(root)
    if problems := _contradictions(root, citation, metadata):
        raise StudyError("the compendium is described in two ways", problems)
    pages: dict[str, dict[str, tuple[int, ...]]] = {}
    for use in sorted(read_uses(root)):
        documents = pages.setdefault(use.id, {})
        documents[use.document] = (*documents.get(use.document, ()), use.page)
    return Description(
        citation=citation,
        metadata=metadata,
        studies=studies,
        items=list_contents(root, metadata, processed=processed),
        restricted=list_restricted(root, metadata),
        entries=tuple(
            entry for ledger in read_ledgers(root).values() for entry in ledger.entries.values()
        ),
        pages=pages,
    )


def _contradictions(root: Path, citation: Citation, metadata: Metadata) -> list[Problem]:
    project = read_project(root, "version")["project"]
    problems = []
    if project["version"] != citation.version:
        what = f"the version is {citation.version}, in pyproject.toml it is {project['version']}"
        problems.append(Problem(what, f"{CITATION}, version", "write the same in both"))
    cited = {citation.license} if isinstance(citation.license, str) else {*citation.license}
    problems += [
        Problem(f"{licence} is not among the licences of {CITATION}", f"{METADATA}, licence")
        for licence in (metadata.licence.code, metadata.licence.text)
        if licence not in cited
    ]
    return problems
