"""The verb `ingest`: what it says, its exit codes, and that no two are at work at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from analysis.cli import app
from analysis.errors import CompendiumError, DataError, ParameterError, RunError, StudyError
from analysis.pipeline.staging import only_run

TICKETS = Path(__file__).parent / "tickets"
TOY = Path(__file__).parent / "toy_compendium"
ROWS = """\
编号,受理时间,办结时间,区,街道,一级分类,诉求来源,来电号码,办理状态,诉求内容
T1,2022-01-03 08:00:00,2022-01-04 08:00:00,东区,河东街道,供暖,电话,13912345678,已办结,欧阳娜娜
T2,2022-01-05 08:00:00,2022-01-09 08:00:00,西区,山前镇,供暖,电话,13812345678,已办结,管道
T3,2022-02-05 08:00:00,,西区,山前镇,供暖,巡查,,办理中,管道
T4,2022-02-07 08:00:00,,东区,河东街道,供暖,电话,,作废,管道
"""
STUDY = """\
name = "little"
title_en = "Little"
title_zh = "小城"
place_en = "Little"
simulated = false
first_period = "2022-01"
last_period = "2022-02"
bootstrap_seed = 1

[tickets]
zone = "Asia/Shanghai"
extracted = "2022-03-31"

[[tickets.source]]
name = "hotline"
files = "hotline_*.csv"
format = "csv"
times = ["iso"]

[tickets.source.headers]
id = ["编号"]
opened = ["受理时间"]
closed = ["办结时间"]
district = ["区"]
street = ["街道"]
category_1 = ["一级分类"]
channel = ["诉求来源"]
caller = ["来电号码"]
status = ["办理状态"]

[tickets.initiator]
column = "channel"
resident = ["电话"]
proactive = ["巡查"]

[tickets.status]
open = ["办理中"]
closed = ["已办结"]
void = ["作废"]

[[level]]
name = "street"
title_en = "Streets"
title_zh = "街道"
source = "tickets"
unit = ["unit"]
treatment = "dose"
cluster = "unit"
outcomes = ["complaints"]
estimators = ["twfe"]

