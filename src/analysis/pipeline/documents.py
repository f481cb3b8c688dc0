"""The documents that are built of Typst sources: the paper, and its supplement if there is one."""

from __future__ import annotations

from pathlib import Path

__all__ = ["DOCUMENTS", "REPORTS", "USES", "document_file", "documents_of", "report_files"]

DOCUMENTS = ("paper", "supplement")

# Reports about studies that the paper does not treat.
REPORTS = Path("paper/reports")

# Which exhibit is used on which page of which document.
USES = Path("paper/uses.json")


def documents_of(root: Path) -> tuple[str, ...]:
    """Name the documents that a compendium has: those of which ``paper/<name>.typ`` is there."""
    return tuple(name for name in DOCUMENTS if (root / "paper" / f"{name}.typ").is_file())


def document_file(name: str) -> Path:
    """Say where a document is, below the top folder."""
    return Path("paper", f"{name}.pdf")


def report_files(study: str) -> tuple[Path, Path]:
    """Say where the report about a study is, and what it prints, below the top folder."""
    return REPORTS / f"{study}.pdf", REPORTS / f"{study}.json"
