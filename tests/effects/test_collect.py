"""Recorded effects come back in their own unit, and a run that is missing is named."""

import dataclasses

import numpy as np
import pytest

from analysis.effects.collect import collect_effects
from analysis.effects.record import record_effect
from analysis.errors import RunError
from analysis.exhibits import Exhibits
from analysis.study.load import load_study
from analysis.workspace import Workspace, find_workspace


@pytest.fixture
def study():
    full = load_study("beijing", find_workspace().studies)
    outcomes = ("complaints", "satisfaction_rate")
    only = dataclasses.replace(full.get_level("street"), outcomes=outcomes, robustness=())
    return dataclasses.replace(full, level=(only,))


@pytest.fixture
def record(tmp_path, study, make_result):
    def run(outcome, scale):
        return record_one(tmp_path, study, make_result, outcome, scale)

    return run


def record_one(tmp_path, study, make_result, outcome, scale):
    exhibits = Exhibits(Workspace(tmp_path, tmp_path), study, "03_effect", run=f"street-{outcome}")
    result = make_result(scale, outcome=outcome, lower=-np.inf)
    record_effect(exhibits, "street", result, truth=-0.1)
    return exhibits.record_path.parent


def test_effects_come_back_as_they_were_estimated(record, study):
    """Catches a rate's effect that is read a hundred times too large."""
    record("complaints", "count")
    frame = collect_effects(record("satisfaction_rate", "share"), study)
    assert frame["value"].to_numpy() == pytest.approx([-0.125, -0.125])
    assert frame["truth"].to_numpy() == pytest.approx([-0.1, -0.1])
    assert frame["lower"].tolist() == [-np.inf, -np.inf]
    assert frame["clusters"].tolist() == [10, 10]


def test_a_run_that_is_missing_is_named(record, study):
    folder = record("complaints", "count")
    with pytest.raises(RunError, match=r"03_effect-street-satisfaction_rate\.json"):
        collect_effects(folder, study)
