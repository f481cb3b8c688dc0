"""An author's path, by the command alone: tickets that must not leave the machine, to a report.

The city is invented. What may tell who somebody is was planted in it, and is searched for in every
byte that was made or said, tables also unpacked, in the encodings that raw files have.
"""

from __future__ import annotations

import csv
import datetime
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.git import list_files
from analysis.workspace import file_hash

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end, pytest.mark.xdist_group("confidential")]

HEADERS = (
    *("工单编号", "受理时间", "派单时间", "办结时间", "办理时限", "所属区", "街道（乡镇）"),
    *("一级分类", "诉求来源", "来电号码", "来电人", "办理状态", "是否解决", "是否满意", "诉求内容"),
    "详细地址",
)
STREETS = {
    "望江街道": "东陵区",
    "古桥街道": "东陵区",
    "柳河镇": "东陵区",
    "石门街道": "西陵区",
    "双塔街道": "西陵区",
    "白鹭镇": "西陵区",
}
# Codes that a pattern finds, names that only their column tells, words of texts and addresses.
SECRETS = (
    *("13912345678", "010-62785566", "11010119900307451X", "li.si@example.org", "京A12345"),
    *("6222020200112233445", "欧阳娜娜", "司徒晓明", "1391234", "电梯坏了", "幸福里"),
)
TICKETS = 1_800


def write_tickets(folder: Path) -> list[Path]:
    draw = random.Random(3)
    begin = datetime.datetime(2022, 1, 1, 7)
    rows: dict[int, list[list[str]]] = {2022: [], 2023: []}
    for number in range(TICKETS):
        opened = begin + datetime.timedelta(minutes=draw.randrange(729 * 1440))
        after = (datetime.timedelta(), datetime.timedelta(hours=1))
        closed = datetime.timedelta(days=draw.choice((1, 2, 4, 9, 15)))
        times = [opened + wait for wait in (*after, closed, datetime.timedelta(days=7))]
        street, staff = draw.choice(list(STREETS)), draw.random() < 0.3
        asked = not staff and draw.random() < 0.7
        name = draw.choice(("欧阳娜娜", "司徒晓明"))
        told = f"{name}反映电梯坏了：{'，'.join(SECRETS)}" if number % 7 == 0 else "电梯坏了"
        rows[opened.year].append(
            [
                f"GD{number:06d}",
                *(time.strftime("%Y-%m-%d %H:%M:%S") for time in times),
                *(STREETS[street], street),
                draw.choice(("市容环卫", "噪音")),
                "主动发现" if staff else draw.choice(("电话", "微信")),
                "" if staff else f"1391234{draw.randrange(300):04d}",
                "" if staff else name,
                "作废" if number % 60 == 0 else "已办结",
                draw.choice("是否") if asked else "未回访",
                draw.choice(("满意", "不满意")) if asked else "未回访",
                told,
                f"{street}幸福里{number}号",
            ]
        )
    # Somebody's data where codes and moments should be: too few rows to be told.
    for row, column, secret in ((10, 1, "欧阳娜娜"), (12, 8, "li.si@example.org")):
        rows[2022][row][column] = secret
    paths = [folder / f"热线工单{year}.csv" for year in rows]
    for path, of_year in zip(paths, rows.values(), strict=True):
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows([HEADERS, *of_year])
    return paths


def find(root: Path, wanted: tuple[str, ...], *said: str) -> list[str]:
    """Say where something stands, but in the raw files themselves."""
    places = {f"said {n}": text.encode() for n, text in enumerate(said)}
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        name = path.relative_to(root).as_posix()
        if name.startswith(("src/", "notebooks/0", ".git/")) or path.stem.startswith("热线工单"):
            continue
        places[name] = name.encode() + b"\n" + path.read_bytes()
        if path.suffix == ".parquet":
            columns = pq.read_table(path).columns
            cells = [cell for column in columns for cell in column.cast(pa.string()).to_pylist()]
            places[f"{name}, unpacked"] = "\n".join(map(str, cells)).encode()
    return [
        f"{word} in {place}"
        for place, content in places.items()
        for word in wanted
        for encoding in ("utf-8", "gb18030", "utf-16-le")
        if word.encode(encoding) in content
    ]


