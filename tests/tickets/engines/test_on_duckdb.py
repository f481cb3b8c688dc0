"""DuckDB reads and writes Parquet within its memory, and leaves nothing behind."""

from __future__ import annotations

import ibis
import pytest

from analysis.errors import DataError, ParameterError
from analysis.tickets.clean.clean import clean_tickets
from analysis.tickets.engines.engine import Resources
from analysis.tickets.engines.on_duckdb import DuckDBEngine
from analysis.tickets.engines.registry import open_engine


@pytest.fixture
def engine(tmp_path):
    with DuckDBEngine(Resources(tmp_path / "scratch", memory=256, threads=1)) as opened:
        yield opened


def test_a_table_comes_back_as_it_was_written(engine, landed_files, known, riverton, tmp_path):
    checked = clean_tickets(engine.read(landed_files), riverton, known)
    expected = checked.order_by("file", "row").to_pyarrow()
    assert expected.num_rows == 600
    engine.write(checked, tmp_path / "checked")
    found = engine.read([tmp_path / "checked"]).order_by("file", "row").to_pyarrow()
    assert found.equals(expected)


def test_more_than_its_memory_goes_to_the_scratch_folder(tmp_path):
    # To sort two million texts of 40 characters takes twice the 64 MiB.
    scratch = tmp_path / "scratch"
    with DuckDBEngine(Resources(scratch, memory=64, threads=1)) as engine:
        numbers = ibis.range(0, 2_000_000).unnest().name("n").as_table()
        texts = numbers.mutate(text=numbers.n.cast("string").lpad(40, "0"))
        engine.write(texts.order_by(texts.n.hash()), tmp_path / "texts")
        assert engine.read([tmp_path / "texts"]).n.nunique().to_pyarrow().as_py() == 2_000_000
    assert list(scratch.iterdir()) == []


def test_a_folder_that_exists_is_not_written_into(engine, landed_files, tmp_path):
    (tmp_path / "there").mkdir()
    with pytest.raises(DataError, match="exists already"):
        engine.write(engine.read(landed_files), tmp_path / "there")


def test_a_name_with_a_quote_is_a_name(engine, landed_files, tmp_path):
    folder = tmp_path / "it's here"
    engine.write(engine.read(landed_files), folder)
    assert engine.read([folder]).count().to_pyarrow().as_py() == 600


def test_resources_are_checked_together(tmp_path):
    with pytest.raises(ParameterError) as failure:
        Resources(tmp_path, memory=0, threads=0)
    assert [problem.where for problem in failure.value.problems] == ["memory", "threads"]


def test_only_spark_has_a_master(tmp_path):
    with pytest.raises(ParameterError, match="duckdb runs in this machine"):
        open_engine("duckdb", Resources(tmp_path, master="spark://host:7077"))
