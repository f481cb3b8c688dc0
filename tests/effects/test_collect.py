"""Recorded effects come back in their own unit, and a run that is missing is named."""

import dataclasses

import numpy as np
import pytest

from analysis.effects.collect import collect_effects
from analysis.effects.design import Design
from analysis.effects.record import record_effect
from analysis.effects.result import Estimate, Result
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


def record(tmp_path, study, outcome, scale):
    exhibits = Exhibits(Workspace(tmp_path, tmp_path), study, "03_effect", run=f"street-{outcome}")
    result = Result(
        design=Design(outcome, scale, "adoption", "adoption_period", cluster="unit"),
        estimator="twfe",
        estimand="",
        overall=Estimate(-0.125, 0.05, -np.inf, -0.025, 0.012),
        inference="",
        observations=1_000,
        units=10,
        clusters=10,
        library="",
    )
    record_effect(exhibits, "street", result, truth=-0.1)
    return exhibits.record_path.parent


def test_effects_come_back_as_they_were_estimated(tmp_path, study):
    """Catches a rate's effect that is read a hundred times too large."""
    record(tmp_path, study, "complaints", "count")
    frame = collect_effects(record(tmp_path, study, "satisfaction_rate", "share"), study)
    assert frame["value"].to_numpy() == pytest.approx([-0.125, -0.125])
    assert frame["truth"].to_numpy() == pytest.approx([-0.1, -0.1])
    assert frame["lower"].tolist() == [-np.inf, -np.inf]
    assert frame["clusters"].tolist() == [10, 10]


def test_a_run_that_is_missing_is_named(tmp_path, study):
    folder = record(tmp_path, study, "complaints", "count")
    with pytest.raises(RunError, match=r"03_effect-street-satisfaction_rate\.json"):
        collect_effects(folder, study)
