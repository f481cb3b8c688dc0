"""Would catch raw files that cannot be made again, or that lost one of their kinds of dirt."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from analysis.simulate.former import EVENTS
from analysis.simulate.twin import Twin, write_twin
from analysis.study.schema import Study

Rows = list[dict[str, str]]


def read(path: Path, encoding: str = "gb18030") -> Rows:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


@pytest.fixture(scope="module")
def streets(raw: Path) -> dict[str, Rows]:
    return {path.name: read(path) for path in sorted((raw / "beijing").glob("streets_*.csv"))}


def test_committed_files_are_what_the_seed_makes(beijing: Study, raw: Path, tmp_path: Path) -> None:
    made = write_twin(beijing, tmp_path)
    committed = {path.name for path in (raw / "beijing").glob("*.csv")}
    assert {path.name for path in made} == committed
    different = [p.name for p in made if p.read_bytes() != (raw / "beijing" / p.name).read_bytes()]
    assert different == []


def test_files_stay_small(raw: Path) -> None:
    assert sum(path.stat().st_size for path in (raw / "beijing").iterdir()) < 6_000_000


def test_every_header_is_one_that_the_study_names(beijing: Study, streets: dict[str, Rows]) -> None:
    source = beijing.get_source("streets")
    known = {header for headers in source.headers.values() for header in headers}
    found = {header for rows in streets.values() for header in rows[0]}
    assert found - known == {source.restated}
    assert len(found) > len(source.headers) + 1, "headers never change"


def test_each_kind_of_dirt_is_there(streets: dict[str, Rows]) -> None:
    rows = [list(row.values()) for year in streets.values() for row in year]
    cells = {cell for row in rows for cell in row}
    assert "更正" in cells
    assert {"合计", "小计"} <= cells
    assert any(row.count("—") >= 8 for row in rows)
    assert any("," in cell for cell in cells)
    assert any(cell.endswith("%") for cell in cells)
    months = {row[0] for row in rows}
    assert {"2019-01", "2021年1月", "202301"} <= months


def test_some_street_months_never_came(streets: dict[str, Rows], twin: Twin) -> None:
    reported = {
        tuple(list(row.values())[:3])
        for row in streets["streets_2019.csv"]
        if "第" in list(row.values())[2]
    }
    units = len(twin.register) + 1  # one of today's units was two
    assert 12 * units - 20 < len(reported) < 12 * units


def test_restated_rows_replace_an_earlier_row(streets: dict[str, Rows]) -> None:
    count = 0
    for rows in streets.values():
        earlier: dict[tuple[str, ...], list[str]] = {}
        for row in rows:
            values = list(row.values())
            key = tuple(values[:3])
            if values[-1] == "更正":
                count += 1
                assert key in earlier
                assert earlier[key] != values[:-1]
            else:
                assert key not in earlier, f"{key} stands twice without a remark"
                earlier[key] = values[:-1]
    assert count == 60


def test_listed_errors_are_where_the_list_says(raw: Path, streets: dict[str, Rows]) -> None:
    listed = read(raw / "beijing" / "known_errors.csv", "utf-8")
    assert len(listed) == 8
    for error in listed:
        assert streets[error["file"]][int(error["row"]) - 2][error["column"]] == error["value"]


def test_counts_behind_rates_are_recovered_exactly(
    beijing: Study, raw: Path, twin: Twin, streets: dict[str, Rows]
) -> None:
    """Two decimals must be enough for the number surveyed, or cleaning would guess counts."""
    errors = {(e["file"], e["row"]) for e in read(raw / "beijing" / "known_errors.csv", "utf-8")}
    truth = twin.panel.set_index(["unit", "period"])
    formats = {"2019": "%Y-%m", "2021": "%Y年%m月", "2025": "%Y%m"}
    for year, form in formats.items():
        file = f"streets_{year}.csv"
        frame = pd.DataFrame(streets[file])
        names = ["period", "district", "unit", "complaints", "consultations", "proactive_cases"]
        names += ["surveyed", "responded", "resolved", "satisfied", "repeat_complaints", "note"]
        frame.columns = pd.Index(names)
        listed = [(file, str(row)) in errors for row in frame.index + 2]
        usable = frame["unit"].isin(twin.register["unit"]) & (frame["surveyed"] != "—")
        frame = frame[usable & ~pd.Series(listed)]
        periods = pd.PeriodIndex(pd.to_datetime(frame["period"], format=form), freq="M")
        expected = truth.loc[list(zip(frame["unit"], periods, strict=True))]
        surveyed = frame["surveyed"].str.replace(",", "").astype(int)
        assert surveyed.max() < 10_000
        for name in ("responded", "resolved", "satisfied"):
            rate = frame[name].str.rstrip("%").astype(float)
            recovered = (rate * surveyed / 100).round().astype(int)
            assert recovered.tolist() == expected[name].tolist(), f"{name} in {file}"


def test_former_names_only_before_the_event(streets: dict[str, Rows]) -> None:
    for event in EVENTS:
        for former in event.former:
            years = {name[8:12] for name, rows in streets.items() if _mentions(rows, former)}
            assert max(years) <= event.valid_from[:4]
            assert "2019" in years


def test_street_names_are_of_no_real_street(twin: Twin) -> None:
    assert twin.register["unit"].str.fullmatch(r"\w+第\d\d(街道|镇)").all()
    assert twin.register["unit"].is_unique


def _mentions(rows: Rows, name: str) -> bool:
    return any(name in row.values() for row in rows)
