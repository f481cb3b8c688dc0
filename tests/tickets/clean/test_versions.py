"""Of the versions of a case the latest is kept, and the others say which kind they are."""

from __future__ import annotations

from datetime import datetime

NEWS = datetime(2022, 4, 1)


def reasons(rows):
    return [row["reason"] for row in rows]


def test_a_number_that_comes_once_is_kept(clean, ticket):
    assert reasons(clean(ticket(id="A"), ticket(id="B"))) == [None, None]


def test_the_version_updated_last_is_kept_wherever_it_stands(clean, ticket):
    rows = clean(ticket(id="A", updated=NEWS), ticket(id="A"), ticket(id="A", updated=None))
    assert reasons(rows) == [None, "earlier version", "earlier version"]


def test_without_updates_the_last_file_by_name_and_then_the_last_row_wins(clean, ticket):
    def version(file, row):
        return ticket(id="A", updated=None, file=file, row=row, street=f"{file}{row}")

    rows = clean(version("b.csv", 2), version("a.csv", 9), version("b.csv", 10))
    kept = [(row["file"], row["row"]) for row in rows if row["step"] is None]
    assert kept == [("b.csv", 10)]


def test_a_copy_is_told_from_an_older_version(clean, ticket):
    # Nulls in both rows are equal; a null and a value are not.
    copies = clean(ticket(id="A", satisfied=None), ticket(id="A", satisfied=None))
    assert reasons(copies) == ["repeated row", None]
    versions = clean(ticket(id="A", satisfied=None), ticket(id="A", satisfied="满意"))
    assert reasons(versions) == ["earlier version", None]


def test_a_row_that_was_not_read_is_no_version(clean, ticket):
    broken = ticket(id="A", problem="time:opened", opened=None, updated=NEWS)
    assert reasons(clean(ticket(id="A"), broken)) == [None, "time:opened"]
    assert reasons(clean(ticket(id=None), ticket(id=None))) == ["no id", "no id"]


def test_a_void_version_takes_the_case_with_it(clean, ticket):
    # Keeping the older one would count a case that the city has withdrawn.
    rows = clean(ticket(id="A"), ticket(id="A", status="作废", updated=NEWS))
    assert reasons(rows) == ["earlier version", "void"]


def test_two_systems_that_number_on_their_own_share_no_case(clean, ticket, city):
    """Catches a case that is taken for an earlier version of another system's."""
    both = [ticket(id="A", source="hotline"), ticket(id="A", source="other", file="b.csv")]
    assert reasons(clean(*both)) == ["repeated row", None]
    assert reasons(clean(*both, study=city(numbered_by="source"))) == [None, None]
