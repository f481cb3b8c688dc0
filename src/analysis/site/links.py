"""Where things are in the site: exhibits, cells and notebooks, below its folder."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.ledger.read import Entry
from analysis.ledger.uses import Use

__all__ = ["cell_link", "exhibit_link", "notebook_link", "pages_text"]


def exhibit_link(identity: str) -> str:
    """Link to an exhibit in the gallery.

    Examples
    --------
    >>> exhibit_link("beijing-adoption")
    'exhibits.html#beijing-adoption'
    """
    return f"exhibits.html#{identity}"


def cell_link(entry: Entry) -> str:
    """Link to the cell that recorded an exhibit, or to its notebook if the cell is not known."""
    place = f"#{entry.cell}" if entry.cell else ""
    return notebook_link(entry.study, entry.run) + place


def notebook_link(study: str, run: str) -> str:
    """Link to an executed notebook.

    Examples
    --------
    >>> notebook_link("beijing", "01_clean")
    'notebooks/beijing/01_clean.html'
    """
    return f"notebooks/{study}/{run}.html"


def pages_text(uses: Sequence[Use]) -> str:
    """Say where documents use an exhibit.

    Examples
    --------
    >>> pages_text([Use("n", "paper", 2), Use("n", "paper", 5), Use("n", "supplement", 1)])
    'paper p. 2, 5; supplement p. 1'
    """
    documents: dict[str, list[str]] = {}
    for use in uses:
        documents.setdefault(use.document, []).append(str(use.page))
    return "; ".join(f"{name} p. {', '.join(pages)}" for name, pages in documents.items())
