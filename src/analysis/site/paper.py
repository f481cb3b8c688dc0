"""The paper: to read here, and what it uses on each of its pages."""

from __future__ import annotations

from analysis.ledger.read import Entry
from analysis.site.links import cell_link, exhibit_link
from analysis.site.material import Material
from analysis.site.page import Page

__all__ = ["paper_page"]


def paper_page(material: Material) -> Page:
    """Make the page of the paper and its supplement."""
    entries = {entry.id: entry for entry in material.entries}
    documents = [
        {
            "name": path.stem,
            "file": f"paper/{path.name}",
            "pages": _by_page(material, entries, path.stem),
        }
        for path in material.documents
    ]
    names = tuple(study.name for study in material.studies)
    return Page("paper.html", "The paper", "paper.html.j2", {"documents": documents}, names)


def _by_page(
    material: Material, entries: dict[str, Entry], document: str
) -> list[tuple[int, list[dict[str, object]]]]:
    pages: dict[int, list[dict[str, object]]] = {}
    for identity, uses in material.uses.items():
        for use in uses:
            if use.document == document and identity in entries:
                entry = entries[identity]
                shown = {
                    "entry": entry,
                    "gallery": exhibit_link(identity),
                    "cell": cell_link(entry),
                }
                pages.setdefault(use.page, []).append(shown)
    return sorted(pages.items())
