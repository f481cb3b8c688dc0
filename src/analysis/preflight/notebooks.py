"""Executed notebooks: every cell ran, once, from top to bottom, and none failed."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.tree import Tree

__all__ = ["check_notebooks"]


def check_notebooks(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report notebooks whose cells did not run in order, and cells that show an error."""
    for name in [name for name in tree.files if name.endswith(".ipynb")]:
        cells = tree.notebook(name)["cells"]
        if not cells:
            yield Finding(Place(name), "it has no cells, or is no notebook")
        expected = 0
        for number, cell in enumerate(cells, start=1):
            if cell.get("cell_type") != "code" or not "".join(cell.get("source", "")).strip():
                continue
            expected += 1
            count = cell.get("execution_count")
            if count is None:
                yield Finding(Place(name, cell=number), "the cell was never executed")
            elif count != expected:
                what = f"the cell ran as number {count}, where {expected} would be in order"
                yield Finding(Place(name, cell=number), what)
                # Told once: all cells after it are out of step too.
                expected = count
            for output in cell.get("outputs", ()):
                if output.get("output_type") == "error":
                    what = f"the cell failed: {output.get('ename')}: {output.get('evalue')}"
                    yield Finding(Place(name, cell=number), what)
