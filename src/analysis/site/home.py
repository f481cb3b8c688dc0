"""The first page: what the compendium is, what is simulated, what there is, how to run it again."""

from __future__ import annotations

from analysis.site.material import Material
from analysis.site.page import Page
from analysis.study.schema import Study

__all__ = ["home_page"]


def home_page(material: Material) -> Page:
    """Make the first page."""
    entries = material.entries
    counts = {
        kind: sum(entry.kind == kind for entry in entries) for kind in ("figure", "table", "number")
    }
    content = {
        "cards": [_card(material, study) for study in material.studies],
        "counts": counts,
        "runs": len(material.notebook_steps),
    }
    names = tuple(study.name for study in material.studies)
    return Page("index.html", "Before the Complaint", "home.html.j2", content, names)


def _card(material: Material, study: Study) -> dict[str, object]:
    entries = material.ledgers[study.name].entries.values()
    return {
        "study": study,
        "levels": [f"{level.title_en} {level.title_zh}" for level in study.level],
        "runs": len(material.ledgers[study.name].runs),
        "exhibits": len(entries),
    }
