"""The benchmark: its table adds up."""

from __future__ import annotations

from analysis.bench.pipeline import timing_table
from analysis.pipeline.progress import StepReport
from analysis.pipeline.run import RunReport


def test_each_part_is_held_against_the_empty_kernel() -> None:
    steps = [("toy/01_clean", 3.0), ("toy/03_effect-a", 2.0), ("toy/03_effect-b", 4.0)]
    first = RunReport(tuple(StepReport(name, "done", s) for name, s in steps), 8.0)
    lines = timing_table(0.5, imports=1.0, environment=None, first=first, second=0.4).splitlines()
    estimation = next(line for line in lines if line.startswith("estimation"))
    assert estimation.split()[-4:] == ["2", "6.0", "3.00", "6.0"]
    assert any("3 x the floor" in line and " 1.5 s" in line for line in lines)
    assert lines[-1].endswith("(5.0% of the first)")
