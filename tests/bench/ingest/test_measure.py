"""Measuring a command: time, memory with that of its children, spilled files, failures."""

from __future__ import annotations

import sys

from analysis.bench.ingest.measure import measure_command

# Fills memory for long enough to be seen.
FILL = "import time; held = b'x' * {size}; time.sleep(0.6)"
SIZE = 200 * 2**20


def measure(code, spill, patience=30.0, environment=None):
    command = [sys.executable, "-c", code]
    return measure_command(command, spill=spill, environment=environment or {}, patience=patience)


def test_time_and_memory_are_told(tmp_path):
    found = measure(FILL.format(size=SIZE), tmp_path)
    assert found.failure == ""
    assert 0.6 <= found.seconds < 20
    assert 200 < found.memory < 400


def test_memory_of_a_child_counts(tmp_path):
    """Catches a contestant that hides its work in another process."""
    child = FILL.format(size=SIZE)
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    assert measure(code, tmp_path).memory > 200


def test_processor_time_of_sleep_is_next_to_nothing(tmp_path):
    found = measure("import time; time.sleep(1)", tmp_path)
    assert found.processor < 0.7 < found.seconds


def test_spilled_files_count_though_they_are_gone(tmp_path):
    spill = tmp_path / "spill"
    code = (
        f"import pathlib, shutil, time; p = pathlib.Path({str(spill)!r}); p.mkdir(); "
        "(p / 'a').write_bytes(b'x' * 3 * 2**20); time.sleep(0.5); shutil.rmtree(p)"
    )
    assert measure(code, spill).spill == 3


def test_failures_are_told_by_their_last_line(tmp_path):
    assert measure("raise ValueError('no such file')", tmp_path).failure == (
        "ValueError: no such file"
    )


def test_gives_up_when_patience_ends(tmp_path):
    assert measure("import time; time.sleep(60)", tmp_path, patience=0.3).failure == (
        "no answer within 0 s"
    )


def test_variables_reach_the_command(tmp_path):
    code = "import os, sys; sys.exit(os.environ['POLARS_MAX_THREADS'] != '2')"
    assert measure(code, tmp_path, environment={"POLARS_MAX_THREADS": "2"}).failure == ""
