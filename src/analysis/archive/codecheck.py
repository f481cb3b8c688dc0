"""Write codecheck.yml: the outputs that a codechecker makes again, and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from analysis.archive.description import Description
from analysis.ledger.read import Entry
from analysis.pipeline.plan import NUMBERS

__all__ = ["SPECIFICATION", "to_codecheck", "wanting"]

SPECIFICATION = "https://codecheck.org.uk/spec/config/2.0/"


def to_codecheck(deposit: Description) -> str:
    """Write the authors' part of a CODECHECK configuration file, version 2.0.

    The codechecker adds who checked what, with which outcome. The manifest has every figure and
    table of the ledgers, the numbers of the text and the documents.

    Parameters
    ----------
    deposit
        What is deposited.

    Returns
    -------
    str
        YAML 1.1, with the directive and the document marker that the specification asks for.
    """
    citation = deposit.citation
    counted = sum(entry.kind == "number" for entry in deposit.entries)
    manifest = [
        {"file": name, "comment": _comment(entry, deposit.pages.get(entry.id, {}))}
        for entry in deposit.entries
        for name in entry.files
    ]
    comment = f"the {counted:,} numbers of the text; paper/ledger/ says where each is made"
    manifest.append({"file": NUMBERS.as_posix(), "comment": comment})
    manifest += [
        {"file": str(item.path), "comment": f"the {item.path.stem}"}
        for item in deposit.items
        if item.path.parent.name == "paper" and item.path.suffix == ".pdf"
    ]
    content = {
        "version": SPECIFICATION,
        "manifest": manifest,
        "paper": {
            "title": (citation.preferred_citation or {}).get("title", citation.title),
            "authors": [
                {"name": author.listed}
                | ({"ORCID": author.identifier} if author.identifier else {})
                for author in citation.authors
            ],
            "reference": _reference(deposit),
        },
    }
    text: str = yaml.safe_dump(
        content, version=(1, 1), sort_keys=False, allow_unicode=True, width=100
    )
    return text


def wanting(deposit: Description) -> list[str]:
    """Say what CODECHECK asks for and the citation does not have."""
    notes = [
        f"CODECHECK asks for the ORCID of {author.listed}; add it to CITATION.cff"
        for author in deposit.citation.authors
        if author.identifier is None
    ]
    if deposit.citation.doi is None:
        notes.append("CODECHECK prefers a DOI of the paper; add it to CITATION.cff when there is")
    return notes


def _reference(deposit: Description) -> str:
    if deposit.citation.doi is not None:
        return f"https://doi.org/{deposit.citation.doi}"
    return deposit.citation.url or "Unpublished; the paper is paper/paper.pdf in this folder"


def _comment(entry: Entry, pages: Mapping[str, Any]) -> str:
    used = "; ".join(
        f"{document}, page {', '.join(map(str, numbers))}" for document, numbers in pages.items()
    )
    parts = [f"{entry.kind} {entry.id}", used, f"made by {entry.place}"]
    if entry.tolerance.kind != "exact":
        parts.append(f"compare by {entry.tolerance.kind}")
    return "; ".join(part for part in parts if part)
