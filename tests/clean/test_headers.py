"""Headers: every alias is found, and every header that is not one is named."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.clean.headers import name_columns
from analysis.errors import DataError
from analysis.study.sources import Source

OLD = ["月份", "区", "街道乡镇", "诉求量", "主动发现", "回访量", "满意率", "备注"]
NEW = ["考核期", "所属区", "街乡镇", "诉求量(件)", "主动发现", "回访量", "满意率 （%）", "备注"]


def raw(headers: list[str]) -> pd.DataFrame:
    cells = [[f"{header}值" for header in headers]]
    return pd.DataFrame(cells, columns=headers, index=pd.Index([2], name="row"), dtype="str")


def test_headers_that_changed_between_files_come_together(source: Source):
    """Catches a column that is lost in the year in which its header changed."""
    table, places = name_columns({"a.csv": raw(OLD), "b.csv": raw(NEW)}, source)
    assert table["complaints"].tolist() == ["诉求量值", "诉求量(件)值"]
    assert table["restated"].tolist() == ["备注值", "备注值"]
    assert places("b.csv", 2, "complaints") == "b.csv, row 2, column '诉求量(件)' (complaints)"


def test_missing_column_names_file_headers_and_the_nearest(source: Source):
    """Catches a missing column that is only noticed as a KeyError later."""
    headers = [header.replace("回访量", "回访数量") for header in OLD]
    with pytest.raises(DataError) as caught:
        name_columns({"a.csv": raw(headers)}, source)
    message = str(caught.value)
    assert "a.csv, row 1: column 'surveyed' is missing; its headers may be '回访量'" in message
    assert "did you mean '回访数量'?" in message
    assert "header '回访数量' is not named in the study file" in message


def test_problems_of_all_files_are_reported_together(source: Source):
    """Catches an error per run, where a user mends ten files in ten runs."""
    files = {"a.csv": raw(OLD[1:]), "b.csv": raw(NEW[1:])}
    with pytest.raises(DataError) as caught:
        name_columns(files, source)
    assert [problem.where for problem in caught.value.problems] == ["a.csv, row 1", "b.csv, row 1"]


def test_a_column_under_two_headers_is_refused(source: Source):
    """Catches a silent choice between two columns of the same meaning."""
    with pytest.raises(DataError, match="column 'period' stands under '月份' and '考核期'"):
        name_columns({"a.csv": raw([*OLD, "考核期"])}, source)


def test_ignored_headers_pass_and_marks_are_optional(source: Source):
    """Catches a strictness that would refuse a file for a serial number or for no corrections."""
    table, _ = name_columns({"a.csv": raw(["序号", *OLD[:-1]])}, source)
    assert "restated" not in table
    assert "序号" not in table
