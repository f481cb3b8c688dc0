"""A panel by category is proposed only where its cells are not nearly empty."""

from __future__ import annotations

import datetime
import random

import pytest

from analysis.new_study.look.look import look_at_samples
from analysis.new_study.look.sample import HEAD_ROWS, LATER_ROWS

HEADERS = ("工单编号", "受理时间", "所属区", "街道", "一级分类", "二级分类", "诉求来源")
BEGIN = datetime.datetime(2022, 1, 1, 8)


@pytest.fixture
def made(propose, write_csv):
    def make(number, *, fine=20, coarse=2, streets=4, months=24):
        draw = random.Random(1)
        rows = []
        for n in range(number):
            hours = 730 * months * n // number
            opened = BEGIN + datetime.timedelta(hours=hours)
            kind = draw.randrange(fine)
            street = draw.randrange(streets)
            channel = draw.choice(("电话", "微信", "主动发现"))
            names = ("东区", f"第{street}街道", f"大类{kind % coarse}", f"小类{kind}", channel)
            rows.append((f"G{n:06d}", opened.strftime("%Y-%m-%d %H:%M:%S"), *names))
        study, _, text = propose([write_csv("a.csv", HEADERS, rows)])
        return study, text.replace("\n# ", " ")

    return make


def test_the_finest_level_is_taken_if_it_is_full(made):
    """Would catch types that a study is about given up for no reason."""
    study, text = made(4_000)
    assert study.tickets.category == "category_2"
    assert [level.name for level in study.level] == ["street", "category"]
    assert "fewer than 1" not in text


def test_a_coarser_level_is_taken_if_the_finer_is_nearly_empty(made):
    """Would catch a panel of zeros, proposed although broader types would fill it."""
    study, text = made(1_200)
    assert study.tickets.category == "category_1"
    assert [level.name for level in study.level] == ["street", "category"]
    assert "20 in category_2. With category_2, a unit has about 0.4" in text
    assert "complaints in a category and month: with fewer than 1, most rows are 0." in text


def test_no_panel_by_category_is_proposed_if_every_level_is_nearly_empty(made):
    """Would catch the same where no level fills it; the finest still tells repeats apart."""
    study, text = made(200, fine=10, coarse=5)
    assert [level.name for level in study.level] == ["street"]
    assert study.tickets.category == "category_2"
    assert "No panel by unit and category: a unit has about 0.1" in text


def test_of_a_large_file_all_rows_count_not_only_those_looked_at(made):
    """Would catch a large city called thin because a part of its rows was looked at."""
    # 6,000 rows of this file are looked at, which alone would make 0.7 complaints in a cell.
    study, _ = made(13_000, fine=55, streets=5, months=24)
    assert study.tickets.category == "category_2"
    assert len(study.level) == 2


@pytest.mark.parametrize("rows", [700, 20_000, 200_000])
def test_about_how_many_rows_a_file_has_is_known(write_csv, rows):
    """Would catch an estimate from the pieces of a file that is far from its rows."""
    lines = [
        (f"G{n:06d}", "2022-01-01 08:00:00", "东区" * (1 + n % 5), "x" * 40) for n in range(rows)
    ]
    (sample,) = look_at_samples([write_csv("a.csv", ("id", "opened", "ward", "x"), lines)])
    assert sample.rows == min(rows, HEAD_ROWS + LATER_ROWS)
    assert sample.total == pytest.approx(rows, rel=0.02)
