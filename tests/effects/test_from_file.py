"""Files that people have: years, months and quarters, zeros for never, switches, and mistakes."""

import pandas as pd
import pytest

from analysis.effects.from_file import adoption_from_treated, read_panel_file, with_adoption
from analysis.errors import DataError


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "panel.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2003", 2003),
        ("2020-04", pd.Period("2020-04", "M")),
        ("2020-04-17", pd.Period("2020-04", "M")),
        ("2020Q2", pd.Period("2020Q2", "Q")),
        ("2020-Q2", pd.Period("2020Q2", "Q")),
    ],
)
def test_periods_are_read_in_each_form(tmp_path, written, expected):
    path = write(tmp_path, f"unit,when,y\na,{written},1\n")
    assert read_panel_file(path, "when", ["unit", "y"])["when"].tolist() == [expected]


def test_numbers_keep_every_digit(tmp_path):
    """Catches a reader that is off in the last digit, which would cost agreement at 1e-12."""
    number = 0.1 + 0.2
    path = write(tmp_path, f"unit,t,y\na,1,{number!r}\n")
    assert read_panel_file(path, "t", ["unit", "y"])["y"].item() == number


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path):
    path = write(tmp_path, "unit,t,y\na,1,2\n", "utf-8-sig")
    assert read_panel_file(path, "t", ["unit"]).columns[0] == "unit"


def test_a_mixed_column_of_periods_names_the_line(tmp_path):
    path = write(tmp_path, "unit,t\na,2020-01\na,2020-02\na,soon\n")
    with pytest.raises(DataError, match="line 4: soon"):
        read_panel_file(path, "t", ["unit"])


def test_a_wrong_name_is_answered_with_the_nearest(tmp_path):
    path = write(tmp_path, "unit,year,homicide\na,1,2\n")
    with pytest.raises(DataError, match="did you mean 'homicide'"):
        read_panel_file(path, "year", ["unit", "homicides"])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("", "utf-8"), ("街道,年\n甲,1\n", "gb18030"), ("a,b\n1,2,3,4\n5\n", "utf-16")],
)
def test_what_is_no_table_is_refused_with_a_remedy(tmp_path, text, encoding):
    with pytest.raises(DataError, match="save it as CSV in UTF-8"):
        read_panel_file(write(tmp_path, text, encoding), "b", ["a"])


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        read_panel_file(tmp_path / "missing.csv", "t", [])


def test_never_is_empty_infinite_or_a_zero_before_the_first_period():
    panel = pd.DataFrame({"year": [2001, 2002, 2003, 2004], "first": ["2003", "Inf", None, "0"]})
    read, said = with_adoption(panel, "year", "first")
    assert read["first"].isna().tolist() == [False, True, True, True]
    assert "0 in 'first' is read as never" in said[0]


def test_a_zero_is_a_period_where_periods_begin_at_zero():
    panel = pd.DataFrame({"t": [0, 1], "first": [0, 0]})
    read, said = with_adoption(panel, "t", "first")
    assert read["first"].tolist() == [0, 0]
    assert said == ()


def test_a_number_far_after_the_last_period_is_never():
    panel = pd.DataFrame({"t": [1, 10], "first": [10000, 12]})
    read, said = with_adoption(panel, "t", "first")
    assert read["first"].isna().tolist() == [True, False]
    assert said == ("10000 in 'first' is read as never: no period is near it",)


def test_another_code_for_never_can_be_given():
    panel = pd.DataFrame({"year": [2001, 2001], "first": [10000, 2005]})
    read, _ = with_adoption(panel, "year", "first", ["10000"])
    assert read["first"].isna().tolist() == [True, False]


def test_adoption_is_read_in_the_form_of_the_periods():
    months = pd.Series(pd.period_range("2020-01", periods=2, freq="M"))
    panel = pd.DataFrame({"month": months, "first": ["2020-02", None]})
    read, _ = with_adoption(panel, "month", "first")
    assert read["first"].iloc[0] == pd.Period("2020-02", "M")
    with pytest.raises(DataError, match="2020Q1"):
        with_adoption(panel.assign(first=["2020Q1", None]), "month", "first")


def test_a_switch_becomes_its_first_period(make_panel):
    panel = make_panel(3)
    on = (panel["period"] >= panel["adoption_period"]).astype(int)
    shuffled = panel.assign(on=on).sample(frac=1, random_state=1)
    found = adoption_from_treated(shuffled, ["unit"], "period", "on")
    pd.testing.assert_series_equal(found, shuffled["adoption_period"], check_names=False)


def test_a_unit_treated_and_untreated_again_is_named():
    panel = pd.DataFrame({"unit": ["a"] * 3, "t": [1, 2, 3], "on": [0, 1, 0]})
    with pytest.raises(DataError, match=r"untreated again: a, 3\n.*--dose"):
        adoption_from_treated(panel, ["unit"], "t", "on")


def test_a_switch_must_be_zero_or_one():
    panel = pd.DataFrame({"unit": ["a"] * 2, "t": [1, 2], "on": [0, 0.5]})
    with pytest.raises(DataError, match=r"line 3: 0\.5"):
        adoption_from_treated(panel, ["unit"], "t", "on")
