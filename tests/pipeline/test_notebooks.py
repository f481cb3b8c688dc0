"""Notebooks as they are really run: the same bytes twice, and failures that name the cell."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from analysis.errors import ParameterError, RunError
from analysis.pipeline import notebooks
from analysis.pipeline.environment import isolated_environment
from analysis.pipeline.notebooks import failed_copy, run_notebook
from analysis.pipeline.perform import perform
from analysis.pipeline.staging import only_run
from analysis.pipeline.step import Step
from analysis.workspace import STAGING_VARIABLE

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def isolated(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in isolated_environment(toy).items():
        monkeypatch.setenv(name, value)
    (toy / ".cache" / "tmp").mkdir(parents=True)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_same_notebook_gives_the_same_bytes(
    toy: Path, toy_plan: dict[str, Step], tmp_path: Path
) -> None:
    step = toy_plan["toy/01_clean"]
    for folder in ("one", "two"):
        run_notebook(step, toy, tmp_path / folder)
    one, two = (sorted((tmp_path / f).rglob("*.*")) for f in ("one", "two"))
    assert [path.name for path in one] == [path.name for path in two]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_an_executed_notebook_is_clean_and_says_what_made_it(
    toy: Path, toy_plan: dict[str, Step], tmp_path: Path
) -> None:
    run_notebook(toy_plan["toy/01_clean"], toy, tmp_path)
    copy = tmp_path / "notebooks" / "executed" / "toy" / "01_clean.ipynb"
    notebook = json.loads(copy.read_text(encoding="utf-8"))
    assert notebook["cells"][0]["source"][0].startswith("# Raw reports to panels: Toy town")
    assert "Simulated" in notebook["cells"][0]["source"][0]
    outputs = [o for cell in notebook["cells"] for o in cell.get("outputs", [])]
    # A kernel's own warnings would stand here as a stream of stderr.
    assert outputs == [{"name": "stdout", "output_type": "stream", "text": ["rows: 4\n"]}]
    made_from = notebook["metadata"]["compendium"]
    assert made_from["parameters"] == {"study": "toy"}
    assert list(made_from["inputs"]) == ["data/raw/toy/reports.csv", "data/raw/toy/truth.csv"]
    assert all(re.fullmatch("[0-9a-f]{64}", made_from[k]) for k in ("source", "code", "lock"))
    assert STAGING_VARIABLE not in os.environ
    assert not failed_copy(toy_plan["toy/01_clean"], toy).exists()


def test_the_page_for_reading_asks_nothing_of_the_network(
    toy: Path, toy_plan: dict[str, Step], tmp_path: Path
) -> None:
    run_notebook(toy_plan["toy/01_clean"], toy, tmp_path)
    page = (tmp_path / "notebooks/executed/toy/01_clean.html").read_text(encoding="utf-8")
    assert "rows: 4" in page
    assert "Simulated</title>" in page
    assert not re.findall(r"<(?:script|link|iframe)|@import|(?:src|url)\s*[=(][\"']?https?:", page)


def test_a_failing_cell_is_named_and_the_former_outputs_stay(
    toy: Path, toy_plan: dict[str, Step]
) -> None:
    step = toy_plan["toy/01_clean"]
    with only_run(toy) as run_folder:
        perform(step, toy, run_folder)
    before = {path: (toy / path).read_bytes() for path in step.products}
    source = toy / "notebooks" / "01_clean.py"
    replace(source, 'print("rows:"', 'raise ValueError("no such street")\nprint("rows:"')
    with only_run(toy) as run_folder, pytest.raises(RunError) as caught:
        perform(step, toy, run_folder)
    message = str(caught.value)
    assert "ValueError: no such street" in message
    line = (
        source.read_text(encoding="utf-8")
        .splitlines()
        .index('reports = (raw / "reports.csv").read_bytes()')
    )
    assert f"notebooks/01_clean.py, line {line + 1}" in message
    assert {path: (toy / path).read_bytes() for path in step.products} == before
    copy = failed_copy(step, toy)
    assert copy.relative_to(toy).as_posix() in message
    assert "no such street" in copy.read_text(encoding="utf-8")


def test_an_undeclared_file_stops_the_step(toy: Path, toy_plan: dict[str, Step]) -> None:
    new = 'workspace.write_to("paper", "extra.txt").write_bytes(b"")\nprint("rows:"'
    replace(toy / "notebooks" / "01_clean.py", 'print("rows:"', new)
    with (
        only_run(toy) as run_folder,
        pytest.raises(RunError, match=r"paper/extra\.txt: nobody declared this file"),
    ):
        perform(toy_plan["toy/01_clean"], toy, run_folder)
    assert not (toy / "data" / "processed").exists()


def test_other_parameters_stop_before_a_kernel_starts(
    toy: Path, toy_plan: dict[str, Step], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papermill.execute_notebook", lambda *_, **__: pytest.fail("started"))
    replace(toy / "notebooks" / "01_clean.py", 'study = "toy"', 'stady = "toy"')
    with pytest.raises(ParameterError, match="did you mean 'study'"):
        run_notebook(toy_plan["toy/01_clean"], toy, tmp_path)


def test_a_notebook_without_a_parameters_cell_is_refused(
    toy: Path, toy_plan: dict[str, Step], tmp_path: Path
) -> None:
    replace(toy / "notebooks" / "01_clean.py", ' tags=["parameters"]', "")
    with pytest.raises(RunError, match="0 cells are tagged 'parameters'"):
        run_notebook(toy_plan["toy/01_clean"], toy, tmp_path)


def test_what_a_kernel_says_of_itself_does_not_reach_the_terminal(
    toy: Path, toy_plan: dict[str, Step], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Catches a traceback of a thread of the kernel among the lines of a good run."""
    late = 'atexit.register(lambda: print("Traceback", file=sys.__stderr__))'
    source = toy / "notebooks" / "01_clean.py"
    replace(source, 'print("rows:"', f'import atexit, sys\n{late}\nprint("rows:"')
    run_notebook(toy_plan["toy/01_clean"], toy, tmp_path / "out")
    assert capfd.readouterr().err == ""
    assert list(failed_copy(toy_plan["toy/01_clean"], toy).parent.iterdir()) == []


