"""An ingest that is killed or has no room leaves the former tables, and the next goes on."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
from typing import Any

import duckdb
import pytest

from analysis.errors import RunError
from analysis.tickets import ingest as ingest_module

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs signals and limits")

# An ingest in a process of its own, which kills itself when a function is called for the nth time:
# before the call, or as soon as it is done.
CHILD = """
import importlib, os, pickle, signal, sys
from pathlib import Path

study, root, module, name, count, when, limit = pickle.loads(sys.stdin.buffer.read())
if limit is not None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
place = importlib.import_module(module)
*inside, name = name.split(".")
owner = getattr(place, inside[0]) if inside else place
genuine, calls = getattr(owner, name), 0

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def watched(*given, **named):
    global calls
    calls += 1
    if calls == count and when == "before":
        die()
    done = genuine(*given, **named)
    if calls == count and when == "after":
        die()
    return done

setattr(owner, name, watched)
from analysis.tickets.ingest import Means, ingest
ingest(study, root, means=Means(quiet=True, threads=1))
print("it was not killed")
"""

INGEST, LAND = "analysis.tickets.ingest", "analysis.tickets.land_all"
# Moment -> module, function, which call of it, and whether before or after.
MOMENTS = {
    "before a file lands": (LAND, "Landing.land", 1, "before"),
    "a file has landed without its account": (LAND, "Landing.land", 1, "after"),
    "one of two files has landed": (LAND, "write_atomically", 1, "after"),
    "all files have landed": (INGEST, "land_all", 1, "after"),
    "the engine is open": (INGEST, "clean_tickets", 1, "before"),
    "tickets are cleaned": (INGEST, "account", 1, "before"),
    "limits are checked": (INGEST, "check_limits", 1, "after"),
    "cases are counted": (INGEST, "count_tickets", 1, "after"),
    "a file was renamed": ("pathlib", "Path.replace", 1, "after"),
    "former cases were put aside": ("analysis.replacing", "Path.replace", 3, "after"),
    "new cases are in place": ("analysis.replacing", "recover", 5, "before"),
    "former tables were put aside": ("analysis.replacing", "Path.replace", 11, "after"),
    "half of the tables are written": (INGEST, "write_panel", 1, "after"),
    "the account is written": (INGEST, "write_provenance", 1, "before"),
    "the provenance is written": (INGEST, "write_provenance", 1, "after"),
    "former files are removed": (LAND, "_remove_others", 1, "before"),
}


@pytest.fixture(scope="module")
def first(small_city, riverton, tmp_path_factory) -> Any:
    """A city that was ingested, and whose second file is new since then."""
    root = tmp_path_factory.mktemp("kill") / "city"
    city = small_city.City(root, small_city.small_study(riverton))
    city.put(city.text(rows=range(45)), "hotline_a.csv")
    city.put(city.text({50: {"street": "河东街道"}}, rows=range(45, 90)), "hotline_b.csv")
    city.ingest()
    city.put(city.text(rows=range(45, 90)), "hotline_b.csv")
    return city


@pytest.fixture
def changed(first, tmp_path) -> Any:
    """A copy of it."""
    shutil.copytree(first.root, tmp_path / "copy")
    return first.at(tmp_path / "copy")


def run_child(
    city: Any, *moment: object, limit: int | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", CHILD],
        input=pickle.dumps((city.study, city.root, *moment, limit)),
        capture_output=True,
        timeout=120,
        env=os.environ | {"PYTHONUTF8": "1"},
    )


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_ingest_leaves_whole_tables_and_the_next_goes_on(moment, changed, small_city):
    """Catches a table that is half there, litter, and hours of reading that are lost."""
    former = changed.files()
    killed = run_child(changed, *MOMENTS[moment])
    assert killed.returncode == -signal.SIGKILL, killed.stdout + killed.stderr
    assert changed.files() in (former, {})
    assert small_city.find_secrets(changed, (killed.stdout + killed.stderr).decode()) == []
    landed = {path: path.stat().st_mtime_ns for path in accounted(changed)}
    assert not changed.ingest().up_to_date
    assert changed.counted() == changed.expected()
    assert all(path.stat().st_mtime_ns == time for path, time in landed.items() if path.exists())
    assert len(landed) >= 1
    assert_no_litter(changed)
    assert changed.ingest().up_to_date


@pytest.mark.slow
def test_what_is_whole_when_it_is_killed_is_not_done_again(changed):
    """Catches former tables that are never cleared away, because the new ones are up to date."""
    run_child(changed, "analysis.replacing", "recover", 9, "before")
    assert (changed.made / ".ingested.former").is_dir()
    assert changed.ingest().up_to_date
    assert changed.counted() == changed.expected()
    assert_no_litter(changed)


def accounted(city: Any) -> list[Any]:
    return [path for path in city.landed() if path.with_suffix(".json").is_file()]


def assert_no_litter(city: Any) -> None:
    cache = city.root / ".cache" / "tickets" / "riverton"
    assert sorted(path.name for path in cache.iterdir()) == ["caller.key", "landed"]
    assert len(list((cache / "landed").iterdir())) == 2 * len(city.landed()) == 4
    assert sorted(path.name for path in city.made.iterdir()) == ["cases", "ingested", "quarantine"]
    assert list(city.made.rglob(".*")) == []


@pytest.mark.slow
def test_a_killed_first_ingest_leaves_no_tables(city):
    """Catches a panel that is read although it was never whole."""
    city.put(city.text())
    run_child(city, INGEST, "write_panel", 1, "after")
    assert city.files() == {}
    city.ingest()
    assert city.counted() == city.expected()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("landed", "words"),
    [(False, "is the disk full"), (True, "a file cannot be read or written")],
    ids=["while files land", "while tickets are cleaned"],
)
def test_a_full_disk_is_told_in_few_words(city, small_city, landed, words):
    """Catches an engine's own words, or a table that ends where the disk was full."""
    city.put(city.text())
    if landed:
        city.land()
    # As a full disk does, the limit lets no file grow.
    failed = run_child(city, INGEST, "ingest", 99, "before", limit=400)
    said = (failed.stdout + failed.stderr).decode()
    assert failed.returncode == 1
    assert words in said
    assert city.files() == {}
    assert small_city.find_secrets(city, said) == []
    city.ingest()
    assert city.counted() == city.expected()


