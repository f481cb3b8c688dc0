"""A keyed hash: the same for the same caller, and no way back without the key."""

from __future__ import annotations

import ibis
import ibis.expr.datatypes as dt
from ibis.expr.types import BinaryValue, StringValue

__all__ = ["HASH_LENGTH", "hash_callers"]

HASH_LENGTH = 16
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
    inner = _sha256(_joined(_padded(key, 0x36), _encode(plain)))
    digits: StringValue = _sha256(_joined(_padded(key, 0x5C), _unhex(inner)))
    return digits.left(HASH_LENGTH)


def _padded(key: bytes, pad: int) -> BinaryValue:
    block = bytes(byte ^ pad for byte in key.ljust(_BLOCK, b"\0"))
    return _unhex(ibis.literal(block.hex()))


# The engine's own functions, for which Ibis has no expression.
_builtin = ibis.udf.scalar.builtin
_sha256 = _builtin(lambda content: None, name="sha256", signature=((dt.binary,), dt.string))
_encode = _builtin(lambda text: None, name="encode", signature=((dt.string,), dt.binary))
_unhex = _builtin(lambda digits: None, name="unhex", signature=((dt.string,), dt.binary))
_joined = _builtin(
    lambda first, second: None, name="concat", signature=((dt.binary, dt.binary), dt.binary)
)
