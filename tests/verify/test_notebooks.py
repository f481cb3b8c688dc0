"""Executed notebooks: each cell and output that differs is named."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

from PIL import Image

from analysis.verify.notebooks import compare_notebooks
from analysis.verify.verdict import Verdict

NAME = "notebooks/executed/toy/02_describe.ipynb"


def picture(level: int) -> str:
    buffer = io.BytesIO()
    Image.new("L", (10, 10), level).save(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode()


def notebook(root: Path, *outputs: dict[str, Any], source: str = "show()") -> None:
    cell = {"cell_type": "code", "id": "cell-03", "source": source, "outputs": list(outputs)}
    path = root / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    title = {"cell_type": "markdown", "id": "cell-01", "source": "# Volumes"}
    path.write_text(json.dumps({"cells": [title, cell], "metadata": {}}), encoding="utf-8")


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}


def shown(**data: str) -> dict[str, Any]:
    mimes = {name.replace("_", "/"): value for name, value in data.items()}
    return {"output_type": "display_data", "data": mimes, "metadata": {}}


def compared(tmp_path: Path, check: str = "rerun") -> list[Verdict]:
    return compare_notebooks(tmp_path / "a", tmp_path / "b", [NAME], check)  # type: ignore[arg-type]


def test_the_same_notebook_passes(tmp_path: Path) -> None:
    for side in ("a", "b"):
        notebook(tmp_path / side, stream("100\n"))
    assert [v.outcome for v in compared(tmp_path)] == ["PASS"]


def test_a_line_of_output_is_named_with_its_cell(tmp_path: Path) -> None:
    notebook(tmp_path / "a", stream("rows in\n100 rows\n"))
    notebook(tmp_path / "b", stream("rows in\n140 rows\n"))
    (found,) = compared(tmp_path)
    assert found.outcome == "FAIL"
    assert found.where == "cell-03, output 1 (stdout)"
    assert (found.committed, found.made) == ("100 rows", "140 rows")


def test_last_digits_are_explained_unless_both_runs_were_here(tmp_path: Path) -> None:
    notebook(tmp_path / "a", stream("0.12345678901\n"))
    notebook(tmp_path / "b", stream("0.12345678902\n"))
    assert [v.outcome for v in compared(tmp_path)] == ["EXPLAINED"]
    assert [v.outcome for v in compared(tmp_path, "second run")] == ["FAIL"]


def test_pictures_and_tables_in_outputs(tmp_path: Path) -> None:
    notebook(tmp_path / "a", shown(image_png=picture(0), text_html="<td>1</td>"))
    notebook(tmp_path / "b", shown(image_png=picture(255), text_html="<td>2</td>"))
    wheres = {v.where: v.reason for v in compared(tmp_path)}
    assert wheres["cell-03, output 1 (image/png)"] == "100.00% of the picture's pixels differ"
    assert "cell-03, output 1 (text/html)" in wheres


def test_other_code_other_outputs_and_other_cells(tmp_path: Path) -> None:
    notebook(tmp_path / "a", stream("1"), source="show(1)")
    notebook(tmp_path / "b", source="show(2)")
    source, outputs = compared(tmp_path)
    assert (source.where, source.made) == ("cell-03, source", "show(2)")
    assert (outputs.committed, outputs.made) == ("1 outputs", "0 outputs")


def test_a_missing_or_broken_copy_fails(tmp_path: Path) -> None:
    notebook(tmp_path / "b")
    (found,) = compared(tmp_path)
    assert found.reason.startswith("it is not committed")
    (tmp_path / "a" / NAME).parent.mkdir(parents=True)
    (tmp_path / "a" / NAME).write_text("{", encoding="utf-8")
    assert [v.outcome for v in compared(tmp_path)] == ["FAIL"]