def test_an_engine_without_memory_says_so(city, monkeypatch):
    """Catches an engine's page of words where one line would do."""

    def fail(*_: object) -> None:
        raise duckdb.OutOfMemoryException("13912345678 does not fit")

    monkeypatch.setattr(ingest_module, "clean_tickets", fail)
    city.put(city.text())
    with pytest.raises(RunError, match="memory or the disk is full") as caught:
        city.ingest()
    assert "--memory" in str(caught.value)
    assert caught.value.__context__ is None


def test_a_place_that_cannot_be_written_to_is_an_error_of_the_disk(city):
    """Catches a failure that is taken for a failure of the data, and litter after it."""
    city.put(city.text())
    city.made.parent.mkdir(parents=True)
    city.made.write_text("a file where a folder should be")
    with pytest.raises(FileExistsError):
        city.ingest()
    assert not (city.root / ".cache" / "tickets" / "riverton" / "work").exists()


LONG_LINE = """
import pickle, resource, sys
study, root = pickle.loads(sys.stdin.buffer.read())
from analysis.errors import DataError
from analysis.tickets.ingest import Means, ingest
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    ingest(study, root, means=Means(quiet=True))
except DataError as error:
    print(error)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is told in KiB on Linux")
def test_a_line_of_two_gigabytes_is_refused_in_bounded_memory(city):
    """Catches ten gigabytes of one line that are read whole before anything is said."""
    path = city.put(city.text())
    # Bytes of nothing, which take no room on the disk.
    os.truncate(path, path.stat().st_size + 2_000 * (1 << 20))
    done = subprocess.run(
        [sys.executable, "-c", LONG_LINE],
        input=pickle.dumps((city.study, city.root)),
        capture_output=True,
        timeout=120,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    *said, grown = done.stdout.decode().splitlines()
    assert "hotline_a.csv, row 92: a line is longer than 4 MiB" in "\n".join(said)
    assert int(grown) < 400 * 1024, f"memory grew by {grown} KiB"
