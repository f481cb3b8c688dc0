"""What personal data look like: numbers of telephones, identity cards and cars, and e-mail."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["HEADERS", "PATTERNS", "Pattern", "find_personal", "is_resident_id", "mask"]

# The weights of ISO 7064, MOD 11-2, and its check characters, as GB 11643 uses them.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def is_resident_id(number: str) -> bool:
    """Say whether 18 characters are a number of a Chinese identity card, by its check digit.

    Examples
    --------
    >>> is_resident_id("11010519491231002X"), is_resident_id("110105194912310021")
    (True, False)
    """
    try:
        datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number, strict=False))
    return CHECK_CHARACTERS[total % 11] == number[17].upper()


def _always(number: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of personal data.

    Attributes
    ----------
    kind
        What it is called.
    looks
        How it is written.
    holds
        Says whether what looks like it is one.
    """

    kind: str
    looks: re.Pattern[str]
    holds: Callable[[str], bool] = _always


# A number that is part of a longer word, decimal or hash is none of these.
_BEFORE, _AFTER = r"(?<![\w.\-+/])", r"(?![\w/]|[.\-]\d)"

PATTERNS = (
    Pattern(
        "resident identity number",
        re.compile(_BEFORE + r"[1-9]\d{5}(?:18|19|20)\d{9}[\dXx]" + _AFTER, re.ASCII),
        is_resident_id,
    ),
    Pattern(
        "Chinese mobile number",
        re.compile(
            r"(?<![\w.\-/])(?:\+86[ -]?|\+?0086[ -]?)?1[3-9]\d(?:\d{8}|-\d{4}-\d{4}| \d{4} \d{4})"
            + _AFTER,
            re.ASCII,
        ),
    ),
    Pattern(
        "telephone number",
        re.compile(
            _BEFORE
            + r"(?:\+(?!86)[1-9]\d{0,2}(?:[ -]?\(?\d\)?){7,12}"
            + r"|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4}|0\d{2,3}-\d{7,8})"
            + _AFTER,
            re.ASCII,
        ),
    ),
    Pattern(
        "e-mail address",
        re.compile(r"(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b"),
    ),
    Pattern(
        "licence plate",
        re.compile(
            rf"[{_PROVINCES}][A-HJ-NP-Z][·• -]?(?=[A-HJ-NP-Z]{{0,4}}\d)"
            r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
        ),
    ),
)

# Columns called so hold what no pattern can tell: names, addresses, places of people.
HEADERS = re.compile(
    r"姓名|联系人|来电人|身份证号?码?|证件号码?|手机号?码?|联系电话|联系方式|电话号?码?|家庭住址|住址|详细地址"
    r"|车牌号?码?|微信号?|邮箱"
    r"|(?:full_?|first_?|last_?|sur|caller_?|contact_?)name"
    r"|(?:tele)?phone(?:_?number)?|mobile(?:_?number)?"
    r"|e-?mail(?:_?address)?|(?:home|street)_?address|passport(?:_?number)?|ssn|id_?card(?:_?number)?"
    r"|(?:date_of_)?birth(?:_?date|day)?|latitude|longitude|lat|lon|lng|gps|ip_?address|licen[cs]e_?plate",
    re.IGNORECASE,
)


def find_personal(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield each kind of personal data in a text with its match.

    Examples
    --------
    >>> [kind for kind, _ in find_personal("call +49 30 1234567 or 2024-01-02")]
    ['telephone number']
    """
    for pattern in PATTERNS:
        for match in pattern.looks.finditer(text):
            if pattern.holds(match[0]):
                yield pattern.kind, match


def mask(value: str) -> str:
    """Hide all but the first two and the last two characters, so that a report tells nobody.

    Examples
    --------
    >>> mask("13800001234"), mask("a@b.cn")
    ('13*******34', 'a@**cn')
    """
    return value[:2] + "*" * max(len(value) - 4, 1) + value[-2:]
