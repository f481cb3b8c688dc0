"""What an ingest is made from: every change that matters is seen, and no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.tickets.made_from import made_from


@pytest.fixture
def digest(city):
    city.put(city.text(), "a/hotline_a.csv")
    city.put(city.text(rows=()), "a/hotline_b.csv")
    city.source(files="*/hotline_*")
    return lambda: made_from(city.study, city.raw).digest


def test_what_does_not_matter_is_not_seen(city, digest):
    """Catches an ingest that is done again because a file was touched, or an editor was open."""
    before = digest()
    (city.raw / "a" / "hotline_a.csv").touch()
    city.put("{}", "a/provenance.json")
    city.put("half", "a/.hotline_c.csv")
    city.put("notes", "readme.txt")
    city.study = replace(city.study, title_en="Another", bootstrap_seed=99, level=())
    assert digest() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.put(c.text() + "\n", "a/hotline_a.csv"),
        lambda c: (c.raw / "a" / "hotline_b.csv").unlink(),
        lambda c: (c.raw / "a" / "hotline_b.csv").rename(c.raw / "a" / "hotline_c.csv"),
        lambda c: c.put(c.text(rows=()), "b/hotline_b.csv"),
        lambda c: c.put("unit,district\n", "register.csv"),
        lambda c: c.put("former_unit\n", "crosswalk.csv"),
        lambda c: (c.raw / "crosswalk.csv").unlink(),
        lambda c: c.tickets(repeat_days=30),
        lambda c: c.source(missing=("", "?")),
        lambda c: setattr(c, "study", replace(c.study, last_period="2022-02")),
    ],
    ids=[
        *("content", "a file less", "a name", "a file more", "register", "crosswalk"),
        *("no crosswalk", "a rule", "a mark of nothing", "months"),
    ],
)
def test_what_matters_is_seen(city, digest, change):
    """Catches tables that are called up to date and are not."""
    before = digest()
    change(city)
    assert digest() != before
