"""What a reader and a program are told of an experiment."""

import json

import pandas as pd

from analysis.recover.built_in import districts
from analysis.recover.experiment import Experiment, run_experiment
from analysis.recover.report import recovery_as_json, recovery_as_text
from analysis.recover.summary import refusals, summarise


def test_missed_coverage_is_marked_and_refusals_are_told() -> None:
    rows = run_experiment(Experiment(districts(), 3, ("none",), ("twfe",), ("CR1", "none")))
    summary = summarise(rows).assign(coverage=[0.929, 0.93])
    refused = pd.DataFrame([{"effect": "none", "estimator": "twfe", "inference": "CR1"}]).assign(
        reason="too few", replications=2
    )
    text = recovery_as_text(districts(), summary, refused)
    assert "92.9% (" in text
    marked = [line for line in text.splitlines() if line.startswith("twfe ")]
    assert ["*" in line for line in marked] == [True, False]
    assert "twfe, CR1, none: 2 times: too few" in text


def test_missing_numbers_are_null_and_the_others_exact() -> None:
    rows = run_experiment(Experiment(districts(), 3, ("none",), ("twfe",), ("none",)))
    summary = summarise(rows)
    found = json.loads(recovery_as_json(districts(), summary, refusals(rows)))["summary"][0]
    assert found["coverage"] is None
    assert found["power"] is None
    assert found["bias"] == summary.loc[0, "bias"]
