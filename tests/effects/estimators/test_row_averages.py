"""The averages over rows: which rows, which weights, which labels."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimators.row_averages import average_rows
from analysis.effects.sample import draw_sample

DESIGN = Design("y", "share", "adoption", "adoption", cluster="unit", weights="weight")


@pytest.fixture
def panel():
    draw = np.random.default_rng(0)
    rows = [(u, t, g) for u, g in enumerate([2, 2, 4, None]) for t in range(6)]
    panel = pd.DataFrame(rows, columns=["unit", "period", "adoption"])
    return panel.assign(y=draw.normal(size=24), weight=draw.uniform(1, 9, 24))


def values(panel, design, *, before=False):
    sample = draw_sample(panel, design, "level")
    averages = average_rows(sample, design, before=before)
    return averages.targets.assign(value=averages.mix.T @ (averages.loads.T @ sample.outcome))


def mean(rows):
    return np.average(rows["y"], weights=rows["weight"])


def test_each_kind_is_a_weighted_mean_of_its_rows(panel):
    found = values(panel, DESIGN)
    treated = panel[panel["period"] >= panel["adoption"]]
    by_kind = {
        "cohort": treated.groupby("adoption").apply(mean),
        "calendar": treated.groupby("period").apply(mean),
        "event_time": treated.groupby(treated["period"] - treated["adoption"]).apply(mean),
        "group_time": treated.groupby(["adoption", "period"]).apply(mean),
    }
    for kind, expected in by_kind.items():
        rows = found[found["kind"] == kind]
        assert rows["value"].tolist() == pytest.approx(expected.tolist())
    overall = found[found["kind"] == "overall"].set_index("averaging")["value"]
    per_period = treated.groupby("adoption")["weight"].sum() / [4, 2]
    assert overall["cells"] == pytest.approx(mean(treated))
    assert overall["event_time"] == pytest.approx(by_kind["event_time"].mean())
    assert overall["calendar"] == pytest.approx(by_kind["calendar"].mean())
    expected = np.average(by_kind["cohort"], weights=per_period)
    assert overall["cohort"] == pytest.approx(expected)


def test_window_limits_event_times_only(panel):
    design = dataclasses.replace(DESIGN, event_window=(-3, 1))
    found = values(panel, design, before=True)
    times = found.loc[found["kind"] == "event_time", "event_time"]
    assert times.tolist() == [-3, -2, 0, 1]
    everything = values(panel, DESIGN)
    cells = found["averaging"] == "cells"
    assert found.loc[cells, "value"].item() == everything["value"][0]


def test_anticipation_enters_event_times_and_pairs_only(panel):
    found = values(panel, dataclasses.replace(DESIGN, anticipation=1), before=True)
    times = found.loc[found["kind"] == "event_time", "event_time"]
    assert times.tolist() == [-4, -3, -1, 0, 1, 2, 3]
    assert found.loc[found["kind"] == "group_time", "event_time"].min() == -1
    assert found.loc[found["kind"] == "calendar", "period"].tolist() == [2, 3, 4, 5]


def test_window_that_ends_before_adoption_has_no_mean_of_event_times(panel):
    found = values(panel, dataclasses.replace(DESIGN, event_window=(-3, -1)))
    names = found.loc[found["kind"] == "overall", "averaging"].tolist()
    assert names == ["cells", "cohort", "calendar"]


def test_weights_of_cohorts(panel):
    sample = draw_sample(panel, DESIGN, "level")
    averages = average_rows(sample, DESIGN, before=True)
    treated = panel[panel["period"] >= panel["adoption"]]
    shares = treated.groupby("adoption")["weight"].sum() / treated["weight"].sum()
    assert averages.cohort_weights(sample, "cells").to_dict() == pytest.approx(shares.to_dict())
    assert averages.cohort_weights(sample, "calendar").sum() == pytest.approx(1)
