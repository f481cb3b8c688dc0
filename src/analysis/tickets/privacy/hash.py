"""A keyed hash: the same for the same caller, and no way back without the key."""

from __future__ import annotations

import ibis
import ibis.expr.datatypes as dt
from ibis.expr.types import BinaryValue, StringValue

from analysis.tickets.privacy.patterns import pattern_in_numbers

__all__ = ["HASH_LENGTH", "hash_callers", "hide_numbers"]

HASH_LENGTH = 16
# No case has a longer number: what stands there is a text that slipped into the wrong column.
_LONGEST_NUMBER = 64
_BLOCK = 64
_FULL_WIDTH = "０１２３４５６７８９＋"
_HALF_WIDTH = "0123456789+"
_MARKS = r"[\s\x{a0}\x{3000}\-－()（）+]"


def hash_callers(cells: StringValue, key: bytes) -> StringValue:
    """Put the first 16 hexadecimal digits of a keyed SHA-256 in the place of who called.

    A number counts as the same however it is written: full-width digits, blanks, hyphens, brackets
    and the code of China before a mobile number make no difference.

    Parameters
    ----------
    cells
        Who called: a telephone number or any other mark of a person; missing stays missing.
    key
        The secret key, as `analysis.tickets.privacy.key.read_key` gives it.

    Returns
    -------
    ibis.expr.types.StringValue
        HMAC-SHA256 (RFC 2104), cut.

    Examples
    --------
    >>> import duckdb
    >>> hashes = [
    ...     duckdb.sql(str(ibis.to_sql(hash_callers(ibis.literal(number), b"k" * 32)))).fetchall()
    ...     for number in ("138-0000-1234", "+86 13800001234")
    ... ]
    >>> len(hashes[0][0][0]), hashes[0] == hashes[1]
    (16, True)
    """
    plain = ibis.ifelse(
        cells.re_search("[^0-9A-Za-z]"),
        cells.translate(_FULL_WIDTH, _HALF_WIDTH).re_replace(_MARKS, ""),
        cells,
    )
    coded = plain.startswith("86") | plain.startswith("00")
    plain = ibis.ifelse(coded, plain.re_replace("^(?:00)?86(1[3-9][0-9]{9})$", r"\1"), plain)
    return _keyed(plain, key)


def hide_numbers(cells: StringValue, key: bytes) -> StringValue:
    """Put a keyed hash in the place of those numbers of cases that are personal.

    Some cities number cases by the telephone of who called, and rows shift. Equal numbers stay
    equal and different ones different, so that versions and duplicates are found all the same.

    Parameters
    ----------
    cells
        Numbers of cases.
    key
        As in `hash_callers`.

    Examples
    --------
    >>> import duckdb
    >>> hidden = [
    ...     duckdb.sql(str(ibis.to_sql(hide_numbers(ibis.literal(number), b"k" * 32)))).fetchall()
    ...     for number in ("101004567890", "13800001234")
    ... ]
    >>> hidden[0], hidden[1] == [("13800001234",)]
    ([('101004567890',)], False)
    """
    personal = cells.re_search(pattern_in_numbers()) | (cells.length() > _LONGEST_NUMBER)
    return ibis.ifelse(personal, _keyed(cells, key), cells)


def _keyed(plain: StringValue, key: bytes) -> StringValue:
    inner = _sha256(_joined(_padded(key, 0x36), _encode(plain)))
    return _left(_sha256(_joined(_padded(key, 0x5C), _unhex(inner))), HASH_LENGTH)


def _padded(key: bytes, pad: int) -> BinaryValue:
    block = bytes(byte ^ pad for byte in key.ljust(_BLOCK, b"\0"))
    return _unhex(ibis.literal(block.hex()))


# The engine's own functions, for which Ibis has no expression, or only one that says all twice.
_builtin = ibis.udf.scalar.builtin
_sha256 = _builtin(lambda content: None, name="sha256", signature=((dt.binary,), dt.string))
_encode = _builtin(lambda text: None, name="encode", signature=((dt.string,), dt.binary))
_unhex = _builtin(lambda digits: None, name="unhex", signature=((dt.string,), dt.binary))
_joined = _builtin(
    lambda first, second: None, name="concat", signature=((dt.binary, dt.binary), dt.binary)
)
_left = _builtin(
    lambda text, length: None, name="left", signature=((dt.string, dt.int64), dt.string)
)
