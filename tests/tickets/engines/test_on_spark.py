"""Spark gives the same rows as DuckDB, in this machine and on a cluster of its own."""

from __future__ import annotations

import builtins
import contextlib
import gc
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.errors import RunError
from analysis.tickets.clean.account import account
from analysis.tickets.clean.clean import clean_tickets
from analysis.tickets.clean.quarantine import quarantine
from analysis.tickets.engines.engine import Resources
from analysis.tickets.engines.on_duckdb import DuckDBEngine
from analysis.tickets.engines.on_spark import SparkEngine

pytestmark = [
    # PySpark 4.0 still speaks to pandas as pandas 2 wished it to.
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string' option is deprecated"),
    # It leaves its connections to the Java program to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket.socket:ResourceWarning"),
]

PATIENCE = 60  # seconds until a master or worker must have said that it is there


@pytest.fixture(autouse=True)
def _collected():
    """Let go of a test's connections before the next test, which may not expect a warning."""
    yield
    gc.collect()


def test_a_missing_pyspark_is_named_with_what_to_install(monkeypatch, tmp_path):
    real_import = builtins.__import__

    def without_pyspark(name, *arguments, **options):
        if name.startswith("pyspark"):
            raise ImportError(name)
        return real_import(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without_pyspark)
    with pytest.raises(RunError, match=r'pip install "before-the-complaint\[spark\]"'):
        SparkEngine(Resources(tmp_path / "scratch"))


@pytest.mark.slow
def test_a_missing_java_is_named_with_what_to_install(tmp_path):
    pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
    # In a process of its own, as Java may run already in this one.
    program = (
        "from pathlib import Path; from analysis.tickets.engines.engine import Resources; "
        "from analysis.tickets.engines.on_spark import SparkEngine; "
        f"SparkEngine(Resources(Path({str(tmp_path)!r})))"
    )
    environment = {**os.environ, "JAVA_HOME": str(tmp_path / "no_java")}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    assert run.returncode == 1
    assert "Java program behind it did not start" in run.stderr
    assert "install Java 17" in run.stderr


@pytest.mark.slow
def test_both_engines_check_the_same_tickets_alike(landed_files, known, riverton, tmp_path):
    pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
    expected = check_on(DuckDBEngine, Resources(tmp_path / "a"), landed_files, known, riverton)
    found = check_on(
        SparkEngine, Resources(tmp_path / "b", threads=2), landed_files, known, riverton
    )
    assert {row["step"] for row in expected["checked"]} == {
        None, "read", "identify", "versions", "validate", "codes", "flags", "places",
    }  # fmt: skip
    assert found["checked"] == expected["checked"]
    assert found["quarantine"] == expected["quarantine"]
    assert found["account"].equals(expected["account"])


@pytest.mark.slow
def test_a_cluster_checks_tickets_as_duckdb_does(landed_files, known, riverton, tmp_path):
    pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
    expected = check_on(DuckDBEngine, Resources(tmp_path / "a"), landed_files, known, riverton)
    with cluster(tmp_path) as master:
        resources = Resources(tmp_path / "b", memory=512, master=master)
        found = check_on(SparkEngine, resources, landed_files, known, riverton)
    assert found["checked"] == expected["checked"]
    # It was the worker that did it.
    assert "Asked to launch executor" in (tmp_path / "worker.Worker.log").read_text()


def check_on(kind, resources, files, known, study):
    """Clean on an engine, through files, and read everything that comes of it."""
    with kind(resources) as engine:
        folder = resources.scratch.parent / f"checked_{engine.name}"
        engine.write(clean_tickets(engine.read(files), study, known), folder)
        checked = engine.read([folder])
        place = ["file", "row"]
        return {
            "checked": checked.order_by(place).to_pyarrow().to_pylist(),
            "quarantine": quarantine(checked).order_by([*place, "column"]).to_pyarrow().to_pylist(),
            "account": account(checked),
        }


@contextlib.contextmanager
def cluster(folder):
    """Start a Spark master and one worker on the loopback interface, and stop them again."""
    import pyspark

    port = free_port()
    master = f"spark://127.0.0.1:{port}"
    host = ["--host", "127.0.0.1", "--webui-port", "0"]
    with contextlib.ExitStack() as running:

        def start(name, arguments, ready):
            log = folder / f"{name}.log"
            command = [
                str(Path(pyspark.__file__).parent / "bin" / "spark-class"),
                f"org.apache.spark.deploy.{name}",
                *arguments,
            ]
            environment = {
                **os.environ,
                "SPARK_LOCAL_IP": "127.0.0.1",
                "SPARK_WORKER_DIR": str(folder / "work"),
                "SPARK_DAEMON_MEMORY": "256m",
            }
            with log.open("wb") as output:
                process = subprocess.Popen(
                    command, env=environment, stdout=output, stderr=subprocess.STDOUT
                )
            running.callback(stop, process)
            wait_for(ready, log, process)

        start("master.Master", [*host, "--port", str(port)], "I have been elected leader")
        start(
            "worker.Worker",
            [*host, "--cores", "1", "--memory", "1g", master],
            "Successfully registered with master",
        )
        yield master


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(words, log, process):
    end = time.monotonic() + PATIENCE
    while words not in log.read_text(errors="replace"):
        assert process.poll() is None, log.read_text(errors="replace")
        assert time.monotonic() < end, log.read_text(errors="replace")
        time.sleep(0.2)


def stop(process):
    process.terminate()
    process.wait(timeout=PATIENCE)
