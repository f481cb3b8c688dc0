"""The codebook: every column of every table of data is described."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.tree import Tree

__all__ = ["check_codebook"]

CODEBOOK = "data/README.md"
QUOTED = re.compile(r"`([^`\n]+)`")
# What a study file says about its raw columns, other than under which headers they stand.
TELLING = ("restated",)


def check_codebook(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report columns that neither the codebook, a README beside the file nor the study describes.

    A column counts as described where its name stands in backticks, or where a study file maps it
    to a column of the data contract, which the codebook describes.
    """
    described = _quoted(tree.root / CODEBOOK)
    if not described:
        what = "there is no codebook, or it names no column in backticks"
        yield Finding(Place(CODEBOOK), what)
    processed = sorted((tree.root / "data" / "processed").glob("*/*.csv"))
    below = [path.relative_to(tree.root).as_posix() for path in processed]
    for name in [*tree.below("data/raw", suffix=(".csv", ".tsv")), *below]:
        folder = tree.path(name).parent
        known = described | _quoted(folder / "README.md") | _of_study(tree, folder.name)
        header = next(tree.rows(name), [])
        unknown = [column for column in header if column.strip() not in known]
        if unknown:
            named = ", ".join(repr(column) for column in unknown)
            what = f"{len(unknown)} of its {len(header)} columns are not described: {named}"
            yield Finding(Place(name, row=1), what)


def _quoted(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    return frozenset(QUOTED.findall(path.read_text(encoding="utf-8", errors="replace")))


def _of_study(tree: Tree, study: str) -> frozenset[str]:
    """Return the raw headers that a study file maps to columns of the contract."""
    path = tree.root / "notebooks" / "studies" / f"{study}.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return frozenset(_raw_headers(content.get("source", [])))
    except (OSError, ValueError, TypeError, AttributeError):
        # It is not there or no study, of which every run tells.
        return frozenset()


def _raw_headers(sources: list[Mapping[str, Any]]) -> list[str]:
    names: list[str] = []
    for source in sources:
        for headers in source.get("headers", {}).values():
            names += headers
        names += [source[key] for key in TELLING if key in source]
        initiators = source.get("initiators", {})
        names += [initiators["column"]] if "column" in initiators else []
        for who in ("resident", "proactive", "system"):
            names += initiators.get(who, {})
    return names
