"""One page of the site, and how it becomes HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analysis.study.schema import SIMULATED, Study

__all__ = ["Page", "Renderer"]

# What every page offers to go to, in groups.
NAVIGATION = (
    ("", (("Home", "index.html"),)),
    ("Read", (("Paper", "paper.html"), ("Notebooks", "notebooks.html"))),
    (
        "Look",
        (
            ("Exhibits", "exhibits.html"),
            ("Effects", "effects.html"),
            ("Places", "places.html"),
            ("Timeline", "timeline.html"),
        ),
    ),
    (
        "Check",
        (
            ("Codebook", "codebook.html"),
            ("Attrition", "attrition.html"),
            ("Pipeline", "pipeline.html"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes
    ----------
    path
        Where it is in the site's folder.
    title
        Its heading.
    template
        The template that draws it.
    content
        What the template shows.
    studies
        Names of the studies whose data it shows; if one is simulated, the page says so on top.
    section
        The page of the navigation that it belongs to; itself if not given.
    scripts
        Scripts of the folder ``static`` that it runs besides the site's own.
    """

    path: str
    title: str
    template: str
    content: Mapping[str, Any]
    studies: tuple[str, ...]
    section: str = ""
    scripts: tuple[str, ...] = ()


class Renderer:
    """Turn pages into HTML.

    Parameters
    ----------
    studies
        All studies, to know which are simulated.
    """

    def __init__(self, studies: Sequence[Study]) -> None:
        self._simulated = {study.name: study for study in studies if study.simulated}
        self._environment = Environment(
            loader=PackageLoader("analysis.site"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.filters["embed"] = _embed

    def render(self, page: Page) -> str:
        """Write one page."""
        simulated = [self._simulated[name] for name in page.studies if name in self._simulated]
        return self._environment.get_template(page.template).render(
            page=page,
            # From any page, the way back to the site's folder; links work without a server.
            top="../" * page.path.count("/"),
            navigation=NAVIGATION,
            section=page.section or page.path,
            simulated=simulated,
            wholly=len(simulated) == len(page.studies),
            mark=f"{SIMULATED}数据",
            short_mark=SIMULATED,
            **page.content,
        )


def _embed(content: Any) -> Markup:
    """Write data into a script element, which must not be closed by what it holds."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))
