"""Wrong inputs, put before the command as a user would: it says where, and changes nothing.

A small invented city with the real cleaning notebook. After one good run, each test makes one
thing wrong, runs again and looks at what was said and at what is left.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.clean.raw_files import write_checksums

# In one worker process, so that the first run is made once.
pytestmark = [pytest.mark.slow, pytest.mark.end_to_end, pytest.mark.xdist_group("bad_input")]

REPOSITORY = Path(__file__).parents[2]
RUN = ("notebook", "01_clean", "-p", "study=little")

STUDY = """
name = "little"
title_en = "Little city"
title_zh = "小城"
place_en = "Little city"
simulated = false
first_period = "2020-01"
last_period = "2020-03"
bootstrap_seed = 1
known_errors = "known_errors.csv"

[[source]]
name = "reports"
files = "reports_*.csv"
encoding = "gb18030"
layout = "wide"
missing = ["—", ""]
totals = ["合计"]
restated = "备注"
keys = ["unit", "district", "period"]
absent = "missing"

[source.headers]
period = ["月份"]
district = ["区"]
unit = ["街道"]
complaints = ["诉求量"]
proactive_cases = ["主动发现"]
surveyed = ["回访量"]
satisfied = ["满意量"]
resolution_rate = ["解决率"]

[[source.from_rate]]
count = "resolved"
rate = "resolution_rate"
of = "surveyed"

[register]
units = "register.csv"
crosswalk = "crosswalk.csv"
encoding = "gb18030"

[adoption]
file = "adoption.csv"
encoding = "gb18030"

