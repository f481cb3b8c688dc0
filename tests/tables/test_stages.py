"""The stages of the policy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.study.load import load_study
from analysis.study.schema import Study
from analysis.tables.published import read_published
from analysis.tables.stages import milestones, stage_table

ROOT = Path(__file__).parents[2]


@pytest.fixture
def study() -> Study:
    return load_study("beijing", ROOT / "notebooks" / "studies")


@pytest.fixture
def timeline() -> pd.DataFrame:
    return read_published(ROOT / "data" / "raw" / "published", "timeline")


def test_every_milestone_is_in_the_published_timeline(study: Study, timeline: pd.DataFrame) -> None:
    """Would catch an event in the figure that no source stands behind."""
    assert len(milestones(study, timeline)) == sum(len(s.milestone) for s in study.stage)


def test_an_invented_milestone_is_named(study: Study, timeline: pd.DataFrame) -> None:
    stage = study.stage[0]
    event = replace(stage.milestone[0], date="2018-11-31")
    changed = replace(study, stage=(replace(stage, milestone=(event,)),))
    with pytest.raises(DataError, match=r"no event dated 2018-11-31[\s\S]*'2018-11-30'"):
        milestones(changed, timeline)


def test_stages_follow_each_other_without_gap(study: Study, timeline: pd.DataFrame) -> None:
    """Would catch stages that overlap, and milestones outside their stage."""
    begins = [stage.begins for stage in study.stage]
    assert begins == sorted(begins)
    months = milestones(study, timeline)
    for number, stage in enumerate(study.stage, start=1):
        inside = months.loc[months["stage"] == number, "month"]
        assert (inside >= pd.Period(stage.begins, freq="M")).all()


def test_events_since_the_first_stage_are_counted_once(
    study: Study, timeline: pd.DataFrame
) -> None:
    table = stage_table(study, timeline)
    since = timeline["date"] >= study.stage[0].begins[:4]
    assert table["Events"].astype(int).sum() == since.sum()
    assert table["Months"].iloc[-1].startswith("from ")
