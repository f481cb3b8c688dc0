"""What is written is TOML, whatever headers and values a city has."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.new_study.look.sample import Sample
from analysis.new_study.propose.headers import HEADERS, NAMES, PARTS, PERSONAL, TYPES, plain
from analysis.new_study.propose.proposal import Wishes, propose_study
from analysis.new_study.write.document import write_document
from analysis.new_study.write.toml import comment, key, value
from analysis.preflight.personal_patterns import HEADERS as PERSONAL_HEADERS

# Any character but half ones, which no file can hold.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
NASTY = [
    'a"b',
    "a\nb",
    "a\r\nb",
    "'''",
    '"""',
    "\\",
    "#",
    "=",
    "[x]",
    "\u2028",
    "\x7f",
    "\x00",
    "𠮷",
]


@given(text=TEXT | st.sampled_from(NASTY))
def test_any_text_comes_back(text):
    """Would catch a quote, a backslash or a sign that nobody sees, left as it is."""
    assert tomllib.loads(f"{key(text)} = {value(text)}") == {text: text}
    assert tomllib.loads(f"x = {value((text,) * 9)}") == {"x": [text] * 9}
    assert tomllib.loads(f"{comment(text)}x = 1\n") == {"x": 1}


def _sample(headers):
    columns = {
        headers[0]: tuple(f"K{n}" for n in range(60)),
        headers[1]: tuple(f"2024-0{n % 6 + 1}-11 08:00:00" for n in range(60)),
        headers[2]: tuple("ab"[n % 2] for n in range(60)),
        headers[3]: tuple("xyz"[n % 3] for n in range(60)),
    }
    return Sample(Path("a.jsonl"), "json_lines", columns, 60, True)


def _means_nothing(header):
    """Say whether only what stands below a header can tell which column it is."""
    parts = [
        part for table in (HEADERS, TYPES, PARTS) for names in table.values() for part in names
    ]
    name = plain(header)
    known = any(part in name for part in [*parts, *NAMES])
    return not known and not PERSONAL.search(name) and not PERSONAL_HEADERS.search(header)


MEANINGLESS = (TEXT | st.sampled_from(NASTY)).filter(_means_nothing)


@settings(max_examples=60, deadline=None)
@given(headers=st.lists(MEANINGLESS, min_size=4, max_size=4, unique=True))
def test_any_headers_come_back(headers):
    """Would catch a header that breaks the file, or comes back as another."""
    wishes = Wishes("invented", zone="UTC", unit=headers[2])
    proposal = propose_study([_sample(headers)], wishes)
    read = tomllib.loads(write_document("invented", proposal))
    mapped = read["tickets"]["source"][0]["headers"]
    assert mapped["id"] == [headers[0]]
    assert mapped["opened"] == [headers[1]]
    assert mapped["street"] == [headers[2]]


def test_every_line_fits_the_page():
    """Would catch comments that run out of an editor's window."""
    headers = ["id", "opened", "ward", "source"]
    proposal = propose_study([_sample(headers)], Wishes("x", zone="UTC", today=date(2026, 1, 1)))
    assert max(map(len, write_document("x", proposal).splitlines())) <= 100


def test_what_toml_has_not_is_refused():
    """Would catch a value that is written as Python shows it."""
    with pytest.raises(TypeError, match="NoneType"):
        value(None)
