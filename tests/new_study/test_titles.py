"""Titles above the headers of a sample are found, and the study file says so."""

from __future__ import annotations

import csv

import pytest

from analysis.errors import DataError
from analysis.new_study.create import copy_samples, create_study
from analysis.new_study.look.look import look_at_samples
from analysis.new_study.propose.proposal import Wishes
from analysis.study.load import read_study
from analysis.tickets.landing.land import Landing

HEADERS = (
    *("工单编号", "受理时间", "派单时间", "办结时间", "办理时限", "所属区", "街道（乡镇）"),
    *("一级分类", "二级分类", "诉求来源", "来电号码", "来电人", "办理状态", "是否响应", "是否解决"),
    *("是否满意", "诉求内容", "详细地址"),
)
TITLES = "某区12345工单明细表\n统计时间：2022年1月,,制表人：诸葛测试\n"


@pytest.fixture
def titled(write_csv, chinese_rows):
    """Write tickets below titles."""

    def write(name="工单2022.csv", titles=TITLES, encoding="gb18030", delimiter=","):
        path = write_csv(name, HEADERS, chinese_rows, encoding=encoding, delimiter=delimiter)
        path.write_bytes(titles.encode(encoding) + path.read_bytes())
        return path

    return write


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("titles", "row"),
    [
        ("", 1),
        ("工单明细表\n", 2),
        (TITLES, 3),
        (f"工单明细表{',' * 17}\n\n{',' * 17}\n", 3),
    ],
)
def test_titles_are_counted_as_the_landing_counts_them(titled, titles, row, delimiter):
    """Would catch a title taken for the headers, or a delimiter that a title hides."""
    (seen,) = look_at_samples([titled(titles=titles.replace(",", delimiter), delimiter=delimiter)])
    assert (seen.header_row, seen.delimiter) == (row, delimiter)
    assert tuple(seen.columns) == HEADERS
    assert (seen.rows, seen.uneven) == (300, 0)


def test_what_is_written_lands_every_ticket_and_quotes_no_title(
    workspace, titled, chinese_rows, tmp_path
):
    """Would catch a row that is one off, or the name of who made the table in a study file."""
    wishes = Wishes("town")
    proposal = create_study(workspace, [titled()], wishes)
    (copied,) = copy_samples(workspace, wishes, proposal)
    file = workspace.studies / "town.toml"
    text = file.read_text(encoding="utf-8")
    assert "# The 2 rows above the headers have few cells: they are taken for titles" in text
    assert "诸葛" not in text
    assert "12345" not in text
    study = read_study(file)
    (source,) = study.tickets.source
    assert source.header_row == 3
    landing = Landing(source, study.tickets, workspace.raw("town"), b"key")
    landed = landing.land(copied, tmp_path / "landed.parquet")
    assert (landed.rows, landed.unread) == (len(chinese_rows), {})


def test_a_file_without_titles_says_nothing_of_them(propose, titled):
    """Would catch a key that nobody needs."""
    study, _, text = propose([titled(titles="")])
    assert study.tickets.source[0].header_row == 1
    assert "header_row" not in text


def test_files_with_other_titles_are_another_source(propose, titled):
    """Would catch one row of headers for files that have them in different rows."""
    study, _, text = propose([titled("a.csv", titles="明细\n"), titled("b.csv", titles="")])
    assert [source.header_row for source in study.tickets.source] == [2, 1]
    assert "# The row above the headers has few cells: it is taken for a title" in text


def test_a_broken_or_short_row_is_no_measure(tmp_path):
    """Would catch headers taken for a title because a row below has too many cells, or few."""
    path = tmp_path / "a.csv"
    rows = [["id", "opened", "place"], ["1", *"abcdefgh"], ["2", "2024-01-01", ""]]
    rows += [[str(number), "2024-01-01", "x"] for number in range(3, 9)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    (seen,) = look_at_samples([path])
    assert (seen.header_row, list(seen.columns), seen.uneven) == (1, rows[0], 1)


def test_what_is_wrong_with_the_headers_below_a_title_is_told(tmp_path):
    """Would catch a message about the title where the headers are wrong."""
    path = tmp_path / "a.csv"
    path.write_text("明细\n编号,受理时间,编号\n1,2024-01-01,a\n2,2024-01-02,b\n", encoding="utf-8")
    with pytest.raises(DataError, match="'编号'"):
        look_at_samples([path])
