"""What a step costs is measured, its processes included, and kept only if it succeeds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.pipeline.measure import COSTS, measure_step

MEGABYTE = 1_000_000


def cost(root: Path, name: str) -> dict[str, float]:
    measured: dict[str, float] = json.loads((root / COSTS / f"{name}.json").read_text("utf-8"))
    return measured


def test_memory_of_a_process_that_was_started_counts(tmp_path: Path) -> None:
    """Catches a measurement that sees the worker and not its kernel."""
    holds = "import time; held = bytearray(400_000_000); time.sleep(1)"
    with measure_step("toy/idle", tmp_path):
        pass
    with measure_step("toy/busy", tmp_path):
        subprocess.run([sys.executable, "-c", holds], check=True)
    idle, busy = cost(tmp_path, "toy/idle"), cost(tmp_path, "toy/busy")
    assert busy["peak_bytes"] - idle["peak_bytes"] > 350 * MEGABYTE
    assert busy["seconds"] >= 1
    assert idle["seconds"] < 1


def test_a_step_that_fails_leaves_its_former_cost(tmp_path: Path) -> None:
    with measure_step("paper", tmp_path):
        pass
    before = (tmp_path / COSTS / "paper.json").read_bytes()
    with pytest.raises(RuntimeError), measure_step("paper", tmp_path):
        raise RuntimeError
    assert (tmp_path / COSTS / "paper.json").read_bytes() == before
