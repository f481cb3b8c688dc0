"""What is written for a clear file runs as it is, and loses no ticket."""

from __future__ import annotations

import pytest

from analysis.new_study.create import copy_samples, create_study
from analysis.new_study.propose.proposal import Wishes
from analysis.study.load import read_study
from analysis.tickets.clean.clean import clean_tickets
from analysis.tickets.clean.references import read_ticket_references
from analysis.tickets.engines.engine import Resources
from analysis.tickets.engines.on_duckdb import DuckDBEngine
from analysis.tickets.landing.land import Landing

HEADERS = (
    *("工单编号", "受理时间", "派单时间", "办结时间", "办理时限", "所属区", "街道（乡镇）"),
    *("一级分类", "二级分类", "诉求来源", "来电号码", "来电人", "办理状态", "是否响应", "是否解决"),
    *("是否满意", "诉求内容", "详细地址"),
)


# Ibis still reads from DuckDB in a way that DuckDB has renamed.
@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
def test_a_chinese_sample_is_landed_and_cleaned(workspace, write_csv, chinese_rows, tmp_path):
    """Would catch a study file that loads but whose formats, codes or months lose tickets."""
    path = write_csv("工单2022.csv", HEADERS, chinese_rows, encoding="gb18030")
    proposal = create_study(workspace, [path], Wishes("town"))
    (copied,) = copy_samples(workspace, Wishes("town"), proposal)
    study = read_study(workspace.studies / "town.toml")
    (source,) = study.tickets.source
    raw = workspace.raw("town")
    assert list(raw.glob(source.files)) == [copied]
    landing = Landing(source, study.tickets, raw, b"key")
    landed = landing.land(copied, tmp_path / "landed.parquet")
    assert (landed.rows, landed.unread) == (300, {})
    with DuckDBEngine(Resources(tmp_path / "scratch", memory=256, threads=1)) as engine:
        table = engine.read([tmp_path / "landed.parquet"])
        checked = clean_tickets(table, study, read_ticket_references(study, raw)).to_pyarrow()
    rows = checked.to_pylist()
    void = sum(row[12] == "作废" for row in chinese_rows)
    assert [row["reason"] for row in rows if row["reason"]] == ["void"] * void
    assert {row["unset"] for row in rows} == {None}
    staff = {"主动发现", "网格上报"}
    assert sum(row["initiator"] == "proactive" for row in rows) == sum(
        row[9] in staff for row in chinese_rows
    )
    assert sum(row["consultation"] for row in rows) == sum(row[7] == "咨询" for row in chinese_rows)
    assert sum(row["satisfied"] is True for row in rows) == sum(
        row[15] == "满意" for row in chinese_rows
    )
