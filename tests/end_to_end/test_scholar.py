"""A scholar's path, by the command alone: a city's list of tickets, a study, a report.

The compendium is a copy without any study; the cities are invented.
"""

from __future__ import annotations

import csv
import datetime
import json
import random
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

# In one worker process, so that the compendium is copied once.
pytestmark = [pytest.mark.slow, pytest.mark.end_to_end, pytest.mark.xdist_group("scholar")]

ENGLISH = (
    *("case_number", "created_date", "closed_date", "due_date", "status", "neighborhood"),
    *("request_type", "source", "caller_phone", "resolution_satisfaction"),
)
CHINESE = (
    *("工单编号", "受理时间", "办结时间", "办理时限", "所属区", "街道（乡镇）", "一级分类"),
    *("诉求来源", "来电号码", "来电人", "办理状态", "是否解决", "是否满意", "诉求内容"),
)


def write(path: Path, headers: tuple[str, ...], rows: list[list[str]], encoding: str) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([headers, *rows])
    return path


def tickets(form: str, draw: random.Random, count: int) -> list[dict[str, Any]]:
    """Cases of a year: when they came, were closed and due, and what was drawn for each."""
    begin = datetime.datetime(2023, 1, 1, 7)
    cases = []
    for number in range(count):
        opened = begin + datetime.timedelta(minutes=draw.randrange(364 * 1440))
        closed = opened + datetime.timedelta(days=draw.choice((1, 2, 4, 9, 15)))
        due = opened + datetime.timedelta(days=7)
        times = [time.strftime(form) for time in (opened, closed, due)]
        cases.append({"number": number, "times": times, "staff": draw.random() < 0.35})
    return cases


@pytest.fixture
def lakeside(tmp_path: Path) -> Path:
    draw = random.Random(1)
    rows = []
    for case in tickets("%m/%d/%Y %I:%M:%S %p", draw, 450):
        answers = ("Satisfied", "Dissatisfied", *[""] * 3)
        answer = "" if case["staff"] else draw.choice(answers)
        rows.append(
            [
                f"L{case['number']:05d}",
                *case["times"],
                "Closed",
                draw.choice(("Harbor", "Hill", "North End", "Old Town", "South End", "Mill")),
                draw.choice(("Noise", "Graffiti", "Potholes")),
                "Employee Generated" if case["staff"] else draw.choice(("Phone", "Mobile App")),
                f"617-555-{case['number']:04d}",
                answer,
            ]
        )
    return write(tmp_path / "lakeside.csv", ENGLISH, rows, "utf-8")


@pytest.fixture
def hetun(tmp_path: Path) -> Path:
    draw = random.Random(2)
    rows = []
    for case in tickets("%Y-%m-%d %H:%M:%S", draw, 300):
        street = draw.randrange(6)
        asked = not case["staff"] and draw.random() < 0.7
        rows.append(
            [
                f"GD{case['number']:05d}",
                *case["times"],
                ("河东区", "河西区")[street % 2],
                f"{'甲乙丙丁戊己'[street]}街道",
                draw.choice(("市容环卫", "噪音", "停车")),
                "主动发现" if case["staff"] else draw.choice(("电话", "微信")),
                f"138{draw.randrange(60):08d}",
                "赵某",
                "作废" if case["number"] % 30 == 0 else "已办结",
                draw.choice(("是", "否")) if asked else "未回访",
                draw.choice(("满意", "一般", "不满意")) if asked else "未回访",
                f"反映问题{case['number']}",
            ]
        )
    return write(tmp_path / "热线工单.csv", CHINESE, rows, "gb18030")


def test_from_a_list_of_tickets_to_a_report(compendium: Any, lakeside: Path) -> None:
    words = ["--zone", "America/New_York", "--copy"]
    said = compendium.run("new-study", "lakeside", str(lakeside), *words)
    assert said.splitlines()[-1] == (
        "Next: read what stands under CHECK, then compendium ingest lakeside, compendium run "
        "--study lakeside; what is found will be in paper/reports/lakeside.pdf"
    )
    file = compendium.root / "notebooks" / "studies" / "lakeside.toml"
    proposed = file.read_text(encoding="utf-8")
    # Callers differ in every row, so that there is nobody who calls twice.
    outcomes = '["complaints", "satisfaction_rate", "on_time_rate", "median_days"]'
    assert f"outcomes = {outcomes}" in proposed
    # One panel, two outcomes, and an estimator that so few answers cannot carry.
    first, second = (found.start() for found in re.finditer(r"^\[\[level]]", proposed, re.M))
    one = proposed[:first] + proposed[second:]
    for key, values in (
        ("outcomes", '["complaints", "satisfaction_rate"]'),
        ("estimators", '["twfe", "fractional_logit"]'),
    ):
        one = re.sub(rf"^{key} = .*$", f"{key} = {values}", one, flags=re.M)
    file.write_bytes(one.encode())
    said = compendium.run("ingest", "lakeside")
    assert "1 files, 450 rows: 450 kept, 0 set aside." in said
    assert "\nNext: compendium run --study lakeside\n" in said
    said = compendium.run("run", "--study", "lakeside")
    assert said.splitlines()[-1] == (
        "To read: paper/reports/lakeside.pdf; the notebooks in notebooks/executed/lakeside/."
    )
    reports = compendium.root / "paper" / "reports"
    title = b'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Lakeside</rdf:li>'
    assert title in (reports / "lakeside.pdf").read_bytes()
    printed = (reports / "lakeside.json").read_text(encoding="utf-8")
    assert "Simulated" not in printed
    assert "Not estimated: Fractional logit." in printed
    recorded = json.loads(printed)
    assert not any(figure["simulated"] for figure in recorded["figures"].values())
    assert "lakeside-initiators-category" in recorded["figures"]
    assert "lakeside.category.satisfaction_rate.twfe.att" in recorded["numbers"]


def test_a_raw_file_that_is_not_listed_is_named(compendium: Any, hetun: Path) -> None:
    """A Chinese list in GB18030, put into the raw folder by hand."""
    words = ["--title", "Hetun", "--title-zh", "河屯"]
    said = compendium.run("new-study", "hetun", str(hetun), *words)
    assert "then compendium checksums, compendium ingest hetun, compendium run" in said
    raw = compendium.root / "data" / "raw"
    (raw / "hetun").mkdir(parents=True)
    shutil.copyfile(hetun, raw / "hetun" / hetun.name)
    said = compendium.run("run", "--study", "hetun", code=1)
    assert f"data/raw/hetun/{hetun.name}: the file is not listed in SHA256SUMS" in said
    assert "list it anew: python3 reproduce.py checksums" in said
    compendium.run("checksums")
    # Ten cases are void.
    assert "1 files, 300 rows: 290 kept, 10 set aside." in compendium.run("ingest", "hetun")
    counted = compendium.root / "data" / "processed" / "hetun" / "ingested" / "tickets.csv"
    with counted.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["district"], row["unit"]) for row in rows} == {
        (("河东区", "河西区")[place % 2], f"{name}街道")
        for place, name in enumerate("甲乙丙丁戊己")
    }
    cases = sum(int(row["complaints"]) + int(row["proactive_cases"]) for row in rows)
    assert cases == 290
    # What people said and who they are went nowhere.
    assert not re.search("赵某|反映问题|138000", counted.read_text(encoding="utf-8"))
