"""The whole ingest: its tables are what a plain computation gives, and it is done when needed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.clean.ingested import INGESTED_FILES, read_ingested
from analysis.errors import StudyError
from analysis.panel.store import read_panel
from analysis.study.load import read_study
from analysis.tickets.ingest import Ingested, Means, ingest

RESIDENT, STAFF = ("电话", "网络", "微信"), ("主动发现", "巡查")
STREETS = {"河东街道": "东区", "河西街道": "西区", "山前镇": "西区", "山后镇": "东区"}
EXTRACTED, FOLLOWED = pd.Timestamp("2023-02-01"), 30.0


@pytest.fixture(scope="module")
def folder(riverton, riverton_files, tmp_path_factory) -> Path:
    """Raw files in which some cases come again: unchanged, and with a later status."""
    root = tmp_path_factory.mktemp("riverton")
    (root / "data" / "raw").mkdir(parents=True)
    (root / ".cache").mkdir()
    riverton_files.write_riverton(root / "data" / "raw")
    path = root / "data" / "raw" / "riverton" / "hotline_a.csv"
    rows = read_raw(path)
    again = rows.iloc[100:110].copy()
    again.iloc[5:, rows.columns.get_loc("更新时间")] = "2022-12-01 00:00:00"
    again.iloc[5:, rows.columns.get_loc("是否解决")] = "基本解决"
    earlier = rows.iloc[120:125].copy()
    earlier["更新时间"], earlier["一级分类"] = "2022-01-01 00:00:00", "供暖"
    pd.concat([rows, again, earlier]).to_csv(path, index=False, encoding="gb18030")
    return root


@pytest.fixture(scope="module")
def study(riverton) -> Any:
    return replace(riverton, tickets=replace(riverton.tickets, quarantine_limit=0.05))


@pytest.fixture(scope="module")
def done(folder, study) -> Ingested:
    return ingest(study, folder, means=Means(quiet=True))


def made(root: Path) -> Path:
    return root / "data" / "processed" / "riverton" / "ingested"


def read_raw(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, encoding="gb18030", dtype=str, keep_default_na=False)


def clean_plainly(raw: Path) -> pd.DataFrame:
    """Clean the two files as a careful scholar would by hand."""
    files = [read_raw(raw / "hotline_a.csv"), read_raw(raw / "hotline_b.csv")]
    names = {"编号": "工单编号", "街道乡镇": "街道"}
    rows = pd.concat([file.rename(columns=names) for file in files], ignore_index=True)
    for name in ("受理时间", "更新时间", "派单时间", "办结时间", "办理时限"):
        rows[name] = pd.to_datetime(rows[name], errors="coerce", format="mixed")
    rows = rows[(rows["工单编号"] != "") & rows["受理时间"].notna()]
    rows = rows.sort_values("更新时间", kind="stable").drop_duplicates("工单编号", keep="last")
    rows = rows[rows["诉求来源"].isin([*RESIDENT, *STAFF])]
    rows = rows[rows["办理状态"].isin(["已办结", "办理中", "待派单"])]
    rows = rows[~rows["诉求内容"].str.contains("测试工单")]
    rows["街道"] = rows["街道"].replace({"北街街道": "河东街道"})
    rows = rows[rows["街道"].isin(list(STREETS))]
    impossible = (rows["办结时间"] < rows["受理时间"]) | (rows["办结时间"] >= EXTRACTED)
    rows["办结时间"] = rows["办结时间"].where(~impossible)
    rows["period"] = rows["受理时间"].dt.to_period("M")
    rows["staff"] = rows["诉求来源"].isin(STAFF)
    rows["question"] = (rows["一级分类"] == "咨询") & ~rows["staff"]
    rows["complaint"] = ~rows["staff"] & ~rows["question"]
    return rows


def count_plainly(rows: pd.DataFrame) -> pd.DataFrame:
    """Count them by street and month."""
    complaints = rows[rows["complaint"]].copy()
    for name in ("是否响应", "是否解决", "满意度"):
        complaints[f"{name}?"] = complaints[name].notna() & ~complaints[name].isin(["未回访", ""])
    asked = [f"{name}?" for name in ("是否响应", "是否解决", "满意度")]
    complaints["surveyed"] = complaints[asked].any(axis=1)
    complaints["responded"] = complaints["是否响应"] == "是"
    complaints["resolved"] = complaints["是否解决"].isin(["是", "基本解决"])
    complaints["satisfied"] = complaints["满意度"].isin(["满意", "非常满意"])
    complaints["with_deadline"] = complaints["办理时限"].notna()
    complaints["on_time"] = complaints["办结时间"] <= complaints["办理时限"]
    complaints["repeat_complaints"] = [repeats(row, complaints) for row in complaints.itertuples()]
    days = (complaints["办结时间"] - complaints["受理时间"]) / pd.Timedelta(days=1)
    complaints["days"] = days.fillna(FOLLOWED).clip(upper=FOLLOWED)
    keys = ["街道", "period"]
    sums = complaints.groupby(keys)[
        ["surveyed", "responded", "resolved", "satisfied", "with_deadline", "on_time",
         "repeat_complaints"]
    ].sum()  # fmt: skip
    counts = pd.DataFrame(
        {
            "complaints": rows.groupby(keys)["complaint"].sum(),
            "consultations": rows.groupby(keys)["question"].sum(),
            "proactive_cases": rows.groupby(keys)["staff"].sum(),
        }
    )
    months = pd.period_range("2022-01", "2022-12", freq="M")
    every = pd.MultiIndex.from_product([sorted(STREETS), months], names=keys)
    table = counts.join(sums).reindex(every).fillna(0).astype("float64")
    by_cell = complaints.groupby(keys)["days"]
    for name, share in (("median_days", 0.5), ("p90_days", 0.9)):
        quantile = by_cell.apply(lambda cell, share=share: np.quantile(cell, share)).reindex(every)
        table[name] = quantile.where(quantile < FOLLOWED)
    month = table.index.get_level_values("period")
    # The second file asked nobody, and before April nobody knows of the 90 days before.
    table.loc[month >= pd.Period("2022-07"), "satisfied"] = np.nan
    table.loc[month < pd.Period("2022-04"), "repeat_complaints"] = np.nan
    return table


def repeats(row: Any, complaints: pd.DataFrame) -> bool:
    """Tell whether the same caller complained of the same in the 90 days before."""
    gone = row.受理时间 - complaints["受理时间"]
    same = (complaints["来电号码"] == row.来电号码) & (complaints["一级分类"] == row.一级分类)
    return bool((same & (gone > pd.Timedelta(0)) & (gone <= pd.Timedelta(days=90))).any())


@pytest.fixture(scope="module")
def plain(folder) -> pd.DataFrame:
    return clean_plainly(folder / "data" / "raw" / "riverton")


def test_the_table_is_that_of_a_plain_computation(done, folder, plain):
    """Catches any cell of the panel that does not follow from the raw files."""
    expected = count_plainly(plain)
    table = read_panel(made(folder) / "tickets.csv")
    assert dict(zip(table["unit"], table["district"], strict=True)) == STREETS
    found = table.set_index(["unit", "period"]).rename_axis(expected.index.names)
    pd.testing.assert_frame_equal(
        found[expected.columns].astype("float64"), expected, check_exact=False, rtol=0, atol=1e-9
    )
    assert expected["repeat_complaints"].sum() > 3
    assert expected["satisfied"].sum() > 3


def test_the_table_by_category_is_that_of_a_plain_computation(done, folder, plain):
    """Catches a case that counts in another category, and a zero that is missing."""
    # A number in a category is masked.
    category = plain["一级分类"].str.replace("13812345678", "〔电话〕")
    cells = plain.assign(category=category).groupby(["街道", "category", "period"])
    expected = cells[["complaint", "staff"]].sum()
    table = read_panel(made(folder) / "tickets_by_category.csv")
    found = table.set_index(["unit", "category", "period"])
    assert len(found) == len(expected.reset_index()[["街道", "category"]].drop_duplicates()) * 12
    for name, column in (("complaints", "complaint"), ("proactive_cases", "staff")):
        counts = expected[column].reindex(found.index, fill_value=0)
        assert (found[name] == counts).all()


def test_the_account_names_all_that_was_planted(done, folder, study):
    """Catches a row that goes another way than the account says."""
    _, ledger = read_ingested(study, made(folder))
    told = {(entry.step, entry.reason): entry.rows for entry in ledger.entries}
    assert told == {
        ("read", "time:opened"): 1,
        ("identify", "no id"): 1,
        ("versions", "repeated row"): 5,
        ("versions", "earlier version"): 10,
        ("validate", "closed: cannot be read, or cannot be true"): 1,
        ("codes", "unknown status"): 1,
        ("codes", "unknown initiator"): 1,
        ("codes", "void"): 1,
        ("flags", "test_case"): 1,
        ("places", "unknown unit"): 1,
        ("places", "not a unit"): 1,
        ("count", "no case of this unit, category and month; its counts are 0"): told[
            "count", "no case of this unit, category and month; its counts are 0"
        ],
    }
    assert (done.rows, done.kept) == (415, 415 - 23)
    for step in ledger.steps:
        lost = sum(
            entry.rows if entry.action in ("dropped", "restated") else -entry.rows
            for entry in ledger.entries
            if (entry.table, entry.step) == (step.table, step.step)
            and entry.action in ("dropped", "restated", "filled")
        )
        assert step.rows_out == step.rows_in - step.joined - lost


def test_what_is_up_to_date_is_not_done_again(done, folder, study):
    """Catches an hour of work for nothing."""
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    assert ingest(study, folder, means=Means(quiet=True)) == Ingested(up_to_date=True)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()} == before


def test_tables_can_be_made_aside(done, folder, study, tmp_path):
    """Catches a run of the pipeline that finds nothing in its own folder."""
    ingest(study, folder, to=tmp_path, means=Means(quiet=True))
    copied = {path.name: path.read_bytes() for path in made(tmp_path).iterdir()}
    assert copied == {path.name: path.read_bytes() for path in made(folder).iterdir()}
    assert sorted(copied) == sorted(INGESTED_FILES)


def test_a_study_without_tickets_is_told_so(tmp_path):
    """Catches a traceback for a study whose data are counts already."""
    toy = Path(__file__).parents[1] / "toy_compendium" / "notebooks" / "studies" / "toy.toml"
    with pytest.raises(StudyError, match="no table 'tickets'"):
        ingest(read_study(toy), tmp_path)
