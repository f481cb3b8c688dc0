"""Licences: of the code, of the text, and those that other files name are there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.tree import Tree

__all__ = ["check_licences"]

LICENCE = re.compile(r"(?:LICEN[CS]E|COPYING)(?:[-_.].*)?", re.IGNORECASE)
# What the full text of a licence says, unlike a line that only names one.
GRANT = re.compile(r"permission|permitted|licen[cs]e|public domain", re.IGNORECASE)
SHORTEST = 400


def check_licences(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report a compendium without a licence, licences without a text, and fonts without one."""
    found = [name for name in tree.files if "/" not in name and LICENCE.fullmatch(name)]
    if not found:
        yield Finding(Place("LICENSE"), "there is no licence in the top folder")
    for name in found:
        text = tree.text(name)
        if len(text) < SHORTEST or not GRANT.search(text):
            yield Finding(Place(name), "it is not the full text of a licence")
    yield from _named_in_project(tree)
    fonts = tree.below("paper", suffix=(".ttf", ".otf", ".woff", ".woff2"))
    for folder in sorted({name.rpartition("/")[0] for name in fonts}):
        beside = [name.rpartition("/")[2] for name in tree.below(folder)]
        if not any(name.startswith("OFL") or LICENCE.fullmatch(name) for name in beside):
            yield Finding(Place(folder), "fonts are passed on without their licence")


def _named_in_project(tree: Tree) -> Iterator[Finding]:
    if "pyproject.toml" not in tree.files:
        return
    try:
        project = tomllib.loads(tree.text("pyproject.toml")).get("project", {})
    except tomllib.TOMLDecodeError:
        return
    for name in project.get("license-files", []):
        if name not in tree.files:
            what = f"license-files names {name}, which is not there"
            yield Finding(Place("pyproject.toml"), what)