[level.dose]
column = "proactive_cases"
months_before = 3
transform = "log1p"
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A compendium with a study of four tickets, and one that has none."""
    studies, raw = tmp_path / "notebooks" / "studies", tmp_path / "data" / "raw" / "little"
    studies.mkdir(parents=True)
    raw.mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    (studies / "little.toml").write_text(STUDY, encoding="utf-8")
    shutil.copyfile(TOY / "notebooks" / "studies" / "toy.toml", studies / "toy.toml")
    (raw / "hotline_2022.csv").write_text(ROWS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: str) -> Result:
    return CliRunner().invoke(app, ["ingest", *words])


def refused(*words: str, error: type[CompendiumError]) -> str:
    result = call(*words)
    assert result.exit_code == 1
    assert isinstance(result.exception, error), result.output
    return str(result.exception)


def test_it_says_what_it_did_and_that_nothing_is_left_to_do(root: Path) -> None:
    """Catches a user who cannot tell how many tickets count, or whether it has to be done again."""
    result = call("little", "--memory", "512", "--threads", "1")
    assert result.exit_code == 0, result.output
    assert "1 files, 4 rows: 3 kept, 1 set aside." in result.output
    assert "data/processed/little/ingested/accounts.csv" in result.output
    assert (root / "data" / "processed" / "little" / "ingested" / "tickets.csv").is_file()
    again = call("little")
    next_step = "Next: compendium run --study little\n"
    assert result.stdout.endswith(next_step)
    assert (again.exit_code, again.stdout) == (0, f"The tables are up to date.\n{next_step}")


def test_restricted_tickets_are_ingested_in_their_workspace(root: Path) -> None:
    """Catches restricted tickets that are counted where, or with what, is open."""
    shared = ("template.typ", "references.bib", "report.typ", "report/words.typ", "fonts/a.ttf")
    for name in ("requirements.txt", *(f"paper/{name}" for name in shared)):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    export = root / "data" / "restricted" / "little"
    export.mkdir(parents=True)
    (export / "hotline_2022.csv").write_text(
        ROWS + "T5,2022-02-08 08:00:00,,东区,河东街道,供暖,电话,13712345678,已办结,管道\n",
        encoding="utf-8",
    )
    assert call("little").exit_code == 0

    def public() -> dict[str, bytes]:
        paths = (path for path in sorted(root.rglob("*")) if path.is_file())
        return {str(p): p.read_bytes() for p in paths if not p.is_relative_to(export)}

    before = public()
    result = call("little", "--data", "restricted")
    assert result.exit_code == 0, result.output
    assert "1 files, 5 rows: 4 kept, 1 set aside." in result.output
    workspace = "data/restricted/little/workspace"
    assert f"To read: {workspace}/data/processed/little/ingested/accounts.csv" in result.output
    assert result.stdout.endswith("Next: compendium run --study little --data restricted\n")
    assert public() == before
    keys = [root / place / ".cache/tickets/little/caller.key" for place in (".", workspace)]
    assert keys[0].read_bytes() != keys[1].read_bytes()


def test_an_export_without_a_public_study_is_pointed_to(root: Path) -> None:
    """Catches an author who is told that a study is unknown which lies in the restricted folder."""
    export = root / "data" / "restricted" / "capital"
    export.mkdir(parents=True)
    (export / "capital.toml").write_text(STUDY.replace("little", "capital"), encoding="utf-8")
    assert "add --data restricted" in refused("capital", error=StudyError)
    assert "there is no export" in refused("capital", "--data", "restricted", error=RunError)


def test_help_names_options_and_exit_codes() -> None:
    """Catches an option that nobody finds."""
    said = call("--help").output
    for word in ("--engine", "--master", "--memory", "--threads", "Exit codes", "Examples"):
        assert word in said


def test_a_study_that_cannot_be_ingested_is_named(root: Path) -> None:
    """Catches a traceback for a mistyped name."""
    assert "did you mean 'little'?" in refused("litle", error=StudyError)
    assert "no table 'tickets'" in refused("toy", error=StudyError)


def test_wrong_files_are_named(root: Path) -> None:
    """Catches an exit code that a script takes for success."""
    (root / "data" / "raw" / "little" / "hotline_2022.csv").write_bytes(b"\xff")
    assert "hotline_2022.csv, line 1" in refused("little", error=DataError)
    (root / "data" / "raw" / "little" / "hotline_2022.csv").unlink()
    assert "no file matches 'hotline_*.csv'" in refused("little", error=DataError)


@pytest.mark.parametrize(
    "words", [["--engine", "dukdb"], ["--memory", "1"], ["--threads", "0"], ["--memory", "much"]]
)
def test_options_that_make_no_sense_are_refused(root: Path, words: list[str]) -> None:
    """Catches an engine that is started with them."""
    result = call("little", *words)
    assert result.exit_code == 2
    assert words[0] in result.output


def test_a_master_is_for_spark(root: Path) -> None:
    """Catches an address that is quietly not used."""
    said = refused("little", "--master", "spark://host:7077", error=ParameterError)
    assert "choose the engine spark" in said


def test_spark_is_asked_for_where_it_is_missing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches an import error where a hint would do."""
    for name in ("pyspark", "py4j"):
        monkeypatch.setitem(sys.modules, name, None)
    said = refused("little", "--engine", "spark", error=RunError)
    assert "PySpark is missing" in said
    assert "[spark]" in said


def test_an_ingest_waits_for_no_run(root: Path) -> None:
    """Catches two that write the same files at once."""
    (root / ".cache").mkdir()
    with only_run(root):
        assert "another run is going on" in refused("little", error=RunError)
    assert call("little").exit_code == 0


@pytest.mark.slow
def test_an_error_is_told_by_the_command_in_a_few_lines(root: Path) -> None:
    """Catches a traceback, and a ticket in it."""
    path = root / "data" / "raw" / "little" / "hotline_2022.csv"
    path.write_text(ROWS.replace("欧阳娜娜", '"欧阳娜娜'), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "analysis.cli", "ingest", "little"], cwd=root, capture_output=True
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 1
    assert "hotline_2022.csv, row 2" in said
    assert "Hint: " in said
    for word in ("Traceback", "欧阳娜娜", "13912345678"):
        assert word not in said


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_named(root: Path) -> None:
    """Catches a file that is passed over because it belongs to somebody else."""
    (root / "data" / "raw" / "little" / "hotline_2022.csv").chmod(0)
    done = subprocess.run(
        [sys.executable, "-m", "analysis.cli", "ingest", "little"], cwd=root, capture_output=True
    )
    assert done.returncode == 1
    assert "hotline_2022.csv" in done.stderr.decode()


@pytest.mark.slow
def test_a_place_that_cannot_be_written_to_is_told_in_a_few_lines(root: Path) -> None:
    """Catches a traceback for a full disk or a folder of somebody else."""
    (root / "data" / "processed").write_text("a file where a folder should be")
    done = subprocess.run(
        [sys.executable, "-m", "analysis.cli", "ingest", "little"], cwd=root, capture_output=True
    )
    said = done.stderr.decode()
    assert done.returncode == 1
    assert "a file cannot be read or written" in said
    assert "Traceback" not in said
