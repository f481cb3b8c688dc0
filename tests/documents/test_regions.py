"""Markers are found or complained of, and nothing outside them is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.documents.regions import fill_regions
from analysis.errors import RunError

CONTENTS = {"seeds": lambda: "one\ntwo\n", "data": lambda: "three"}
BEGIN, END = "<!-- begin generated: seeds -->", "<!-- end generated: seeds -->"


def test_a_region_is_filled_between_blank_lines() -> None:
    filled = fill_regions(f"a\n{BEGIN}\nold\n{END}\nb", "README.md", CONTENTS)
    assert filled == f"a\n{BEGIN}\n\none\ntwo\n\n{END}\nb"


def test_several_regions_are_filled_each_with_its_own() -> None:
    """Catches lines that are counted before another region has grown."""
    other = BEGIN.replace("seeds", "data"), END.replace("seeds", "data")
    text = "\n".join([BEGIN, END, "between", *other])
    filled = fill_regions(text, "README.md", CONTENTS)
    wanted = [BEGIN, "", "one", "two", "", END, "between", other[0], "", "three", "", other[1]]
    assert filled == "\n".join(wanted)


OUTSIDE = st.text().filter(lambda text: "generated" not in text)


@given(before=OUTSIDE, inside=OUTSIDE, after=OUTSIDE)
def test_outside_nothing_changes_and_filling_again_changes_nothing(
    before: str, inside: str, after: str
) -> None:
    """Catches line ends, spaces or odd characters that are lost."""
    filled = fill_regions(f"{before}\n{BEGIN}\n{inside}\n{END}\n{after}", "README.md", CONTENTS)
    assert filled == f"{before}\n{BEGIN}\n\none\ntwo\n\n{END}\n{after}"
    assert fill_regions(filled, "README.md", CONTENTS) == filled


def test_only_what_is_needed_is_made() -> None:
    def fail() -> str:
        raise AssertionError

    assert fill_regions("no marker", "README.md", {"seeds": fail}) == "no marker"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BEGIN, "README.md, line 1: region 'seeds' is not closed"),
        (f"\n{END}", "README.md, line 2: region 'seeds' ends and was not begun"),
        (f"{BEGIN}\n{BEGIN}\n{END}", "README.md, line 1: region 'seeds' is not closed"),
        (f"{BEGIN}\n{END}\n{BEGIN}\n{END}", "region 'seeds' is there twice"),
        (f"{BEGIN}\n{END.replace('seeds', 'data')}", "region 'data' ends and was not begun"),
        (BEGIN.replace("seeds", "seed"), "did you mean 'seeds'?"),
        (f"x {BEGIN}\n", "README.md, line 1: this is no marker"),
        ("<!-- start generated: seeds -->\n", "this is no marker"),
    ],
)
def test_a_wrong_marker_is_named(text: str, said: str) -> None:
    with pytest.raises(RunError) as caught:
        fill_regions(text, "README.md", CONTENTS)
    assert said in str(caught.value)
