"""The tables of known headers and values are consistent."""

from __future__ import annotations

from collections import Counter

from analysis.new_study.propose.headers import HEADERS, NAMES, TYPES
from analysis.new_study.propose.known_values import ANSWERS, opposites
from analysis.tickets.contract import ticket_columns


def test_a_header_means_one_column():
    """Would catch a header that two columns claim, so that their order would decide."""
    counts = Counter(name for names in (HEADERS | TYPES).values() for name in names)
    assert [name for name, count in counts.items() if count > 1] == []
    assert not NAMES & set(counts)


def test_every_column_is_of_the_contract():
    """Would catch a column that was renamed in the contract."""
    assert set(HEADERS) <= set(ticket_columns())


def test_opposites_lie_on_the_other_side():
    """Would catch a yes proposed as the opposite of a yes."""
    for answer, side in (("是", "no"), ("N", "yes"), ("ONTIME", "no")):
        (other,) = opposites([answer], side)
        assert ANSWERS[other.casefold()] == side
