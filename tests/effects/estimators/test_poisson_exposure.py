"""Poisson with exposure and controls; zeros that are separated, and said to be."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimate import estimate
from analysis.errors import DesignError

# The library's steps end at 1e-12.
SAME = 1e-9


@pytest.mark.parametrize("exposure", [None, "population"])
def test_castle_counts(shared_reference, exposure):
    """R's fixest 0.14.2, fepois with and without offset = log(population)."""
    data = pd.read_csv(shared_reference / "castle.csv").replace({"g": {0: np.nan}})
    held = json.loads((shared_reference / "castle.json").read_text(encoding="utf-8"))
    expected = held["castle"]["fepois"][
        "homc~post | sid+year" + (" offset=log(population)" if exposure else "")
    ]
    design = Design(
        "homicide_c",
        "count",
        "adoption",
        "g",
        cluster="sid",
        unit=("sid",),
        period="year",
        exposure=exposure,
    )
    overall = estimate(data, design, "poisson", "CR1").overall
    errors = expected["se"]["cluster_sid_default_ssc(K.adj=T,K.fixef=nonnested,G.adj=T)"]
    assert overall.value == pytest.approx(expected["estimate"]["post"], rel=SAME)
    assert overall.standard_error == pytest.approx(errors["post"], rel=SAME)


def test_exposure_is_not_an_effect(make_panel, count_design):
    """Twice the people, twice the complaints: nothing changes. Catches a wrong sign or a slope."""
    panel = make_panel(3)
    draw = np.random.default_rng(2).uniform(1, 9, len(panel))
    panel["people"] = 1.0
    scaled = panel.assign(people=draw, complaints=panel["complaints"].astype(float) * draw)
    design = dataclasses.replace(count_design, exposure="people")
    first = estimate(panel, design, "poisson", "CR1").overall.value
    without = estimate(panel, count_design, "poisson", "CR1").overall.value
    assert first == pytest.approx(without, rel=1e-9)
    second = estimate(scaled, design, "poisson", "CR1").overall
    assert abs(second.value - first) < 3 * second.standard_error
    logs = estimate(scaled, design, "twfe", "CR1").overall.value
    plain = estimate(panel[panel["complaints"] > 0], count_design, "twfe", "CR1").overall.value
    assert logs == pytest.approx(plain, rel=1e-9)


def test_a_control_takes_its_share(make_panel, count_design):
    panel = make_panel(3, units=120)
    treated = panel["period"] >= panel["adoption_period"]
    panel["rain"] = np.random.default_rng(2).normal(size=len(panel)) + 0.5 * treated
    panel["complaints"] = np.random.default_rng(4).poisson(
        panel["complaints"].astype(float) * np.exp(0.4 * panel["rain"])
    )
    design = dataclasses.replace(count_design, controls=("rain",))
    overall = estimate(panel, design, "poisson", "CR1").overall
    assert abs(overall.value + 0.2) < 3 * overall.standard_error < 0.15


def test_a_control_that_only_goes_with_zeros_is_refused(make_panel, count_design):
    """Catches an error of the library's own, or a coefficient that runs off to minus infinity."""
    panel = make_panel(3)
    closed = panel["unit"].isin(["street 004", "street 011"]) & (panel["period"] == "2020-07")
    panel["closed"] = closed.astype(float)
    panel.loc[closed, "complaints"] = 0
    design = dataclasses.replace(count_design, controls=("closed",))
    with pytest.raises(DesignError, match="closed: only zeros go with it"):
        estimate(panel, design, "poisson", "CR1")


def test_separated_rows_are_dropped_and_counted(make_panel, count_design):
    """Zeros that fixed effects predict for sure hold no information; catches a silent drop."""
    panel = make_panel(3, units=30, periods=12).assign(
        half=lambda frame: frame["period"] > "2020-06"
    )
    empty = (panel["unit"] == "street 004") & panel["half"]
    panel.loc[empty, "complaints"] = 0
    design = dataclasses.replace(count_design, absorb=(("unit", "half"),))
    result = estimate(panel, design, "poisson", "CR1")
    expected = estimate(panel[~empty], design, "poisson", "CR1")
    assert result.overall.value == pytest.approx(expected.overall.value, rel=1e-9)
    assert result.observations == len(panel) - empty.sum()
    [(reason, count)] = result.dropped.items()
    assert "only zeros" in reason
    assert count == empty.sum()
