"""Finished notebooks: nothing in them varies from run to run or from folder to folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from analysis.pipeline.finish import finish_notebook, to_text

v4: Any = nbformat.v4
ROOT = Path("/somewhere/compendium")


def finish(*cells: Any) -> Any:
    notebook = v4.new_notebook(cells=list(cells), metadata={"papermill": {"start_time": "now"}})
    return finish_notebook(
        notebook, root=ROOT, subtitle="Toy · Simulated", made_from={"lock": "abc"}
    )


def code(*outputs: Any, source: str = "x", **metadata: Any) -> Any:
    return v4.new_code_cell(source, outputs=list(outputs), metadata=metadata, execution_count=7)


def stream(text: str, name: str = "stdout") -> Any:
    return v4.new_output("stream", name=name, text=text)


def test_two_executions_give_the_same_bytes() -> None:
    """Random cell ids, time stamps and counts differ between these two."""
    one = [v4.new_markdown_cell("# T"), code(execution={"iopub": "10:00"})]
    two = [v4.new_markdown_cell("# T"), code(execution={"iopub": "11:00"})]
    two[1].execution_count = 3
    assert to_text(finish(*one)) == to_text(finish(*two))


def test_cells_are_counted_and_empty_ones_dropped() -> None:
    finished = finish(v4.new_markdown_cell("# T"), code(), code(source=" \n"), code())
    assert [cell.get("execution_count") for cell in finished.cells] == [None, 1, 2]
    assert [cell.id for cell in finished.cells] == ["cell-01", "cell-02", "cell-03"]


def test_only_the_parameters_that_were_used_are_shown() -> None:
    finished = finish(
        v4.new_markdown_cell("# T"),
        code(source='study = "default"', tags=["parameters"]),
        code(source='study = "used"', tags=["injected-parameters"]),
    )
    assert [cell.source for cell in finished.cells[1:]] == ['study = "used"']
    assert finished.cells[1].metadata == {"tags": ["parameters"]}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<object at 0x7f019334f360>", "<object at 0x…>"),
        ("/somewhere/compendium/data/a.csv", "./data/a.csv"),
        ("/tmp/ipykernel_11277/1708829309.py:2: UserWarning: hm", "<cell>:2: UserWarning: hm"),
        ("0x1F is 31", "0x1F is 31"),
    ],
)
def test_addresses_and_places_are_cut_out(text: str, wanted: str) -> None:
    finished = finish(v4.new_markdown_cell("# T"), code(stream(text)))
    assert finished.cells[1].outputs[0].text == wanted


def test_pieces_of_a_stream_are_joined_but_streams_are_not_mixed() -> None:
    outputs = [stream("a"), stream("b"), stream("c", "stderr"), stream("d")]
    finished = finish(v4.new_markdown_cell("# T"), code(*outputs))
    assert [output.text for output in finished.cells[1].outputs] == ["ab", "c", "d"]


def test_pictures_are_left_alone() -> None:
    picture = v4.new_output("display_data", data={"image/png": "0x123456789a"})
    finished = finish(v4.new_markdown_cell("# T"), code(picture))
    assert finished.cells[1].outputs[0].data["image/png"] == "0x123456789a"


@pytest.mark.parametrize("cells", [[v4.new_markdown_cell("# T\n\nText.")], [code()]])
def test_the_title_says_what_is_simulated(cells: list[Any]) -> None:
    first = finish(*cells).cells[0].source.splitlines()[0]
    assert first.startswith("# ")
    assert first.endswith("Toy · Simulated")


def test_the_metadata_says_what_the_notebook_was_made_from() -> None:
    finished = finish(v4.new_markdown_cell("# T"))
    assert finished.metadata["compendium"] == {"lock": "abc"}
    assert "papermill" not in finished.metadata
    nbformat.validate(finished)
