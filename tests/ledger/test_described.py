"""What the documents are told of a study's design is what its study file says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from analysis.ledger.described import describe_study
from analysis.study.load import load_study, read_study

STUDIES = Path(__file__).parents[2] / "notebooks" / "studies"


def test_a_dose_is_described_with_its_months_and_its_labels() -> None:
    """Would catch a column's name where readers expect words."""
    (level, _) = describe_study(load_study("boston", STUDIES))["levels"]
    dose = {"label": "proactive cases", "months_before": 3, "transform": "log1p"}
    assert (level["treatment"], level["dose"]) == ("dose", dose)
    assert level["unit"] == ["unit", "category"]
    assert level["absorb"] == [["category", "month"]]
    assert (level["main_estimator"], level["cluster"]) == ("twfe", "unit")


def test_each_outcome_has_its_label_and_the_unit_of_its_effects() -> None:
    (level, _) = describe_study(load_study("boston", STUDIES))["levels"]
    assert [(each["label_en"], each["unit"]) for each in level["outcomes"]] == [
        ("Complaints", "log points"),
        ("On-time rate", "percentage points"),
    ]


def test_estimators_are_described_once_for_all_levels() -> None:
    described = describe_study(load_study("beijing", STUDIES))
    named = {name for level in described["levels"] for name in level["estimators"]}
    assert set(described["estimators"]) == named
    assert described["estimators"]["twfe"]["label_en"] == "Two-way fixed effects"


def test_adoption_and_coverage_have_no_dose() -> None:
    street, district = describe_study(load_study("beijing", STUDIES))["levels"]
    assert (street["treatment"], street["dose"], street["summed_from"]) == ("adoption", None, None)
    assert (district["treatment"], district["summed_from"]) == ("coverage", "street")


def test_tickets_are_described_where_there_are_some() -> None:
    assert describe_study(load_study("boston", STUDIES))["tickets"] is None
    study = read_study(STUDIES / "cities" / "boston_tickets.toml")
    described = describe_study(study)
    assert study.tickets is not None
    assert described["tickets"]["follow_up_days"] == study.tickets.follow_up_days
    assert described["tickets"]["extracted"] == study.tickets.extracted


def test_it_can_be_written_as_json_and_names_an_exposure() -> None:
    study = load_study("boston", STUDIES)
    level = replace(study.level[0], exposure="population", controls=("consultations",))
    described = describe_study(replace(study, level=(level,)))
    assert json.loads(json.dumps(described)) == described
    assert described["levels"][0]["exposure"] == "resident population"
    assert described["levels"][0]["controls"] == ["consultations"]
