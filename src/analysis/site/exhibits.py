"""The gallery: every figure, table and number, each with the cell that made it."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

from analysis.ledger.read import Entry
from analysis.site.links import cell_link, notebook_link, pages_text
from analysis.site.material import Material
from analysis.site.page import Page

__all__ = ["exhibits_page"]


def exhibits_page(material: Material) -> Page:
    """Make the gallery."""
    entries = material.entries
    figures = [
        _shown(material, entry) | _picture(material, entry)
        for entry in entries
        if entry.kind == "figure"
    ]
    tables = [
        _shown(material, entry) | {"table": _read_table(material, entry)}
        for entry in entries
        if entry.kind == "table"
    ]
    content = {
        "figures": figures,
        "tables": tables,
        "numbers": _numbers_by_run(material),
        "studies": material.studies,
        "total": len(entries),
    }
    names = tuple(study.name for study in material.studies)
    return Page("exhibits.html", "Exhibits", "exhibits.html.j2", content, names)


def _shown(material: Material, entry: Entry) -> dict[str, Any]:
    used = pages_text(material.uses.get(entry.id, ()))
    return {"entry": entry, "link": cell_link(entry), "used": used}


def _picture(material: Material, entry: Entry) -> dict[str, Any]:
    name = next(name for name in sorted(entry.files) if name.endswith(".png"))
    with (material.root / name).open("rb") as stream:
        header = stream.read(24)
    # The header of a PNG: eight bytes, a chunk's length and name, width and height.
    width, height = struct.unpack(">II", header[16:24])
    return {"file": f"figures/{Path(name).name}", "width": width, "height": height}


def _read_table(material: Material, entry: Entry) -> dict[str, Any]:
    name = next(name for name in sorted(entry.files) if name.endswith(".json"))
    table: dict[str, Any] = json.loads((material.root / name).read_text(encoding="utf-8"))
    return table


def _numbers_by_run(material: Material) -> list[dict[str, Any]]:
    runs: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for entry in material.entries:
        if entry.kind == "number":
            runs.setdefault((entry.study, entry.run), []).append(_shown(material, entry))
    return [
        {
            "study": material.study(study),
            "run": run,
            "link": notebook_link(study, run),
            "rows": rows,
        }
        for (study, run), rows in sorted(runs.items())
    ]
