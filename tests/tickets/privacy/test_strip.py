"""What is personal goes; what is not stays."""

from __future__ import annotations

import re

import duckdb
import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.tickets.privacy.patterns import NAME_MARK, PATTERNS
from analysis.tickets.privacy.strip import strip_codes, strip_text, take_out

ENGINE = duckdb.connect(config={"threads": 1})
CELL = ibis.table({"cell": "string"}, name="cells")["cell"]
QUERIES = {
    strip: str(ibis.to_sql(strip(CELL).name("cell"), dialect="duckdb")).replace(
        '"cells"', "(SELECT $cell AS cell)"
    )
    for strip in (strip_codes, strip_text)
}
MARKS = "|".join(pattern.mark for pattern in PATTERNS)

PERSONAL = [
    *("13812345678", "138 1234 5678", "138-1234-5678", "+86 138 1234 5678", "8613812345678"),
    *("１３８１２３４５６７８", "010-82345678", "0311-8234567", "(010) 82345678", "01082345678"),
    *("11010519491231002X", "110105194912310021", "110105491231002", "6222020012345678901"),
    *("6222 0200 1234 5678", "a.b+c@mail.example.cn", "zhang_3@qq.com", "京A12345", "粤B·D12345"),
    *("沪AD12345", "京A1234学", "E12345678", "EA1234567", "617-555-1234", "(617) 555-1234"),
    *("192.168.10.1",),
]
IN_TEXT_ONLY = [
    *("82345678", "8234-5678", "138.1234.5678", "（138）12345678", "6175551234", "京a12345"),
    *("+1 617 555 1234", "+44 20 7946 0958", "电13812345678话x", "A13812345678", "tel13812345678"),
]
HARMLESS = [
    *("1345号院", "2023-01-05", "2023-01-05 10:20:30", "2023/1/5", "2023年1月5日", "12345热线"),
    *(
        "3号楼5单元1201室",
        "第12中学",
        "2022-2023年供暖季",
        "京G101国道",
        "4号线",
        "12-3-4",
        "3.5元",
    ),
    *(
        "河东街道",
        "物业管理（小区）",
        "A座",
        "20230105",
        "19991231",
        "110报警",
        "10:00-12:00",
        "96156",
    ),
]
CODES = ["110105001001", "130105001001", "110105001", "1101050010", "SR2301051", "8234-5678"]


def stripped(strip, text):
    ((result,),) = ENGINE.execute(QUERIES[strip], {"cell": text}).fetchall()
    return result


@pytest.mark.parametrize("number", PERSONAL)
@pytest.mark.parametrize("strip", [strip_codes, strip_text])
@pytest.mark.parametrize("around", ["{}", "请回电{}，谢谢", "({})", "甲 {} 乙", "{}、{}"])
def test_personal_data_go(strip, number, around):
    """Catches a kind, or a way to write it, that stays."""
    left = stripped(strip, around.format(number, number))
    assert not re.search(r"[0-9０-９@]", left)
    assert re.search(MARKS, left)


@pytest.mark.parametrize("number", IN_TEXT_ONLY)
def test_free_text_loses_more(number):
    """Catches local numbers, which only free text can do without."""
    assert not re.search(r"[0-9]{4}", stripped(strip_text, f"家里{number}打不通"))


@pytest.mark.parametrize("text", HARMLESS)
@pytest.mark.parametrize("strip", [strip_codes, strip_text])
def test_places_dates_and_hotlines_stay(strip, text):
    """Catches a zeal that makes two streets one."""
    assert stripped(strip, text) == text


@pytest.mark.parametrize("code", CODES)
def test_codes_of_places_and_classes_stay(code):
    """Catches a statistical code of a street taken for a telephone number."""
    assert stripped(strip_codes, code) == code


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=20), st.sampled_from(PERSONAL), st.text(max_size=20))
def test_no_surroundings_save_a_planted_number(before, number, after):
    """Catches a border that keeps a pattern from being seen."""
    assert number not in stripped(strip_text, f"{before}{number}{after}".replace("\0", ""))


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Nd")), max_size=40))
def test_text_without_digits_or_at_signs_is_unchanged(text):
    """Catches a pattern that eats words."""
    plain = re.sub("[@＠\0]", "", text)
    assert stripped(strip_text, plain) == plain
    assert stripped(strip_codes, plain) == plain


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from([*PERSONAL, *HARMLESS, *CODES, " ", "-", "号", "1", "x"]), max_size=6)
)
def test_twice_is_once(parts):
    """Catches a mark that makes something else look personal, and halves left over."""
    for strip in (strip_codes, strip_text):
        once = stripped(strip, "".join(parts))
        assert stripped(strip, once) == once


def test_missing_stays_missing():
    """Catches a missing cell that becomes a text."""
    assert stripped(strip_text, None) is None


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("张伟", f"{NAME_MARK}反映，{NAME_MARK}家漏水"),
        ("张伟先生", f"{NAME_MARK}反映，{NAME_MARK}家漏水"),
        ("张", "张伟反映，张伟家漏水"),
        ("张.", "张伟反映，张伟家漏水"),
        ("", "张伟反映，张伟家漏水"),
        (None, "张伟反映，张伟家漏水"),
    ],
)
def test_names_of_the_row_are_taken_out(name, left):
    """Catches a name that stays, a surname that tears the text, a missing name that empties it."""
    text = ibis.literal("张伟反映，张伟家漏水")
    query = ibis.to_sql(take_out(text, [ibis.literal(name, "string")]), dialect="duckdb")
    assert ENGINE.execute(str(query)).fetchall() == [(left,)]