[[level]]
name = "street"
title_en = "Streets"
title_zh = "街道"
source = "reports"
unit = ["unit"]
treatment = "adoption"
cluster = "unit"
outcomes = ["complaints", "satisfaction_rate"]
estimators = ["twfe"]
"""

# Two districts of two streets, one of which had another name at first; a total in every month.
REPORTS = """月份,区,街道,诉求量,主动发现,回访量,满意量,解决率,备注
2020年1月,东区,桥头街道,"1,204",31,800,640,71.00%,
2020年1月,东区,河沿街道,310,12,200,150,68.50%,
2020年1月,西区,旧庙街道,95,4,60,41,50.00%,
2020年1月,西区,南坡镇,702,25,500,395,70.20%,
2020年1月,合计,合计,"2,311",72,"1,560","1,226",69.00%,
2020年2月,东区,桥头街道,"1,190",33,790,650,72.00%,
2020年2月,东区,河沿街道,295,15,190,450,69.00%,
2020年2月,西区,新庙街道,99,6,50,33,52.00%,
2020年2月,西区,南坡镇,690,—,480,380,71.25%,
2020年3月,东区,桥头街道,"1,150",40,760,630,74.00%,
2020年3月,东区,河沿街道,288,18,200,161,70.00%,
2020年3月,西区,新庙街道,90,7,50,37,54.00%,
2020年3月,西区,南坡镇,671,35,470,376,72.00%,
"""
REGISTER = """unit,district,population
桥头街道,东区,90000
河沿街道,东区,24000
新庙街道,西区,8000
南坡镇,西区,52000
"""
CROSSWALK = "former_unit,unit,district,valid_from,event\n旧庙街道,新庙街道,西区,2020-02,renamed\n"
ADOPTION = "unit,district,adoption_period\n桥头街道,东区,2020-03\n"
KNOWN_ERRORS = (
    "file,row,column,value,reason\nreports_2020.csv,8,满意量,450,more satisfied than were asked\n"
)


@dataclass(frozen=True)
class City:
    """The compendium of the invented city, and the bytes of what its good run made."""

    root: Path

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw" / "little"

    def run(self, *words: str, code: int) -> str:
        finished = subprocess.run(
            [sys.executable, "-m", "analysis.cli", *words],
            cwd=self.root,
            env=os.environ | {"PYTHONUTF8": "1"},
            capture_output=True,
            timeout=120,
        )
        said = (finished.stdout + finished.stderr).decode()
        assert finished.returncode == code, said
        return said

    def interrupt(self, *words: str) -> str:
        """Run, and send Ctrl-C as a terminal does, when the notebook is being executed.

        The notebook waits in a cell of its own, so that the run cannot end before the signal.
        """
        notebook = self.root / "notebooks" / "01_clean.py"
        source = notebook.read_text(encoding="utf-8")
        notebook.write_text(f"{source}\n# %%\nimport time\n\ntime.sleep(60)\n", encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-m", "analysis.cli", *words],
            cwd=self.root,
            env=os.environ | {"PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        staging = self.root / ".cache" / "staging"
        while process.poll() is None and not any(staging.rglob("01_clean*")):
            time.sleep(0.05)
        time.sleep(1.5)
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=60)
        notebook.write_text(source, encoding="utf-8")
        assert process.returncode == 1, said.decode()
        return said.decode()

    def fail(self, *words: str) -> str:
        """Run, be refused, and look for what no message may be without."""
        said = self.run(*words, code=1)
        assert "Traceback" not in said
        assert "Hint: " in said
        return said

    def write(self, *, reports: str, encoding: str = "gb18030", restamp: bool = True) -> None:
        for name, text in {
            "register.csv": REGISTER,
            "crosswalk.csv": CROSSWALK,
            "adoption.csv": ADOPTION,
        }.items():
            (self.raw / name).write_bytes(text.encode("gb18030"))
        (self.raw / "known_errors.csv").write_bytes(KNOWN_ERRORS.encode())
        (self.raw / "reports_2020.csv").write_bytes(reports.encode(encoding))
        if restamp:
            write_checksums(self.raw.parent)

    def made(self) -> dict[str, bytes]:
        folders = ("data/processed", "notebooks/executed", "paper")
        files = sorted(f for folder in folders for f in (self.root / folder).rglob("*.*"))
        return {file.relative_to(self.root).as_posix(): file.read_bytes() for file in files}


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> City:
    city = City(tmp_path_factory.mktemp("bad_input") / "compendium")
    studies = city.root / "notebooks" / "studies"
    for folder in (studies, city.raw):
        folder.mkdir(parents=True)
    for name in ("pyproject.toml", "requirements.txt", "notebooks/01_clean.py"):
        shutil.copyfile(REPOSITORY / name, city.root / name)
    (studies / "little.toml").write_bytes(STUDY.encode())
    city.write(reports=REPORTS)
    assert "1 steps done" in city.run(*RUN, code=0)
    return city


@pytest.fixture
def city(little: City) -> Iterator[City]:
    """The city, whose products a test must not change and whose raw files come back after it."""
    before = little.made()
    yield little
    assert little.made() == before
    little.write(reports=REPORTS)


def edited(old: str, new: str) -> tuple[str, int]:
    """The reports with one thing changed, and the row of the change; the header is row 1."""
    assert REPORTS.count(old) == 1
    place = REPORTS.index(old)
    return REPORTS.replace(old, new), REPORTS[:place].count("\n") + 1


def test_the_good_run_makes_what_the_others_must_leave(city: City) -> None:
    """Without it, 'unchanged' could be said of nothing at all."""
    made = city.made()
    assert {
        "data/processed/little/panel_street.csv",
        "data/processed/little/cleaning_ledger.csv",
        "notebooks/executed/little/01_clean.ipynb",
        "paper/tables/little-cleaning.csv",
    } <= set(made)
    assert len(made["data/processed/little/panel_street.csv"].splitlines()) == 1 + 4 * 3


def test_a_missing_column(city: City) -> None:
    reports, _ = edited("主动发现,", "主动,")
    city.write(reports=reports)
    said = city.fail(*RUN)
    assert "reports_2020.csv, row 1: column 'proactive_cases' is missing" in said
    assert "its headers may be '主动发现'" in said
    assert "did you mean '主动'?" in said


def test_an_unknown_street(city: City) -> None:
    reports, row = edited('桥头街道,"1,190"', '桥头街,"1,190"')
    city.write(reports=reports)
    said = city.fail(*RUN)
    assert f"reports_2020.csv, row {row}, column '街道' (unit): '桥头街' is not in the" in said
    assert "did you mean '桥头街道'?" in said
    assert "the register or the crosswalk" in said


def test_a_period_twice(city: City) -> None:
    """Without a remark that marks a correction, nobody can know which row is right."""
    line = "2020年3月,西区,南坡镇,671,35,470,376,72.00%,\n"
    reports, row = edited(line, line + line.replace("671", "672"))
    city.write(reports=reports)
    said = city.fail(*RUN)
    assert re.search(rf"reports_2020\.csv, row {row + 1}\b", said)
    assert f"row {row}" in said
    assert "南坡镇" in said
    assert "2020-03" in said


def test_more_satisfied_than_surveyed_and_a_rate_above_100_per_cent(city: City) -> None:
    """Both in one run: all that is wrong is told at once."""
    reports, row = edited("480,380,71.25%", "480,481,171.25%")
    city.write(reports=reports)
    said = city.fail(*RUN)
    place = f"reports_2020.csv, row {row}, column "
    assert f"{place}'满意量' (satisfied): satisfied is 481 but surveyed is 480" in said
    assert f"{place}'解决率' (resolution_rate): 171.25 % is not between 0 and 100" in said
    assert "or list the cell with a reason in the study's file of known errors" in said


def test_a_wrong_encoding(city: City) -> None:
    """Nearly all bytes of UTF-8 are GB18030 too: read so, every name would be wrong."""
    city.write(reports=REPORTS, encoding="utf-8")
    said = city.fail(*RUN)
    assert "reports_2020.csv, row 1: " in said
    assert (
        "it looks like utf-8; save the file as gb18030, or correct 'encoding' in the study file"
        in said
    )


def test_one_altered_byte(city: City) -> None:
    """The change is harmless to cleaning, and only the hash can tell of it."""
    reports, _ = edited("2020年3月,西区,南坡镇,671", "2020年3月,西区,南坡镇,672")
    city.write(reports=reports, restamp=False)
    said = city.fail(*RUN)
    assert "data/raw/little/reports_2020.csv: the file was altered" in said
    assert "python3 reproduce.py checksums" in said
    assert "✗" not in said


def test_an_unknown_parameter(city: City) -> None:
    said = city.fail("notebook", "01_clean", "-p", "studdy=little")
    assert "parameter 'studdy': unknown key 'studdy'" in said
    assert "did you mean 'study'?" in said
    assert "✗" not in said


@pytest.mark.skipif(os.name == "nt", reason="a group of processes is interrupted otherwise there")
def test_an_interrupted_run(city: City) -> None:
    said = city.interrupt(*RUN)
    assert "the run was interrupted" in said
    assert "run again: what was finished is kept" in said
    assert "Traceback" not in said
    assert "It is up to date." in city.run(*RUN, code=0)
