"""Real tickets of Boston give, to the last ticket, the monthly counts of the study `boston`.

Nothing is explained away here: there is no difference. Three things had to be seen first. The
counts are of the last line of every case number, as the ingest keeps it. Test cases were taken out
of them. Labels that are no neighbourhood have counts of their own, which the ingest sets aside.
"""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from pydantic import TypeAdapter

from analysis.study.load import read_study
from analysis.study.ticket_sources import TicketSource

PROJECT = Path(__file__).parents[2]
SHIPPED = PROJECT / "notebooks" / "studies" / "cities" / "boston_tickets.toml"
COMMITTED = PROJECT / "data" / "raw" / "boston"
REAL_2015 = "boston_2015/boston_311_2015.csv.gz"
REAL_ANIMALS = "boston_animals/boston_311_animals_2013_2023.csv.gz"
NO_NEIGHBOURHOOD = ("(missing)", "(Boston, unspecified)", "(other)")
CELL = ["unit", "category", "period"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real tickets, which are not kept in the project."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no folder ../shared/data beside the project")
    return folder


@pytest.fixture(scope="session")
def first_portal(commented):
    """The source of the old portal, which the study file has as a comment."""
    (offered,) = commented("boston_tickets")
    (source,) = offered["tickets"]["source"]
    return TypeAdapter(TicketSource).validate_json(json.dumps(source))


@pytest.fixture(scope="session")
def legacy():
    """The shipped source of the legacy system, but for a file that was saved as CSV."""
    (source, _) = read_study(SHIPPED).tickets.source
    return replace(source, files="legacy_*/*.csv.gz", format="csv")


@pytest.fixture
def count(city, shared_data, tmp_path):
    """Ingest real files as the shipped study says, each time in a compendium of its own."""

    def made(sources, first, last, **files):
        tickets = replace(read_study(SHIPPED).tickets, source=sources, download=())
        keys = {"first_period": first, "last_period": last, "tickets": tickets}
        boston = replace(city("boston_tickets", **keys), root=tmp_path / "-".join(files))
        for folder, file in files.items():
            to = boston.raw / folder / Path(file).name
            to.parent.mkdir(parents=True)
            shutil.copyfile(shared_data / file, to)
        return boston.ingest()

    return made


@pytest.fixture
def counts_2015(count, first_portal):
    return count((first_portal,), "2015-01", "2015-12", first_portal=REAL_2015)


@pytest.fixture
def counts_of_animals(count, legacy):
    return count((legacy,), "2013-01", "2019-12", legacy_animals=REAL_ANIMALS)


def committed(file):
    names = {"neighbourhood": "unit", "request_type": "category", "month": "period"}
    return pd.read_csv(COMMITTED / f"boston_311_{file}_monthly_counts.csv").rename(columns=names)


def expected_table(file):
    """What the committed counts say of real neighbourhoods, in the columns of the panel."""
    counts = committed(file)
    counts = counts[~counts["unit"].isin(NO_NEIGHBOURHOOD)].set_index(CELL)
    residents = counts[counts["initiator"] == "resident"]
    columns = residents[["tickets", "with_deadline", "on_time"]]
    staff = counts.loc[counts["initiator"] == "proactive", "tickets"].rename("proactive_cases")
    table = columns.rename(columns={"tickets": "complaints"}).join(staff, how="outer")
    return table.fillna(0).astype("int64").sort_index()


def assert_table_is(made, expected):
    columns = list(expected.columns)
    table = made.by_category[columns].astype("int64").sort_index()
    with_cases = table[(table["complaints"] > 0) | (table["proactive_cases"] > 0)]
    pd.testing.assert_frame_equal(with_cases, expected)
    by_unit = made.by_unit[columns].astype("int64")
    summed = expected.groupby(level=["unit", "period"]).sum()
    pd.testing.assert_frame_equal(by_unit.loc[summed.index], summed)
    assert by_unit.to_numpy().sum() == summed.to_numpy().sum()


