"""Executed notebooks to read: code folded, and under each cell the exhibits that it made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from analysis.ledger.read import Entry
from analysis.pipeline.step import Step
from analysis.reading import broken
from analysis.site.links import exhibit_link, notebook_link
from analysis.site.material import Material
from analysis.site.page import Page

__all__ = ["Cell", "Output", "notebook_pages", "notebooks_page"]

# What pandas puts into each table: styles that the site has in one place.
_TABLE_STYLE = re.compile(r"<style scoped>.*?</style>\s*", re.DOTALL)
_TABLE_LOOK = re.compile(r' (?:border="1"|style="text-align: right;")')
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_HEADING_ID = re.compile(r'(<h[1-6]) id="[^"]*"')


@dataclass(frozen=True, slots=True)
class Output:
    """What a cell shows.

    Attributes
    ----------
    kind
        ``html`` (a table), ``prose``, ``picture`` (its data, in base 64) or ``text``.
    content
        Ready to stand in the page.
    alt
        Of a picture: what a person who cannot see it is told.
    """

    kind: str
    content: Markup | str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes
    ----------
    id
        As in the executed copy, ``cell-09``; its anchor in the page.
    count
        Its execution count; None for prose.
    code
        Coloured code; empty for prose.
    outputs
        What it shows; for prose, the prose.
    exhibits
        What it recorded, each with its link to the gallery.
    """

    id: str
    count: int | None
    code: Markup
    outputs: tuple[Output, ...]
    exhibits: tuple[tuple[Entry, str], ...] = ()


def notebooks_page(material: Material) -> Page:
    """Make the list of notebook runs by study."""
    by_study = [
        (study, [_listed(material, step) for step in _steps_of(material, study.name)])
        for study in material.studies
    ]
    names = tuple(study.name for study in material.studies)
    return Page("notebooks.html", "Notebooks", "notebooks.html.j2", {"by_study": by_study}, names)


def notebook_pages(material: Material) -> Iterator[Page]:
    """Make a page of each notebook run."""
    for study in material.studies:
        steps = _steps_of(material, study.name)
        for place, step in enumerate(steps):
            near = {
                "before": steps[place - 1] if place > 0 else None,
                "after": steps[place + 1] if place + 1 < len(steps) else None,
            }
            yield _notebook_page(material, step, near)


def _steps_of(material: Material, study: str) -> list[Step]:
    return [step for step in material.notebook_steps if step.study == study]


def _listed(material: Material, step: Step) -> dict[str, Any]:
    entries = material.ledgers[step.study].entries.values()
    made = [entry.kind for entry in entries if entry.run == step.file]
    return {
        "link": notebook_link(step.study, step.file),
        "notebook": step.notebook,
        "title": _title(_read(material.root, step)),
        "of": _what_it_is_of(material, step),
        "counts": [(kind, made.count(kind)) for kind in ("figure", "table", "number")],
    }


def _what_it_is_of(material: Material, step: Step) -> str:
    """Say which level and outcome a run is about; nothing where there is one run a study."""
    given = dict(step.parameters)
    if "level" not in given:
        return ""
    level = material.study(step.study).get_level(given["level"]).title_en
    return f"{level}: {given['outcome'].replace('_', ' ')}"


def _notebook_page(material: Material, step: Step, near: Mapping[str, Step | None]) -> Page:
    notebook = _read(material.root, step)
    entries: dict[str | None, list[Entry]] = {}
    for entry in material.ledgers[step.study].entries.values():
        if entry.run == step.file:
            entries.setdefault(entry.cell, []).append(entry)
    cells = [_cell(cell, entries.get(cell.id, ())) for cell in notebook.cells]
    content = {
        "cells": cells,
        "step": step,
        "of": _what_it_is_of(material, step),
        "study": material.study(step.study),
        "made_from": material.ledgers[step.study].runs[step.file],
        "contents": [
            (cell.id, heading)
            for cell in notebook.cells
            if cell.cell_type == "markdown"
            for heading in _HEADING.findall(cell.source)[:1]
        ],
        "exhibits": sum(len(cell.exhibits) for cell in cells),
        "near": {
            name: (notebook_link(other.study, other.file), other.file)
            for name, other in near.items()
            if other is not None
        },
    }
    return Page(
        notebook_link(step.study, step.file),
        step.file,
        "notebook.html.j2",
        content,
        (step.study,),
        section="notebooks.html",
    )


def _read(root: Path, step: Step) -> NotebookNode:
    read: Any = nbformat.read
    path = step.products[0]
    try:
        notebook: NotebookNode = read(root / path, as_version=4)
    except (ValueError, AttributeError, TypeError, KeyError, nbformat.ValidationError) as failure:
        raise broken(path.as_posix(), f"it is no notebook: {failure}") from None
    return notebook


def _title(notebook: NotebookNode) -> str:
    first = next(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading: str = first.split("\n")[0].removeprefix("# ")
    return heading.split(":")[0]


def _cell(cell: NotebookNode, entries: Sequence[Entry]) -> Cell:
    if cell.cell_type == "markdown":
        return Cell(cell.id, None, Markup(), (Output("prose", _prose(cell.source)),))
    colour: Any = Highlight2HTML
    code = Markup(colour(pygments_lexer="python")(cell.source))
    outputs = tuple(_output(output) for output in cell.outputs)
    exhibits = tuple((entry, exhibit_link(entry.id)) for entry in entries)
    return Cell(cell.id, cell.execution_count, code, outputs, exhibits)


def _output(output: NotebookNode) -> Output:
    if output.output_type == "stream":
        return Output("text", output.text)
    data = output.data
    if "image/png" in data:
        # The alternative text that the figure was given stands where others see its object.
        return Output("picture", data["image/png"].replace("\n", ""), data.get("text/plain", ""))
    if "text/html" in data:
        plain = _TABLE_LOOK.sub("", _TABLE_STYLE.sub("", data["text/html"]))
        return Output("html", Markup(plain))
    if "text/markdown" in data:
        return Output("prose", _prose(data["text/markdown"]))
    return Output("text", data.get("text/plain", ""))


def _prose(source: str) -> Markup:
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    render: Any = MarkdownWithMath(renderer=renderer)
    # Headings need no ids of their own, which could be there twice: cells have them.
    return Markup(_HEADING_ID.sub(r"\1", render.render(source)))
