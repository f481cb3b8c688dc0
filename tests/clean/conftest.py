"""A small city whose raw reports hold one of every kind of dirt."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from analysis.clean.reports import Cleaned, clean_study
from analysis.study.load import read_study
from analysis.study.schema import Study
from analysis.study.sources import Source

STUDY = """
name = "toy"
title_en = "A toy city"
title_zh = "玩具城"
place_en = "Toy"
simulated = true
first_period = "2020-11"
last_period = "2021-02"
seed = 1
bootstrap_seed = 1
known_errors = "known_errors.csv"

[[source]]
name = "streets"
files = "streets_*.csv"
encoding = "gb18030"
layout = "wide"
missing = ["—", ""]
totals = ["合计", "小计"]
restated = "备注"
keys = ["unit", "district", "period"]
absent = "missing"
ignored = ["序号"]

[source.headers]
period = ["月份", "考核期"]
district = ["区", "所属区"]
unit = ["街道乡镇", "街乡镇"]
complaints = ["诉求量", "诉求量（件）"]
proactive_cases = ["主动发现"]
surveyed = ["回访量"]
satisfaction_rate = ["满意率", "满意率（%）"]

[[source.from_rate]]
count = "satisfied"
rate = "satisfaction_rate"
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
source = "streets"
unit = ["unit"]
treatment = "adoption"
cluster = "unit"
outcomes = ["complaints", "satisfaction_rate"]
estimators = ["twfe"]

[[level]]
name = "district"
title_en = "Districts"
title_zh = "区"
aggregate = "street"
unit = ["unit"]
treatment = "coverage"
cluster = "unit"
outcomes = ["complaints", "satisfaction_rate"]
estimators = ["twfe"]
"""

# 老二街 becomes 东二街, and 西一街 and 西二街 become 西合街, all in January 2021.
FILES = {
    "streets_2020.csv": """\
序号,月份,区,街道乡镇,诉求量,主动发现,回访量,满意率,备注
1,2020-11,东区,东一街,"1,000",50,200,95.50%,
2,2020-11,东区,老二街,500,20,100,90.00%,
3,2020-11,西区,西一街,300,10,50,90.00%,
4,2020-11,西区,西二街,200,10,40,75.00%,
,2020-11,全市,合计,"2,000",90,390,—,
5,2020-12,东区,东一街,900,60,200,90.00%,
6,2020-12,东区,老二街,450,20,100,91.00%,
7,2020-12,西区,西一街,250,10,50,88.00%,
8,2020-12,西区,西二街,—,—,—,—,
9,2020-12,东区,东一街,910,61,200,92.00%,更正
""",
    "streets_2021.csv": """\
考核期,所属区,街乡镇,诉求量（件）,主动发现,回访量,满意率（%）,备注
202101,东区,东一街,800,70,200,96.5,
202101,东区,东二街,400,30,100,103.20,
202101,西区,西合街,600,40,120,97.5,
202102,东区,东二街,390,35,100,95,
202102,西区,西合街,580,45,120,97.5,
""",
    "register.csv": """\
unit,district,population
东一街,东区,"60,000"
东二街,东区,"40,000"
西合街,西区,"50,000"
""",
    "crosswalk.csv": """\
former_unit,unit,district,valid_from,event
老二街,东二街,东区,2021-01,renamed
西一街,西合街,西区,2021-01,merged
西二街,西合街,西区,2021-01,merged
""",
    "adoption.csv": """\
unit,district,adoption_period
东一街,东区,2020-12
""",
    "known_errors.csv": """\
file,row,column,value,reason
streets_2021.csv,3,满意率（%）,103.20,a share above 100 per cent
""",
}


@dataclass(frozen=True)
class Toy:
    """The raw folder of the small city."""

    folder: Path
    study: Study

    def replace(self, file: str, old: str, new: str) -> None:
        """Alter one raw file, and fail if there is nothing to alter."""
        text = self.read(file)
        assert old in text
        self.write(file, text.replace(old, new, 1))

    def read(self, file: str) -> str:
        return (self.folder / file).read_bytes().decode(self.encoding(file))

    def write(self, file: str, text: str, encoding: str | None = None) -> None:
        (self.folder / file).write_bytes(text.encode(encoding or self.encoding(file)))

    def encoding(self, file: str) -> str:
        return "utf-8" if file == "known_errors.csv" else "gb18030"

    def clean(self) -> Cleaned:
        return clean_study(self.study, self.folder)


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    path = tmp_path / "toy.toml"
    path.write_text(STUDY, encoding="utf-8")
    made = Toy(tmp_path / "raw", read_study(path))
    made.folder.mkdir()
    for file, text in FILES.items():
        made.write(file, text)
    return made


@pytest.fixture
def source(toy: Toy) -> Source:
    """The source of the small city."""
    return toy.study.source[0]


def text_table(text: str) -> pd.DataFrame:
    """Read CSV text as cleaners see it: text cells, with a file and row numbers."""
    header, *rows = csv.reader(io.StringIO(text))
    table = pd.DataFrame(rows, columns=header, dtype="str")
    return table.assign(file="a.csv", row=range(2, len(rows) + 2))


@pytest.fixture(name="text_table")
def text_table_fixture():
    return text_table
