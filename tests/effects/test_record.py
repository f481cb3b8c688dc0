"""What is recorded is what was estimated, in the unit that readers see."""

import json

import numpy as np
import pytest

from analysis.effects.record import record_checks, record_effect, record_truth
from analysis.effects.sensitivity.variants import checks_frame
from analysis.exhibits import Exhibits
from analysis.study.load import load_study
from analysis.workspace import Workspace, find_workspace


@pytest.fixture
def exhibits(tmp_path):
    study = load_study("beijing", find_workspace().studies)
    return Exhibits(Workspace(tmp_path, tmp_path), study, "03_effect", run="street-complaints")


@pytest.fixture
def result(make_result):
    def make(scale, upper):
        outcome = "complaints" if scale == "count" else "repeat_share"
        return make_result(scale, outcome=outcome, upper=upper)

    return make


def recorded(exhibits):
    numbers = json.loads(exhibits.record_path.read_text(encoding="utf-8"))["numbers"]
    return {name.removeprefix("beijing.street."): entry for name, entry in numbers.items()}


def test_an_effect_on_a_count_is_recorded_in_log_points(exhibits, result):
    record_effect(exhibits, "street", result("count", -0.025), truth=-0.1)
    found = recorded(exhibits)
    parts = ["att", "clusters", "lower", "n", "p", "se", "truth", "upper"]
    assert sorted(found) == [f"complaints.twfe.{part}" for part in parts]
    assert found["complaints.twfe.att"]["value"] == -0.125
    assert found["complaints.twfe.n"]["text"] == "1,000"
    assert found["complaints.twfe.truth"]["unit"] == "log points"


def test_an_effect_on_a_rate_is_recorded_in_percentage_points(exhibits, result):
    record_effect(exhibits, "street", result("share", -0.025))
    found = recorded(exhibits)["repeat_share.twfe.att"]
    assert (found["value"], found["text"]) == (-12.5, "−12.50")
    assert found["unit"] == "percentage points"


def test_an_unbounded_end_is_not_recorded(exhibits, result):
    record_effect(exhibits, "street", result("count", np.inf))
    assert "complaints.twfe.upper" not in recorded(exhibits)
    assert "complaints.twfe.lower" in recorded(exhibits)


def test_a_truth_and_its_parts_have_ids_of_their_own(exhibits, result):
    record_truth(exhibits, "street", result("count", 0.0), -0.14)
    record_truth(exhibits, "street", result("count", 0.0), -0.2, part="need")
    assert sorted(recorded(exhibits)) == ["complaints.truth.att", "complaints.truth.need"]


def flows(exhibits):
    return json.loads(exhibits.record_path.read_text(encoding="utf-8"))["flows"]


def test_an_effect_is_recorded_with_its_flow_of_rows(exhibits, make_result):
    """Catches rows that are lost between the panel and the ledger."""
    places = {"outcome missing": np.array([0, 1, 2, 8])}
    result = make_result("count", dropped={"outcome missing": 4}, left_out=places, repeated=100)
    record_effect(exhibits, "street", result)
    flow = flows(exhibits)["beijing.street.complaints.twfe"]
    assert flow["panel"] == "data/processed/beijing/panel_street.csv"
    assert flow["dropped"] == [{"reason": "outcome missing", "count": 4, "rows": "2-4 10"}]
    assert (flow["rows_in"], flow["repeated"], flow["observations"]) == (904, 100, 1_000)


def test_the_flow_of_a_check_begins_at_the_whole_panel(exhibits, make_result):
    """Catches a check on a part of the panel whose rows seem to be all there are."""
    result = make_result("count", dropped={"outcome missing": 4})
    checks = checks_frame({"without 2020": result, "all": result}, "Months")
    record_checks(exhibits, "street", "complaints", checks, rows=1_200)
    flow = flows(exhibits)["beijing.street.complaints.check.01"]
    assert flow["label"] == "Months: without 2020"
    assert [(one["count"], one["rows"]) for one in flow["dropped"]] == [(196, ""), (4, "")]
    assert flow["rows_in"] == 1_200
