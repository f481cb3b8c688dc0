"""Which seeds there are, with file and line: in study files first, then in code."""

from __future__ import annotations

from pathlib import Path

from analysis.markdown import markdown_table
from analysis.preflight.seeds import find_seeds
from analysis.preflight.tree import Tree

__all__ = ["seeds_with_lines"]


def seeds_with_lines(root: Path) -> str:
    """Write one row for each seed."""
    rows = [
        [f"`{seed.name}`", seed.value, f"`{seed.place.file}`", seed.place.line]
        for seed in find_seeds(Tree(root))
    ]
    return markdown_table(["seed", "value", "file", "line"], rows, "lrlr")
