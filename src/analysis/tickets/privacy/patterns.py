r"""What personal data look like in a cell of a ticket, each kind declared once.

The patterns are written in RE2's syntax, which engines that run over millions of cells share: no
look to the left or right. ``\b`` there knows ASCII letters and digits only, so that a number beside
a Chinese character stands at a border.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "BEGIN_MARK",
    "CALLER_MARK",
    "END_MARK",
    "NAME_MARK",
    "PATTERNS",
    "Pattern",
    "pattern_in_numbers",
    "pattern_of",
]

# All marks of what was taken out are put in these brackets.
BEGIN_MARK, END_MARK = "〔", "〕"
# What stands in the place of a person's name; names are known from their own columns only.
NAME_MARK = "〔姓名〕"
# The same for what marks the caller.
CALLER_MARK = "〔来电人〕"

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_DIGIT = "[0-9０-９]"
_LETTER = "A-Za-zＡ-Ｚａ-ｚ"
_WORD = rf"[{_LETTER}0-9０-９_%+\-]"
# Marks and blanks, also unseen ones, that people put between the groups of a number.
_GAP = r"[\s\x{a0}\x{3000}\x{200b}\-－‐-―·•.．()（）]{0,3}"
_LINK = r"[ \-－]"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of personal data.

    Attributes
    ----------
    kind
        What it is.
    mark
        What is put in its place.
    in_text
        What it looks like in free text, where rather too much is taken out than too little.
    in_codes
        What it looks like in a cell that should hold a category, a place or an answer; numbers of
        districts, streets and classifications pass.
    """

    kind: str
    mark: str
    in_text: str
    in_codes: str


_EMAIL = rf"(?:{_WORD}|[.．])+[@＠]{_WORD}+(?:[.．]{_WORD}+)+"
_PLATE = (
    rf"[{_PROVINCES}][{_LETTER}]{_GAP}[{_LETTER}]{{0,2}}{_DIGIT}"
    rf"[{_LETTER}0-9０-９]{{2,4}}[{_LETTER}0-9０-９挂学警港澳]"
)
_DOCUMENT = (
    rf"{_DIGIT}{{15,}}[XxＸｘ]?"
    rf"|{_DIGIT}{{6}}{_LINK}{_DIGIT}{{8}}{_LINK}?{_DIGIT}{{3}}[0-9０-９XxＸｘ]"
    rf"|{_DIGIT}{{4}}(?:{_LINK}{_DIGIT}{{4}}){{3}}(?:{_LINK}?{_DIGIT}{{1,3}})?"
)
_IDENTITY = (
    r"\b[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]\b"
)
_MOBILE = (
    rf"[1１][3-9３-９]{_DIGIT}(?:{_GAP}{_DIGIT}{{4}}{_GAP}{_DIGIT}{{4}}"
    rf"|{_GAP}{_DIGIT}{{3}}{_GAP}{_DIGIT}{{5}}|{_DIGIT}{_GAP}{_DIGIT}{{3}}{_GAP}{_DIGIT}{{4}})"
)
_TELEPHONE_IN_TEXT = "|".join(
    (
        rf"[(（]?{_DIGIT}{{9,14}}",
        rf"[+＋]?(?:(?:00|００)?(?:86|８６){_GAP})?{_MOBILE}",
        rf"[+＋]{_DIGIT}{{1,3}}(?:{_GAP}{_DIGIT}){{6,12}}",
        rf"[(（]?[0０]{_DIGIT}{{2,3}}{_GAP}{_DIGIT}{{3,4}}{_LINK}?{_DIGIT}{{4}}",
        rf"[(（]?[2-9２-９]{_DIGIT}{{2}}{_GAP}[2-9２-９]{_DIGIT}{{2}}{_GAP}{_DIGIT}{{4}}",
        # Of shorter runs only dates such as 20230105 pass, and what is no local number.
        rf"(?:[3-8３-８]{_DIGIT}|[2２][1-9１-９]|[1１][0-8０-８]){_DIGIT}{{5,6}}",
        rf"(?:[3-8３-８]{_DIGIT}|[2２][1-9１-９]){_DIGIT}{{2}}{_LINK}{_DIGIT}{{4}}",
    )
)
_TELEPHONE_IN_CODES = "|".join(
    (
        r"\+?\b(?:(?:00)?86[ \-]?)?1[3-9][0-9][ \-]?[0-9]{4}[ \-]?[0-9]{4}\b",
        r"１[３-９][０-９]{9}",
        r"\b0(?:10|2[0-9]|[3-9][0-9]{2})[\-) ]{0,2}[2-8][0-9]{6,7}\b",
        r"\b[2-9][0-9]{2}[\-. )]{1,2}[2-9][0-9]{2}[\-. ][0-9]{4}\b",
    )
)

# In this order: what is taken out first is no longer there to be half of something else.
PATTERNS: tuple[Pattern, ...] = (
    Pattern("e-mail address", "〔邮箱〕", _EMAIL, _EMAIL),
    Pattern("number plate", "〔车牌〕", _PLATE, _PLATE),
    Pattern("identity or card number", "〔证件或卡号〕", _DOCUMENT, _DOCUMENT),
    Pattern(
        "network address",
        "〔网络地址〕",
        rf"{_DIGIT}{{1,3}}(?:\.{_DIGIT}{{1,3}}){{3}}",
        r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b",
    ),
    Pattern(
        "passport or permit number",
        "〔护照〕",
        rf"[{_LETTER}]{{1,2}}{_DIGIT}{{7,9}}",
        r"\b(?:[DEGHMPSdeghmps][0-9]{8}|[Ee][A-Za-z][0-9]{7})\b",
    ),
    Pattern("telephone number", "〔电话〕", _TELEPHONE_IN_TEXT, _TELEPHONE_IN_CODES),
)


def pattern_of(patterns: Iterable[Pattern], *, free_text: bool) -> str:
    """Return the pattern of several kinds together: one look tells whether a cell holds any.

    Parameters
    ----------
    patterns
        The kinds.
    free_text
        Whether the cell is free text, or one of a few values.
    """
    return "|".join(
        f"(?:{pattern.in_text if free_text else pattern.in_codes})" for pattern in patterns
    )


def pattern_in_numbers() -> str:
    """Return what is personal where the number of a case should stand.

    As in codes; but of long runs of digits, which many cities number their cases with, only those
    that hold the birthday of an identity number.
    """
    kinds = [
        _IDENTITY if pattern.in_codes == _DOCUMENT else pattern.in_codes for pattern in PATTERNS
    ]
    return "|".join(f"(?:{kind})" for kind in kinds)
