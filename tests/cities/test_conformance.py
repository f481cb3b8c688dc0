"""What must hold of every study file of a city: that it is whole, and fits what it downloads."""

import json
from fnmatch import fnmatch
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from analysis.clean.fit import check_fit
from analysis.effects.registry import get_estimator
from analysis.study.download import Downloads
from analysis.study.levels import Level
from analysis.study.load import list_studies, load_study, read_study
from analysis.study.ticket_sources import TicketSource
from analysis.tickets.landing.times import check_formats

STUDIES = Path(__file__).parents[2] / "notebooks" / "studies"
CITIES = STUDIES / "cities"
DOWNLOADED = ["baltimore", "boston_tickets", "chicago", "kansascity", "newyork", "sanfrancisco"]


@pytest.fixture(params=list_studies(CITIES))
def study(request):
    return load_study(request.param, CITIES)


def test_all_cities_are_there_and_none_runs_by_itself():
    assert list_studies(CITIES) == sorted([*DOWNLOADED, "hotline_12345"])
    assert not set(list_studies(STUDIES)) & set(list_studies(CITIES))


def test_its_levels_can_be_made_from_its_tickets(study):
    check_fit(study)


def test_its_estimators_take_its_treatments(study):
    for level in study.level:
        treatment = "adoption" if level.treatment == "adoption" else "dose"
        for name in level.estimators:
            assert treatment in get_estimator(name).treatments


def test_what_it_offers_as_a_comment_can_be_taken_in(study, commented):
    kinds = {"source": TicketSource, "download": Downloads}
    for offered in commented(study.name):
        for level in offered.get("level", []):
            TypeAdapter(Level).validate_json(json.dumps(level))
        for key, tables in offered.get("tickets", {}).items():
            for table in tables:
                TypeAdapter(kinds[key]).validate_json(json.dumps(table))


def test_it_makes_a_report_of_its_own(study):
    assert study.report
    assert not study.simulated


def test_its_moments_can_be_read(study):
    for source in study.tickets.source:
        check_formats(source)


def test_a_copy_of_it_is_a_study(study, tmp_path):
    copy = tmp_path / f"{study.name}.toml"
    copy.write_bytes((CITIES / copy.name).read_bytes())
    assert read_study(copy) == study


@pytest.mark.parametrize("name", DOWNLOADED)
def test_each_download_is_read_by_one_source(name):
    # A folder that no source reads would be fetched in vain, one that two read counted twice.
    tickets = load_study(name, CITIES).tickets
    assert tickets.downloads
    for table in tickets.downloads:
        part = f"{table.folder}/part-00001.jsonl.gz"
        assert len([source for source in tickets.source if fnmatch(part, source.files)]) == 1


@pytest.mark.parametrize("name", DOWNLOADED)
def test_each_source_finds_its_columns_in_what_is_downloaded(name):
    # A header that is not asked for would only be missed after hours of downloading.
    tickets = load_study(name, CITIES).tickets
    for source in tickets.source:
        read = [
            t for t in tickets.downloads if fnmatch(f"{t.folder}/part-1.jsonl.gz", source.files)
        ]
        assert read
        for table in read:
            for column, headers in source.headers.items():
                found = [header for header in headers if header in table.select]
                assert len(found) == 1 or (not found and column in source.optional)


def test_the_offers_are_found(commented):
    offering = [name for name in list_studies(CITIES) if commented(name)]
    assert offering == ["boston_tickets", "chicago", "kansascity", "newyork"]


@pytest.mark.parametrize("name", DOWNLOADED)
def test_no_address_or_coordinate_is_downloaded(name):
    told = ("address", "latitude", "longitude", "lat", "long", "geom", "zip", "photo", "comment")
    for table in load_study(name, CITIES).tickets.downloads:
        assert not [column for column in table.select if any(t in column.lower() for t in told)]
