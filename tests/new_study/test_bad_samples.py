"""Samples that can be read but make no study are refused, and the message helps."""

from __future__ import annotations

import pytest

from analysis.errors import DataError, ParameterError

ROWS = [[f"K{n}", f"2024-0{n % 6 + 1}-11 08:00:00", "ab"[n % 2], "phone"] for n in range(60)]


def test_the_zone_must_be_told_if_nothing_tells_it(propose, write_csv):
    """Would catch months cut by the clock of another continent."""
    path = write_csv("a.csv", ["id", "opened", "neighborhood", "source"], ROWS)
    with pytest.raises(ParameterError, match="--zone America/New_York"):
        propose([path])


def test_without_a_unit_the_headers_are_listed(propose, write_csv):
    """Would catch a study of one unit that the user did not ask for."""
    path = write_csv("a.csv", ["id", "opened", "beat", "source"], ROWS)
    with pytest.raises(DataError, match=r"'beat'.*--unit"):
        propose([path], zone="UTC")


def test_a_unit_can_be_told(propose, write_csv):
    """Would catch an option that does nothing."""
    path = write_csv("a.csv", ["id", "opened", "beat", "source"], ROWS)
    study, proposal, _ = propose([path], zone="UTC", unit="beat")
    assert study.tickets.source[0].headers["street"] == ("beat",)
    assert [m.sure for m in proposal.sources[0].matches if m.column == "street"] == ["told"]


@pytest.mark.parametrize("unit", ["beet", "district"])
def test_a_unit_that_is_not_there_is_refused(propose, write_csv, unit):
    """Would catch a mistyped unit that ends in one unit for the whole city."""
    path = write_csv("a.csv", ["id", "opened", "beat", "source"], ROWS)
    with pytest.raises((DataError, ParameterError), match=r"--unit"):
        propose([path], zone="UTC", unit=unit)


def test_nothing_that_can_be_an_id_or_a_time(propose, write_csv):
    """Would catch a list of something else taken for tickets."""
    rows = [["a", "b", "c"], ["a", "d", "c"]] * 30
    with pytest.raises(DataError) as caught:
        propose([write_csv("a.csv", ["x", "y", "ward"], rows)], zone="UTC")
    told = [problem.what for problem in caught.value.problems]
    assert told == [
        "no column holds a number of its own for each case",
        "no column tells when a case was opened",
    ]


def test_contents_stand_in_for_names(propose, write_csv):
    """Would catch an id or an opening that only its cells tell, or one that is not marked so."""
    path = write_csv("a.csv", ["k", "w", "ward", "source"], ROWS)
    _, proposal, text = propose([path], zone="UTC")
    sure = {m.column: (m.headers, m.sure) for m in proposal.sources[0].matches}
    assert sure["id"] == (("k",), "guess")
    assert sure["opened"] == (("w",), "guess")
    assert "CHECK: identifies a case" in text


def test_moments_in_the_future_are_no_last_month(propose, write_csv):
    """Would catch one mistyped year that makes a study of forty years."""
    rows = [*ROWS, ["K99", "2062-01-01 08:00:00", "a", "phone"]]
    path = write_csv("a.csv", ["id", "opened", "ward", "source"], rows)
    study, _, _ = propose([path], zone="UTC")
    assert study.last_period <= "2024-06"
