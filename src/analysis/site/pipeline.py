"""The dataflow: each step of the pipeline, what it reads and what it makes."""

from __future__ import annotations

from typing import Any

from analysis.pipeline.graph import edges, predecessors
from analysis.pipeline.step import Step
from analysis.site.layers import HEIGHT, lay_out
from analysis.site.links import notebook_link
from analysis.site.material import Material
from analysis.site.page import Page

__all__ = ["pipeline_page"]


def pipeline_page(material: Material) -> Page:
    """Make the page of the pipeline."""
    steps = material.steps
    groups = {step.name: step.study for step in steps}
    drawing = lay_out(groups, {step.name: step.file for step in steps}, edges(steps))
    before = predecessors(steps)
    content = {
        "drawing": drawing,
        "box_height": HEIGHT,
        "steps": {step.name: _shown(step, before[step.name]) for step in steps},
        "titles": {study.name: study.title_en for study in material.studies},
    }
    names = tuple(study.name for study in material.studies)
    return Page("pipeline.html", "Pipeline", "pipeline.html.j2", content, names)


def _shown(step: Step, before: list[str]) -> dict[str, Any]:
    return {
        "step": step,
        "link": _link(step),
        "before": before,
        "inputs": [path.as_posix() for path in step.inputs],
        "products": [path.as_posix() for path in step.products],
    }


def _link(step: Step) -> str:
    """Link to where the site shows what a step makes."""
    match step.kind:
        case "notebook":
            return notebook_link(step.study, step.file)
        case "paper":
            return "paper.html"
        case _:
            return "exhibits.html"