def public_files(root: Path) -> dict[str, str]:
    paths = (path for path in sorted(root.rglob("*")) if path.is_file())
    below = {path.relative_to(root).as_posix(): path for path in paths}
    return {
        name: file_hash(path)
        for name, path in below.items()
        if not name.startswith(("data/restricted/", ".git/")) and "__pycache__" not in name
    }


def test_confidential_tickets_become_a_report_and_nothing_else_leaves(
    compendium: Any, tmp_path: Path
) -> None:
    """One run, since it takes a minute; each part says what it looks for."""
    root: Path = compendium.root
    for words in (["init", "--quiet"], ["add", "."]):
        subprocess.run(["git", *words], cwd=root, check=True)
    tracked, before = list_files(root), public_files(root)
    samples = [str(path) for path in write_tickets(tmp_path)]
    words = ["--title", "Lingzhou", "--data", "restricted"]
    said = [compendium.run("new-study", "lingzhou", *samples, *words, "--copy")]
    folder = root / "data" / "restricted" / "lingzhou"

    # One panel and two outcomes will do.
    file = folder / "lingzhou.toml"
    proposed = file.read_text(encoding="utf-8")
    assert proposed.count("[[level]]") == 2
    one = re.sub(r"outcomes = \[[^]]*\]", 'outcomes = ["complaints", "resolution_rate"]', proposed)
    one = re.sub(r"estimators = \[[^]]*\]", 'estimators = ["twfe"]', one)
    one = re.sub(r"(?m)^(lags|leads) = .*\n", "", one)
    file.write_text(one[: one.rindex("[[level]]")], encoding="utf-8")

    # Without the option, the author is told of it.
    assert "add --data restricted" in compendium.run("run", "--study", "lingzhou", code=1)
    said.append(compendium.run("ingest", "lingzhou", "--data", "restricted"))
    assert f"2 files, {TICKETS:,} rows: 1,768 kept, 32 set aside." in said[-1]
    assert "\nNext: compendium run --study lingzhou --data restricted\n" in said[-1]
    said.append(compendium.run("run", "--study", "lingzhou", "--data", "restricted"))
    assert "data/restricted/lingzhou/publishable; look at them" in said[-1]

    # Outside of the folder nothing was made but the lock of a run that did not start, and git
    # would take nothing of what is in it.
    after = public_files(root)
    assert {name for name in after if not name.startswith(".cache/")} == set(before)
    assert {name: after[name] for name in before} == before
    assert list_files(root, "--others", "--exclude-standard") == []
    assert list_files(root) == tracked

    # Who somebody is stands in the author's files and nowhere else; a search that finds nothing
    # would also miss the streets.
    assert find(root, SECRETS, *said) == []
    panel = "data/restricted/lingzhou/workspace/data/processed/lingzhou/panel_street.csv"
    assert f"望江街道 in {panel}" in find(root, ("望江街道",))

    # What may be published: no street or district, no small count, the mark, a report.
    publishable = folder / "publishable"
    assert find(publishable, (*STREETS, *STREETS.values())) == []
    assert {path.name for path in publishable.iterdir()} == {
        *("figures", "tables", "ledger", "numbers.json", "report.pdf")
    }
    cleaning = pd.read_csv(publishable / "tables/lingzhou-cleaning.csv", dtype="str").fillna("")
    assert set(cleaning["data"]) == {"restricted"}
    assert cleaning.loc[cleaning["Step"] == "read", "Dropped"].tolist() == ["<10"]
    told = [
        int(cell.replace(",", ""))
        for path in (publishable / "tables").glob("lingzhou-[cp]*.csv")
        for name, column in pd.read_csv(path, dtype="str").items()
        if name not in {"Units", "Months", "Clusters"}
        for cell in column.dropna()
        if re.fullmatch(r"\d[\d,]*", cell)
    ]
    assert told
    assert not [count for count in told if 0 < count < 10]
    # Two tables of one city: the rows that 'read' dropped follow from no other cell.
    assert f"{TICKETS - 1:,}" not in cleaning.to_string()
    assert "Simulated" not in (publishable / "numbers.json").read_text(encoding="utf-8")
