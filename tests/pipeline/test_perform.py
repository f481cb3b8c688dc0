"""Carrying out a step leaves in place what is another step's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.pipeline import notebooks
from analysis.pipeline.perform import perform
from analysis.pipeline.records import exhibit_files
from analysis.pipeline.staging import only_run
from analysis.pipeline.step import Step

BEFORE, AFTER = "toy/02_describe", "toy/06_summary"


def record_of(*figures: str) -> dict[str, dict[str, dict[str, list[str]]]]:
    files = {name: {"files": [f"paper/figures/{name}.svg"]} for name in figures}
    return {"figures": files, "numbers": {}, "tables": {}}


def write(folder: Path, step: Step, *figures: str) -> None:
    record = record_of(*figures)
    assert step.record is not None
    for path in (step.record, *exhibit_files(record)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(record), encoding="utf-8")


@pytest.mark.parametrize("first", [BEFORE, AFTER])
def test_a_figure_that_moves_to_another_notebook_is_there_in_the_end(
    toy: Path, toy_plan: dict[str, Step], monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """Catches a step that removes what it made before although another step makes it now."""
    steps = {name: replace(toy_plan[name], products=()) for name in (BEFORE, AFTER)}
    write(toy, steps[BEFORE], "map", "lost")
    write(toy, steps[AFTER])
    now = {BEFORE: [], AFTER: ["map"]}
    monkeypatch.setattr(
        notebooks, "run_notebook", lambda step, root, to: write(to, step, *now[step.name])
    )
    with only_run(toy) as run_folder:
        for name in sorted(steps, key=lambda name: name != first):
            perform(steps[name], toy, run_folder)
    assert (toy / "paper/figures/map.svg").is_file()
    assert not (toy / "paper/figures/lost.svg").exists()
