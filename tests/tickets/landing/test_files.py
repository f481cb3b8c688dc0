"""The files of a source, and all that is wrong with their headers, are found at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.errors import DataError
from analysis.tickets.landing.files import find_files
from analysis.tickets.landing.land import header_problems


def test_files_are_found_in_order(lander, tmp_path):
    """Catches an order that the disk decides, and a half-written download."""
    for name in ("b/hotline_2.csv", "a/hotline_1.csv", "a/.hotline_3.csv", "a/other.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = find_files(replace(lander.source, files="**/hotline_*.csv"), tmp_path)
    assert [path.name for path in found] == ["hotline_1.csv", "hotline_2.csv"]


@pytest.mark.parametrize("glob", ["none_*.csv", "../x.csv", "/etc/*"])
def test_no_file_is_an_error(lander, tmp_path, glob):
    """Catches a panel of nothing, and a glob that leads out of the raw folder."""
    with pytest.raises(DataError, match="has no files"):
        find_files(replace(lander.source, files=glob), tmp_path)


def test_headers_of_all_files_are_looked_at_first(lander, tmp_path):
    """Catches a year whose column has another name, found after hours in the ninth file."""
    good, bad = lander.csv(lander.row()), lander.csv(lander.row()).replace("街道", "乡镇")
    for name, text in (("1.csv", good), ("2.csv", bad), ("3.csv", ""), ("4.csv", good)):
        (tmp_path / name).write_text(text)
    paths = sorted(tmp_path.glob("*.csv"))
    problems = header_problems(lander.source, lander.tickets, paths, tmp_path)
    assert [problem.where for problem in problems] == ["2.csv, row 1", "3.csv, row 1"]


def test_files_that_drift_land_alike(lander):
    """Catches a column that is lost in the year in which its header changed or did not exist."""
    headers = lander.source.headers | {"street": ("街道", "街道乡镇")}
    changes = {"headers": headers, "optional": ("closed", "text")}
    _, old = lander.land(lander.csv(lander.row()), "1.csv", **changes)
    header = ["受理渠道", *lander.header[::-1]]
    header = [name.replace("街道", "街道 乡镇") for name in header if name != "办结时间"]
    cells = ["x", *[cell for cell in lander.row()[::-1] if not cell.startswith("2022-01-06")]]
    landed, new = lander.land(lander.csv(cells, header=header), "2.csv", **changes)
    assert landed.ignored == ("受理渠道",)
    assert landed.headers["street"] == "街道 乡镇"
    assert new == [old[0] | {"file": "2.csv", "closed": None}]
