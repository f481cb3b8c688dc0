"""The benchmark: it copies what a fresh clone has, and its table adds up."""

from __future__ import annotations

from pathlib import Path

from analysis.bench.pipeline import copy_sources, timing_table
from analysis.pipeline.progress import StepReport
from analysis.pipeline.run import RunReport


def test_the_copy_has_sources_and_nothing_that_was_made(tmp_path: Path) -> None:
    names = ["data/raw/toy/a.csv", "notebooks/01_clean.py", "paper/paper.typ", "pyproject.toml"]
    made = ["paper/figures/a.svg", "paper/paper.pdf", "notebooks/executed/toy/a.ipynb"]
    made += ["data/processed/toy/a.csv", ".cache/x", "src/analysis/__pycache__/a.pyc"]
    for name in (*names, *made):
        (tmp_path / "root" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "root" / name).touch()
    copy_sources(tmp_path / "root", tmp_path / "copy")
    found = {p.relative_to(tmp_path / "copy").as_posix() for p in (tmp_path / "copy").rglob("*.*")}
    assert found == set(names)


def test_each_part_is_held_against_the_empty_kernel() -> None:
    steps = [("toy/01_clean", 3.0), ("toy/03_effect-a", 2.0), ("toy/03_effect-b", 4.0)]
    first = RunReport(tuple(StepReport(name, "done", s) for name, s in steps), 8.0)
    lines = timing_table(0.5, imports=1.0, environment=None, first=first, second=0.4).splitlines()
    estimation = next(line for line in lines if line.startswith("estimation"))
    assert estimation.split()[-4:] == ["2", "6.0", "3.00", "6.0"]
    assert any("3 x the floor" in line and " 1.5 s" in line for line in lines)
    assert lines[-1].endswith("(5.0% of the first)")
