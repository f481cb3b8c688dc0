"""Say which licence each part of a deposit is under: code, text, data, and files of others."""

from __future__ import annotations

from analysis.archive.fields import licence_address
from analysis.archive.metadata import Metadata

__all__ = ["licences_as_text", "licences_in_words"]


def licences_as_text(metadata: Metadata) -> str:
    """Write LICENSES.md: one row for each part."""
    rows = [
        ("Code: `src/`, `tests/`, `reproduce.py`, notebooks", metadata.licence.code, "`LICENSE`"),
        ("Text, figures, tables, executed notebooks", metadata.licence.text, "`LICENSE-TEXT`"),
    ]
    rows += [
        (f"`{other.place}`: {other.title}", other.licence, "") for other in metadata.third_party
    ]
    rows += [
        (f"`data/raw/{data.folder}`: {data.title}", data.licence or "none", data.rights)
        for data in metadata.data
    ]
    lines = ["# Licences", "", "| part | licence | rights |", "|---|---|---|"]
    for part, licence, rights in rows:
        linked = licence if licence == "none" else f"[{licence}]({licence_address(licence)})"
        lines.append(f"| {part} | {linked} | {rights} |")
    return "\n".join(lines) + "\n"


def licences_in_words(metadata: Metadata) -> str:
    """Write the same in one sentence for each kind."""
    data = "; ".join(f"{data.folder}: {data.licence or data.rights}" for data in metadata.data)
    words = [
        f"Code is under {metadata.licence.code}, text and figures under {metadata.licence.text}."
    ]
    words += [f"{other.title}: {other.licence}." for other in metadata.third_party]
    return " ".join([*words, f"Data: {data}."])
