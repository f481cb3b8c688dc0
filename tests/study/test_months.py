"""The months of a source are those of the study that it covers, and no others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.study.load import load_study
from analysis.study.months import covered_months
from analysis.workspace import find_workspace


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (None, None, ("2014-01", "2018-12")),
        ("2015-03", None, ("2015-03", "2018-12")),
        (None, "2016-06", ("2014-01", "2016-06")),
        ("2011-07", "2024-05", ("2014-01", "2018-12")),
    ],
)
def test_a_source_covers_no_month_outside_the_study(begins, ends, expected):
    """Catches months before the study that look like reports which never came."""
    boston = load_study("boston", find_workspace(Path(__file__).parent).studies)
    study = replace(boston, first_period="2014-01", last_period="2018-12")
    source = replace(boston.source[0], first_period=begins, last_period=ends)
    assert tuple(map(str, covered_months(study, source))) == expected
    assert tuple(map(str, covered_months(study))) == ("2014-01", "2018-12")


def test_a_source_that_ends_before_the_study_begins_covers_nothing():
    boston = load_study("boston", find_workspace(Path(__file__).parent).studies)
    source = replace(boston.source[0], first_period="2001-01", last_period="2001-12")
    first, last = covered_months(boston, source)
    assert first > last