def assert_cases_are(made, file):
    """Every initiator, software too, and what became of the cases."""
    cases = made.cases.assign(period=lambda t: pd.to_datetime(t["period"]).dt.strftime("%Y-%m"))
    grouped = cases.groupby([*CELL, "initiator"])
    found = pd.DataFrame(
        {
            "tickets": grouped.size(),
            "with_deadline": grouped["due"].count(),
            "on_time": grouped["on_time"].agg(lambda marks: int(marks.eq(True).sum())),
            "closed": grouped["is_closed"].sum(),
            "duplicates": grouped["duplicate"].sum(),
        }
    ).astype("int64")
    expected = committed(file)
    expected = expected[~expected["unit"].isin(NO_NEIGHBOURHOOD)]
    expected = expected.set_index([*CELL, "initiator"]).sort_index()
    pd.testing.assert_frame_equal(found.sort_index(), expected[found.columns])


def in_no_neighbourhood(file):
    counts = committed(file)
    return int(counts.loc[counts["unit"].isin(NO_NEIGHBOURHOOD), "tickets"].sum())


def test_the_tickets_of_2015_give_the_committed_counts(counts_2015):
    assert_table_is(counts_2015, expected_table("2015"))
    assert_cases_are(counts_2015, "2015")


def test_what_is_set_aside_in_2015_is_accounted_for(counts_2015):
    assert counts_2015.done.rows == 121_145
    assert counts_2015.set_aside == {"not a unit": in_no_neighbourhood("2015"), "test_case": 23}
    assert set(counts_2015.by_unit.index.get_level_values("unit")) == set(
        committed("2015").query("unit not in @NO_NEIGHBOURHOOD")["unit"]
    )


def test_the_tickets_of_animals_give_the_committed_counts(counts_of_animals):
    # Their clock is 4 or 5 hours early: without the shift back, cases of the last evening hours of
    # a month would stand a month too early, by hundreds.
    assert_table_is(counts_of_animals, expected_table("animals_2013_2019"))
    assert_cases_are(counts_of_animals, "animals_2013_2019")


def test_what_is_set_aside_of_the_animals_is_accounted_for(counts_of_animals):
    assert counts_of_animals.done.rows == 83_928
    assert counts_of_animals.set_aside == {
        "repeated row": 83_928 - 62_238,
        "outside the covered months": 15_600,
        "not a unit": in_no_neighbourhood("animals_2013_2019"),
        "test_case": 5,
    }


def test_a_case_that_both_exports_have_counts_once(
    count, first_portal, legacy, counts_2015, counts_of_animals
):
    both = {"first_portal": REAL_2015, "legacy_animals": REAL_ANIMALS}
    made = count((first_portal, legacy), "2013-01", "2019-12", **both)
    old, new = counts_2015.cases, counts_of_animals.cases
    versions = made.set_aside["repeated row"] + made.set_aside["earlier version"]
    assert versions == (83_928 - 62_238) + 6_224
    # The files of the legacy system come last by name, so their word is taken. It has no
    # neighbourhood for 60 cases that have one in the older export; these are set aside.
    assert made.cases.index.is_unique
    assert not new.index.difference(made.cases.index).size
    lost = old.index.union(new.index).difference(made.cases.index)
    assert len(lost) == 60
    assert made.done.kept == len(old.index.union(new.index)) - 60
    counted = made.by_category[["complaints", "proactive_cases"]].to_numpy().sum()
    assert counted == (made.cases["initiator"] != "system").sum()


def test_two_clocks_tell_the_same_time_of_every_shared_case(counts_2015, counts_of_animals):
    # One file is read as the wall clock, the other as four or five hours early.
    old, new = counts_2015.cases, counts_of_animals.cases
    shared = old.index.intersection(new.index)
    assert len(shared) > 6_000
    same = ["opened", "category", "initiator"]
    pd.testing.assert_frame_equal(old.loc[shared, same], new.loc[shared, same])
