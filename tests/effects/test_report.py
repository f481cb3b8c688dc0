"""What is printed is the result: every component, every digit, in a form that others can read."""

import json

import numpy as np
import pytest

from analysis.effects.estimate import estimate
from analysis.effects.inference.registry import METHODS
from analysis.effects.registry import ESTIMATORS
from analysis.effects.report import (
    estimators_as_json,
    estimators_as_text,
    result_as_json,
    result_as_text,
)


@pytest.fixture
def event_study(make_panel, count_design):
    return estimate(make_panel(2), count_design, "twfe_event_study")


def test_json_keeps_every_digit(event_study):
    read = json.loads(result_as_json(event_study))
    assert read["overall"]["value"] == event_study.overall.value
    assert read["overall"]["standard_error"] == event_study.overall.standard_error
    values = [row["value"] for row in read["event_time"]]
    assert values == event_study.event_time["value"].tolist()
    assert read["event_time_vcov"]["values"] == event_study.event_time_vcov.tolist()


def test_json_names_the_rows_of_the_covariance(event_study):
    """The reference has no variance; catches a covariance that is off by one row."""
    vcov = json.loads(result_as_json(event_study))["event_time_vcov"]
    errors = event_study.event_time["standard_error"]
    assert vcov["event_time"] == errors.index[errors > 0].tolist()
    variances = np.diag(vcov["values"])
    np.testing.assert_allclose(np.sqrt(variances), errors[errors > 0], rtol=1e-12)


def test_what_is_missing_is_null_and_months_are_text(event_study):
    read = json.loads(result_as_json(event_study))
    assert read["overalls"][0]["averaging"] == "event_time"
    assert list(read["cohort_weights"]) == ["2020-09", "2021-05"]
    reference = next(row for row in read["event_time"] if row["event_time"] == -1)
    assert reference["p_value"] is None


def test_text_says_what_was_done(event_study):
    text = result_as_text(event_study)
    assert "Sun and Abraham (2021)" in text
    assert "in log points" in text
    assert "clustered by unit" in text
    assert "60 units, 60 clusters, 40 of them treated" in text
    assert f"{event_study.overall.value:.4f}" in text


def test_the_list_of_estimators_is_whole():
    listed = json.loads(estimators_as_json())
    names = [row["name"] for row in listed["estimators"]]
    assert names == [estimator.name for estimator in ESTIMATORS]
    assert [row["name"] for row in listed["inference"]] == [method.name for method in METHODS]
    for row in listed["estimators"]:
        assert all(row[key] for key in ("estimand", "assumes", "prefer", "paper", "treatments"))
    for estimator in ESTIMATORS:
        assert estimator.name in estimators_as_text()
