"""Finish an executed notebook: the same inputs give the same bytes, and it says what made it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

__all__ = ["finish_notebook", "to_text"]

# What differs between two runs, or between two machines, without meaning anything.
_KERNEL_FILE = re.compile(r"[^\s\"'<>]*ipykernel_\d+[\\/]+\d+\.py")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")

# Its functions carry no types.
_v4: Any = nbformat.v4

_KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
_LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"}


def finish_notebook(
    executed: NotebookNode, *, root: Path, subtitle: str, made_from: Mapping[str, Any]
) -> NotebookNode:
    """Rebuild an executed notebook without anything that varies between runs.

    Parameters
    ----------
    executed
        What papermill returns.
    root
        The top folder of the compendium; its path is cut out of the outputs.
    subtitle
        Added to the title, the first heading: the study, the run, and the word Simulated.
    made_from
        Put into the metadata as ``compendium``: parameters and hashes.

    Returns
    -------
    nbformat.NotebookNode
        With fixed cell ids, cells counted 1, 2, 3, no empty code cell, no time stamp, one
        parameters cell (the values used), and no address of an object or a folder.
    """
    cells = [cell for cell in executed.cells if _is_wanted(cell)]
    count = 0
    finished = []
    for place, cell in enumerate(cells, start=1):
        identity = f"cell-{place:02d}"
        if cell.cell_type != "code":
            finished.append(_v4.new_markdown_cell(cell.source, id=identity))
            continue
        count += 1
        tags = [tag.removeprefix("injected-") for tag in cell.metadata.get("tags", [])]
        finished.append(
            _v4.new_code_cell(
                cell.source.strip(),
                id=identity,
                execution_count=count,
                metadata={"tags": tags} if tags else {},
                outputs=_finish_outputs(cell.outputs, count, root),
            )
        )
    _add_subtitle(finished, subtitle)
    metadata = {
        "compendium": dict(made_from),
        "kernelspec": _KERNELSPEC,
        "language_info": _LANGUAGE,
    }
    notebook: NotebookNode = _v4.new_notebook(cells=finished, metadata=metadata)
    return notebook


def to_text(notebook: NotebookNode) -> str:
    """Write a notebook as the text of an ``.ipynb`` file."""
    write: Any = nbformat.writes
    return f"{write(notebook, version=4).rstrip()}\n"


def _is_wanted(cell: NotebookNode) -> bool:
    # The cell of default parameters is replaced by the cell of those that were used.
    is_default = "parameters" in cell.metadata.get("tags", [])
    return bool(cell.source.strip()) and not is_default


def _add_subtitle(cells: list[NotebookNode], subtitle: str) -> None:
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            title, *rest = cell.source.split("\n")
            cell.source = "\n".join([f"{title}: {subtitle}", *rest])
            return
    cells.insert(0, _v4.new_markdown_cell(f"# {subtitle}", id="title"))


def _finish_outputs(outputs: list[NotebookNode], count: int, root: Path) -> list[NotebookNode]:
    finished: list[NotebookNode] = []
    for output in outputs:
        match output.output_type:
            case "stream":
                text = _finish_text(output.text, root)
                # A stream arrives in pieces of any size.
                if finished and finished[-1].get("name") == output.name:
                    finished[-1].text += text
                else:
                    finished.append(_v4.new_output("stream", name=output.name, text=text))
            case "execute_result" | "display_data" as kind:
                data = {
                    mime: _finish_text(value, root) if mime.startswith("text/") else value
                    for mime, value in output.data.items()
                }
                counted = {"execution_count": count} if kind == "execute_result" else {}
                finished.append(_v4.new_output(kind, data=data, **counted))
    return finished


def _finish_text(text: str, root: Path) -> str:
    for path in {str(root), root.as_posix()}:
        text = text.replace(path, ".")
    return _ADDRESS.sub("0x…", _KERNEL_FILE.sub("<cell>", text))
