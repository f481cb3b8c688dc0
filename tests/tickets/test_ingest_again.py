"""What happens when an ingest is done again: only what changed is read anew."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import Any

import pytest

from analysis.errors import DataError


@pytest.fixture(scope="module")
def first(small_city, riverton, tmp_path_factory) -> Any:
    """A city whose two files were ingested."""
    root = tmp_path_factory.mktemp("again") / "city"
    city = small_city.City(root, small_city.small_study(riverton))
    city.put(city.text(rows=range(45)), "hotline_a.csv")
    city.put(city.text(rows=range(45, 90)), "hotline_b.csv")
    city.ingest()
    return city


@pytest.fixture
def city(first, tmp_path) -> Any:
    """A copy of it; files keep their times."""
    shutil.copytree(first.root, tmp_path / "copy")
    city = first.at(tmp_path / "copy")
    city.rows = [dict(row) for row in first.rows]
    return city


def times(city: Any) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in city.landed()}


def test_a_changed_file_lands_alone(city):
    """Catches a new month that costs the reading of all years."""
    before, tables = times(city), city.files()
    city.put(city.text({80: {"street": "河东街道"}}, rows=range(45, 90)), "hotline_b.csv")
    assert not city.ingest().up_to_date
    after = times(city)
    assert len(after) == 2
    assert len(before.items() & after.items()) == 1
    assert city.files()["tickets.csv"] != tables["tickets.csv"]
    city.rows[80]["street"] = "河东街道"
    assert city.counted() == city.expected()


def test_a_file_that_comes_or_goes_is_seen(city):
    """Catches tables that go on counting a file that was taken away."""
    before = times(city)
    (city.raw / "hotline_b.csv").rename(city.raw / "b.csv")
    city.ingest()
    assert city.counted() == city.expected(lost=range(45, 90))
    assert times(city).items() <= before.items()
    assert len(times(city)) == 1
    (city.raw / "b.csv").rename(city.raw / "hotline_b.csv")
    assert city.ingest().rows == 90
    assert city.counted() == city.expected()


def test_a_changed_register_reads_no_file_anew(city):
    """Catches units that are still counted under the old register, and landing for nothing."""
    before = times(city)
    city.put("unit,district\n河东街道,南区\n河西街道,西区\n山前镇,西区\n", "register.csv")
    assert not city.ingest().up_to_date
    assert times(city) == before
    assert b"\xe5\x8d\x97\xe5\x8c\xba" in city.files()["tickets.csv"]


def test_a_changed_level_changes_nothing(city):
    """Catches a study whose estimators cannot be changed without an ingest."""
    (level,) = city.study.level
    city.study = replace(city.study, level=(replace(level, outcomes=("complaints",)),))
    assert city.ingest().up_to_date


def test_a_changed_rule_counts_anew_and_reads_no_file(city):
    """Catches tables that still follow a former rule."""
    before = times(city)
    city.tickets(follow_up_days=20)
    assert not city.ingest().up_to_date
    assert times(city) == before


def test_a_changed_way_to_read_moments_lands_anew(city):
    """Catches a landed file that was read as the study said before."""
    before = times(city)
    city.source(clock="utc")
    city.ingest()
    assert not set(times(city)) & set(before)


def test_another_row_of_headers_lands_anew(city):
    """Catches a landed file that still holds a row above the headers as a ticket."""
    for name, rows in (("hotline_a.csv", range(45)), ("hotline_b.csv", range(45, 90))):
        text = city.text(rows=rows)
        city.put(text.splitlines()[0] + "\n" + text, name)
    city.ingest()
    before = times(city)
    assert city.aside() == {"time:opened": 2}
    city.source(header_row=2)
    city.ingest()
    assert not set(times(city)) & set(before)
    assert city.aside() == {}
    assert city.counted() == city.expected()


@pytest.mark.parametrize("name", ["tickets.csv", "accounts.csv", "provenance.json"])
def test_tables_that_were_changed_are_made_anew(city, name):
    """Catches a panel that somebody edited by hand."""
    good = city.files()
    (city.made / "ingested" / name).write_text("{}")
    assert not city.ingest().up_to_date
    assert city.files() == good


@pytest.mark.parametrize("name", ["ingested", "cases", "quarantine"])
def test_a_folder_that_is_gone_is_made_anew(city, name):
    """Catches a product that never comes back because the others are there."""
    shutil.rmtree(city.made / name)
    assert not city.ingest().up_to_date
    assert (city.made / name).is_dir()


def test_two_cities_with_the_same_files_have_the_same_bytes(city):
    """Catches a table that depends on a key, a clock, a thread or an order of hashes."""
    good = city.files()
    shutil.rmtree(city.root / ".cache")
    shutil.rmtree(city.made)
    city.ingest(memory=512)
    assert city.files() == good


def test_names_and_order_of_files_do_not_matter(city):
    """Catches a count that depends on which file is read first."""
    tables = city.files()
    (city.raw / "hotline_a.csv").rename(city.raw / "hotline_z.csv")
    city.ingest()
    after = city.files()
    assert after["tickets.csv"] == tables["tickets.csv"]
    assert after["tickets_by_category.csv"] == tables["tickets_by_category.csv"]
    assert after["accounts.csv"] == tables["accounts.csv"]


def test_a_failed_ingest_keeps_what_it_read(city):
    """Catches hours of reading that a bad last file throws away."""
    city.put(city.text(rows=range(30)), "hotline_c.csv")
    city.put(b"\xff" + city.text().encode(), "hotline_d.csv")
    with pytest.raises(DataError, match=r"hotline_d\.csv"):
        city.ingest()
    before = times(city)
    (city.raw / "hotline_d.csv").unlink()
    city.ingest()
    assert before.items() <= times(city).items()


def test_nothing_is_left_of_former_files(city):
    """Catches a cache that grows with every delivery."""
    for street in ("河东街道", "河西街道"):
        city.put(city.text({50: {"street": street}}, rows=range(45, 90)), "hotline_b.csv")
        city.ingest()
    cache = city.root / ".cache" / "tickets" / "riverton"
    assert sorted(path.name for path in cache.iterdir()) == ["caller.key", "landed"]
    assert len(list((cache / "landed").iterdir())) == 4
