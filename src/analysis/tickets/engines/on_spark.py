"""Spark as an engine: the same expressions on a cluster, or in this machine's own Spark."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import ibis
import ibis.expr.types as ir

from analysis.errors import Problem, RunError
from analysis.tickets.engines.engine import Resources, refuse_existing

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["SparkEngine"]

# Spark's default of 200 suits a large cluster; adaptive execution joins what turns out small.
_SHUFFLE_PARTITIONS = 64


class SparkEngine:
    """One Spark session.

    Parameters
    ----------
    resources
        What it may use. Without `master`, Spark runs inside this machine.

    Raises
    ------
    RunError
        If PySpark is not installed, or there is no Java to run it, or the session cannot start
        (no master answers at its address).
    """

    name = "spark"

    def __init__(self, resources: Resources) -> None:
        resources.scratch.mkdir(parents=True, exist_ok=True)
        self._session = _open_session(resources)
        self._connection = ibis.pyspark.connect(self._session)
        self._numbers = itertools.count()

    def read(self, paths: Sequence[Path]) -> ir.Table:
        """Return a table over Parquet files; see `Engine`."""
        # Ibis' own reader takes one path only.
        frame = self._session.read.parquet(*map(str, paths))
        name = f"parquet_{next(self._numbers)}"
        frame.createOrReplaceTempView(name)
        return self._connection.table(name)

    def write(self, table: ir.Table, folder: Path) -> None:
        """Write a table as Parquet files; see `Engine`."""
        refuse_existing(folder)
        self._connection.to_parquet_dir(table, folder)

    def close(self) -> None:
        """Stop the session and let go of the cluster."""
        self._connection.disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _open_session(resources: Resources) -> SparkSession:
    # An extra: most users never need it, and it brings a Java program of 400 MB along.
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as failure:
        hint = 'pip install "before-the-complaint[spark]", or choose the engine duckdb'
        raise RunError("Spark cannot be used", [Problem("PySpark is missing", "", hint)]) from (
            failure
        )
    builder = SparkSession.builder.appName("before-the-complaint")
    builder = builder.master(resources.master or f"local[{resources.threads or '*'}]")
    for key, value in _settings(resources).items():
        builder = builder.config(key, value)
    # The workers' Python is never needed, but must be the same if Spark looks for it.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError as failure:
        hint = "install Java 17 or later and set JAVA_HOME, or choose the engine duckdb"
        what = "the Java program behind it did not start"
        raise RunError("Spark cannot be used", [Problem(what, "", hint)]) from failure
    except Py4JError as failure:
        address = resources.master or "this machine"
        hint = "start the master, or correct its address; the lines above come from Spark itself"
        what = "the session did not start"
        raise RunError("Spark cannot be used", [Problem(what, address, hint)]) from failure
    session.sparkContext.setLogLevel("ERROR")
    return session


def _settings(resources: Resources) -> dict[str, str]:
    memory = f"{resources.memory}m"
    return {
        "spark.driver.memory": memory,
        "spark.executor.memory": memory,
        "spark.local.dir": str(resources.scratch),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        # Moments are on the city's wall clock; no zone of a machine may move them.
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.extraJavaOptions": "-Duser.timezone=UTC",
        "spark.executor.extraJavaOptions": "-Duser.timezone=UTC",
        "spark.sql.adaptive.enabled": "true",
        "spark.sql.shuffle.partitions": str(_SHUFFLE_PARTITIONS),
        "spark.sql.parquet.compression.codec": "zstd",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        # An empty marker file beside the parts would only be in the way of the next reader.
        "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    }
