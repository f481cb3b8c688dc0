"""Callers become keyed hashes."""

from __future__ import annotations

import hmac

import duckdb
import ibis
import pytest

from analysis.tickets.privacy.hash import hash_callers

KEY = b"0123456789abcdef0123456789abcdef"


def hashed(caller, key=KEY):
    expression = hash_callers(ibis.literal(caller, "string"), key)
    with duckdb.connect() as engine:
        ((found,),) = engine.execute(str(ibis.to_sql(expression, dialect="duckdb"))).fetchall()
    return found


def test_hash_is_the_standard_one():
    """Catches a home-made construction that nobody else can check."""
    assert hashed("13800001234") == hmac.new(KEY, b"13800001234", "sha256").hexdigest()[:16]
    assert hashed("王某") == hmac.new(KEY, "王某".encode(), "sha256").hexdigest()[:16]


@pytest.mark.parametrize(
    "written",
    [
        "138 0000 1234",
        "138-0000-1234",
        "+86 13800001234",
        "008613800001234",
        "１３８００００１２３４",
    ],
)
def test_a_number_is_the_same_however_it_is_written(written):
    """Catches repeats that are missed because the export changed its style."""
    assert hashed(written) == hashed("13800001234")


def test_other_callers_and_keys_give_other_hashes():
    """Catches a key that is not used, and two callers that are one."""
    assert (
        len({hashed("13800001234"), hashed("13800001235"), hashed("13800001234", b"k" * 32)}) == 3
    )


def test_missing_stays_missing():
    """Catches all anonymous callers counted as one."""
    assert hashed(None) is None
