"""In which encoding a file of text is written.

A study file knows seven encodings, and trying them decides: bytes that are valid UTF-8 are hardly
ever anything else, and Chinese text in GB18030 is nearly all in GB 2312, in which an accented
letter of Latin-1 followed by a plain one cannot occur. Only if neither fits, the others are guessed
at. A detector of all encodings would offer EUC or code pages that nothing here could then name.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

from analysis.new_study.guess import Guess
from analysis.new_study.look.pieces import UTF_16_MARKS, Pieces
from analysis.new_study.look.sample import refuse

__all__ = ["ONLY_ASCII", "decode", "find_encoding"]

ONLY_ASCII = "Only ASCII was seen."

# Of characters that are not ASCII, those in GB 2312, or among the 5,401 frequent ones and the signs
# of Big5. Names of people and places use rarer ones too.
ORDINARY_SHARE = 0.9
_LAST_FREQUENT = b"\xc6\x7e"
# Characters in cp1252, such as curly quotation marks, and control codes in Latin-1, as in no text.
_ONLY_CP1252 = frozenset(range(0x80, 0xA0))


def find_encoding(path: Path, pieces: Pieces) -> Guess[str]:
    """Tell the encoding of a file from its beginning and its end.

    Raises
    ------
    DataError
        If it is not a file of text.
    """
    if pieces.head[:2] in UTF_16_MARKS:
        return Guess("utf-16", "Its byte order mark says so.")
    text = b"".join((pieces.head, *pieces.later))
    if b"\x00" in text:
        hint = "give csv, JSON lines, Parquet or a workbook, with the ending that tells which"
        raise refuse(path, "it holds bytes that no text has", hint)
    if pieces.head.startswith(codecs.BOM_UTF8):
        return Guess("utf-8-sig", "Its byte order mark says so.")
    if text.isascii():
        return Guess("utf-8", ONLY_ASCII)
    if _decodes(text, "utf-8"):
        return Guess("utf-8", "All that was seen is valid UTF-8.")
    if _is_ordinary(text, "gb18030", _is_in_gb2312):
        return Guess("gb18030", "It is not UTF-8, and its characters are usual in Chinese.")
    if _is_ordinary(text, "big5", _is_frequent_in_big5):
        return Guess(
            "big5",
            "A guess: it is neither UTF-8 nor usual Chinese in GB18030, and in Big5 its characters "
            "are usual. Look whether headers and names come out right.",
            check=True,
        )
    if not _ONLY_CP1252.isdisjoint(text) and _decodes(text, "cp1252"):
        return Guess(
            "cp1252",
            "A guess: it is neither UTF-8 nor usual Chinese, and holds bytes that are signs in "
            "cp1252, as Windows wrote Western languages. Look whether quotation marks and letters "
            "with accents come out right.",
            check=True,
        )
    return Guess(
        "latin-1",
        "It is neither UTF-8 nor usual Chinese; Latin-1 reads anything, so look whether letters "
        "with accents come out right.",
        check=True,
    )


def decode(piece: bytes, encoding: str, head: bytes) -> str:
    """Decode the beginning or the end of a file; the head tells the byte order of UTF-16."""
    if encoding != "utf-16":
        return piece.decode(encoding)
    order = "utf-16-le" if head.startswith(b"\xff\xfe") else "utf-16-be"
    return piece.decode(order, errors="replace").removeprefix("\ufeff")


def _decodes(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_ordinary(text: bytes, encoding: str, is_usual: Callable[[str], bool]) -> bool:
    """Say whether a text is in an encoding, and nearly all its characters are usual ones."""
    if not _decodes(text, encoding):
        return False
    foreign = [sign for sign in text.decode(encoding) if not sign.isascii()]
    return sum(map(is_usual, foreign)) >= ORDINARY_SHARE * len(foreign)


def _is_in_gb2312(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _is_frequent_in_big5(sign: str) -> bool:
    return sign.encode("big5") <= _LAST_FREQUENT
