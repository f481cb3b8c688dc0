"""Generated tickets: so many rows as asked, the same from the same seed, and as dirty as meant."""

from __future__ import annotations

import re
import shutil
from collections import Counter

import pandas as pd
import pytest

from analysis.bench.ingest.city import EVENTS, STREETS, bench_study, reference_files
from analysis.bench.ingest.generate import generate_tickets
from analysis.bench.ingest.rules import CELL_NAMES
from analysis.errors import ParameterError

ROWS = 8_000


@pytest.fixture(scope="module")
def tickets(raw_tickets):
    files = sorted(raw_tickets.glob("hotline_*.csv"))
    names = list(CELL_NAMES)
    read = [pd.read_csv(f, names=names, header=0, dtype=str).assign(file=f.stem) for f in files]
    return pd.concat(read, ignore_index=True)


def test_has_as_many_rows_as_asked_in_one_file_a_month(tickets):
    assert len(tickets) == ROWS
    months = [f"hotline_{month}" for month in bench_study().periods]
    assert sorted(tickets["file"].unique()) == months


def test_the_same_seed_gives_the_same_bytes(tmp_path, raw_tickets):
    """Catches a number drawn from anywhere but the seed; another seed gives other tickets."""
    generate_tickets(tmp_path / "again", ROWS, seed=3)
    generate_tickets(tmp_path / "other", ROWS, seed=4)
    for path in raw_tickets.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()
    name = "hotline_2020-05.csv"
    assert (tmp_path / "other" / name).read_bytes() != (raw_tickets / name).read_bytes()


def test_gb18030_holds_the_same_text(tmp_path, raw_tickets):
    generate_tickets(tmp_path, ROWS, seed=3, encoding="gb18030")
    name = "hotline_2021-03.csv"
    text = (tmp_path / name).read_text(encoding="gb18030")
    assert text == (raw_tickets / name).read_text(encoding="utf-8")


def test_headers_drift_and_are_those_of_the_study(raw_tickets):
    (source,) = bench_study().tickets.source
    headers = {}
    for path in sorted(raw_tickets.glob("hotline_*.csv")):
        headers[path.name] = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        found = [
            name for header in headers[path.name]
            for name, known in source.headers.items() if header in known
        ]  # fmt: skip
        assert found == list(CELL_NAMES)
    assert len({tuple(header) for header in headers.values()}) == 2


def test_later_versions_are_in_a_later_file_and_later_updated(tickets):
    """Catches versions that lie side by side, which no one would need to look for."""
    again = tickets[tickets.duplicated("id", keep=False)].drop_duplicates()
    pairs = again.groupby("id")["file"].nunique()
    assert 0.02 < (pairs == 2).sum() / ROWS < 0.04
    assert tickets.duplicated().sum() > 5


def test_has_the_dirt_that_it_is_for(tickets):
    bad = {"opened": "昨天上午", "street": "云外街道", "channel": "其他渠道", "status": "作废"}
    for column, value in bad.items():
        assert 0 < (tickets[column] == value).mean() < 0.02
    assert tickets["street"].isna().any()
    assert tickets["text"].str.contains("测试工单").any()
    assert tickets["text"].str.contains(r"1[3-9]\d{9}").mean() > 0.1
    assert tickets["text"].str.contains('"').any()
    shapes = Counter(re.sub(r"\d", "9", cell)[:10] for cell in tickets["opened"])
    assert {"9999-99-99", "9999/99/99"} <= set(shapes)
    assert any(shape.startswith("99999.") for shape in shapes)


def test_a_few_callers_call_very_often(tickets):
    calls = tickets["caller"].value_counts()
    assert calls.iloc[0] > 10
    assert calls.median() <= 2


def test_former_names_are_used_before_the_change_only_as_a_rule(tickets):
    event = EVENTS[0]
    before = tickets["file"] < f"hotline_{event.valid_from}"
    former = tickets["street"] == event.former
    assert former[before].sum() > former[~before].sum()
    assert not (tickets["street"][before] == event.name).any()


def test_crosswalk_leads_to_the_register():
    files = reference_files()
    assert len(files["register.csv"].splitlines()) == len(STREETS) + 1 == 301
    assert len({street.name for street in STREETS}) == 300


def test_refuses_what_the_disk_cannot_hold(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(ParameterError, match=r"20,000,000 rows need 6\.6 GB of disk, 0\.0 GB"):
        generate_tickets(tmp_path, 20_000_000)
    assert list(tmp_path.iterdir()) == []


def test_refuses_fewer_rows_than_fill_the_months(tmp_path):
    with pytest.raises(ParameterError, match="47 rows are too few"):
        generate_tickets(tmp_path, 47)
