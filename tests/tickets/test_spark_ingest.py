"""Spark and DuckDB make the same tables of the same raw files."""

from __future__ import annotations

import gc
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from analysis.study.schema import Study
from analysis.tickets.ingest import Means, ingest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("pyspark") is None,
        reason="PySpark is not installed: requirements-spark.txt has it",
    ),
    # PySpark and Ibis against pandas 3; py4j leaves sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string' option is deprecated"),
    pytest.mark.filterwarnings("ignore:unclosed <socket.socket:ResourceWarning"),
]


def test_both_engines_make_the_same_tables(
    tmp_path: Path, riverton: Study, riverton_files: ModuleType
) -> None:
    """Catches an expression that the engines understand differently, anywhere on the way."""
    assert riverton.tickets is not None
    study = replace(riverton, tickets=replace(riverton.tickets, quarantine_limit=0.05))
    made = {}
    for engine in ("duckdb", "spark"):
        root = tmp_path / engine
        riverton_files.write_riverton(root / "data" / "raw")
        ingest(study, root, means=Means(engine=engine, quiet=True))
        made[engine] = root / "data" / "processed" / "riverton" / "ingested"
    gc.collect()
    for name in ("tickets", "tickets_by_category", "accounts"):
        ours, other = (pd.read_csv(folder / f"{name}.csv") for folder in made.values())
        pd.testing.assert_frame_equal(ours, other, rtol=1e-12)