def test_the_last_words_of_a_kernel_that_died_are_kept(
    toy: Path, toy_plan: dict[str, Step], tmp_path: Path
) -> None:
    # As what is written in C does, past the notebook.
    died = "os.write(2, b'out of range'); os._exit(1)"
    source = toy / "notebooks" / "01_clean.py"
    replace(source, 'print("rows:"', f'import os\n{died}\nprint("rows:"')
    step = toy_plan["toy/01_clean"]
    with pytest.raises(RunError) as refused:
        run_notebook(step, toy, tmp_path / "out")
    assert "the kernel died" in str(refused.value)
    assert "what its kernel said last is in 01_clean.kernel.txt beside it" in str(refused.value)
    messages = failed_copy(step, toy).with_name("01_clean.kernel.txt")
    assert "out of range" in messages.read_text(encoding="utf-8")


def kernel_that_starts_at_attempt(wanted: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let kernels die at their start, as two that were told the same port do."""
    attempts: list[int] = []
    really = notebooks.papermill.execute_notebook

    def execute(*words: object, **options: object) -> object:
        attempts.append(len(attempts) + 1)
        if len(attempts) < wanted:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return really(*words, **options)

    monkeypatch.setattr(notebooks.papermill, "execute_notebook", execute)
    return attempts


def test_a_kernel_that_did_not_start_is_started_again(
    toy: Path, toy_plan: dict[str, Step], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = kernel_that_starts_at_attempt(3, monkeypatch)
    run_notebook(toy_plan["toy/05_recovery"], toy, tmp_path / "out")
    assert len(attempts) == 3


def test_kernels_that_never_start_are_told_as_such(
    toy: Path, toy_plan: dict[str, Step], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel_that_starts_at_attempt(99, monkeypatch)
    with pytest.raises(RunError, match="no kernel could be started"):
        run_notebook(toy_plan["toy/05_recovery"], toy, tmp_path / "out")
