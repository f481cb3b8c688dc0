"""The policy's timeline: published events in the stages of the study."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.site.material import Material
from analysis.site.page import Page
from analysis.study.schema import Study
from analysis.tables.published import read_published
from analysis.tables.stages import milestones

__all__ = ["timeline_page"]


def timeline_page(material: Material) -> Page:
    """Make the timeline of each study that has stages; all of it is published fact."""
    studies = [study for study in material.studies if study.published and study.stage]
    content = {"timelines": [(study, _stages(material, study)) for study in studies]}
    # Published events are real, also of a place whose data are simulated.
    return Page("timeline.html", "Policy timeline", "timeline.html.j2", content, ())


def _stages(material: Material, study: Study) -> list[dict[str, Any]]:
    published = read_published(material.root / "data" / "raw" / "published", "timeline")
    published = published.sort_values("date", kind="stable").fillna("")
    marked = set(milestones(study, published)["date"])
    begins = [stage.begins for stage in study.stage]
    stages: list[dict[str, Any]] = [
        {
            "title_en": stage.title_en,
            "title_zh": stage.title_zh,
            "begins": stage.begins,
            "ends": str(pd.Period(after, freq="M") - 1) if after else "",
            "events": [],
        }
        for stage, after in zip(study.stage, [*begins[1:], None], strict=True)
    ]
    earlier: dict[str, Any] = {
        "title_en": "Before",
        "title_zh": "此前",
        "begins": "",
        "ends": "",
        "events": [],
    }
    for event in published.to_dict("records"):
        date = str(event["date"])
        # An event that is dated only by its year counts where the year begins.
        month = date[:7] if len(date) > 4 else f"{date}-01"
        reached = [stage for stage in stages if stage["begins"] <= month]
        stage = reached[-1] if reached else earlier
        stage["events"].append(
            event | {"marked": date in marked, "sources": str(event["source_url"]).split()}
        )
    return [stage for stage in (earlier, *stages) if stage["events"]]
