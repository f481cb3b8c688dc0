"""Effects by cohort and period on panels: agreement with R's did, invariance, notes and errors."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.effects.design import Design
from analysis.effects.estimators.callaway_santanna import estimate_callaway_santanna
from analysis.effects.group_time.pretest import pretest
from analysis.effects.inference.fit import cluster_sums
from analysis.errors import DesignError

REFERENCE = Path(__file__).parents[1] / "reference"

# The logit of R's did stops at 1e-8, which leaves its effects good to a few 1e-9.
SAME = 1e-8
EXACT = 1e-9

COLUMNS = {
    "castle": ("sid", "year", "g"),
    "mpdta": ("countyreal", "year", "first.treat"),
    "sim3_anticipation_dose": ("unit", "t", "g"),
}
WORDS = {
    "nevertreated": "never",
    "notyettreated": "notyet",
    "dr": "doubly_robust",
    "reg": "regression",
    "ipw": "weighting",
}


def read(folder, name):
    adoption = COLUMNS[name][2]
    data = pd.read_csv(folder / f"{name}.csv")
    return data.assign(**{adoption: data[adoption].replace(0, np.nan)})


def design_of(name, setting):
    """Turn the words of a reference value's key into a design."""
    said = dict(part.split("=", 1) for part in setting.split(" "))
    unit, period, adoption = COLUMNS[name]
    return Design(
        said["y"],
        "share",
        "adoption",
        adoption,
        cluster=said.get("clustervars", unit),
        unit=(unit,),
        period=period,
        weights=said.get("weightsname"),
        controls=() if said["x"] == "~1" else (said["x"].removeprefix("~"),),
        anticipation=int(said["anticipation"]),
        comparison=WORDS[said["control"]],
        base=said["base"],
        adjustment=WORDS[said["est"]],
    )


def tidy(effects):
    """Give each target the standard error that R's did computes, without small-sample factor."""
    sums = cluster_sums(effects.evidence.contributions, effects.evidence.clusters)
    return effects.targets.assign(se=np.sqrt((sums**2).sum(axis=0)))


def assert_agrees(effects, expected, same):
    frame = tidy(effects)

    def compare(found, estimates, errors):
        np.testing.assert_allclose(found["value"], estimates, rtol=same, atol=1e-14)
        errors = np.array([np.nan if one is None else one for one in errors], dtype="float64")
        known = ~np.isnan(errors)
        np.testing.assert_allclose(found["se"][known], errors[known], rtol=same)
        assert (found["se"][~known] < 1e-7).all()

    cells = frame[frame["kind"] == "group_time"]
    assert cells["cohort"].tolist() == expected["group"]
    assert cells["period"].tolist() == expected["t"]
    compare(cells, expected["att"], expected["se"])
    names = {"cells": "simple", "event_time": "dynamic", "cohort": "group", "calendar": "calendar"}
    for kind, name in names.items():
        average = expected[f"aggte_{name}"]
        overall = frame[frame["averaging"] == kind]
        compare(overall, [average["overall_att"]], [average["overall_se"]])
        if kind != "cells":
            parts = frame[frame["kind"] == kind]
            key = parts["period" if kind == "calendar" else kind]
            assert key.tolist() == np.atleast_1d(average["egt"]).tolist()
            compare(parts, np.atleast_1d(average["att"]), np.atleast_1d(average["se"]))
    if expected["wald_pretest_stat"]:
        statistic = pretest(effects).statistic
        assert statistic == pytest.approx(expected["wald_pretest_stat"], rel=same)
    else:
        assert np.isnan(pretest(effects).statistic)


COMMITTED = json.loads((REFERENCE / "group_time.json").read_text(encoding="utf-8"))
SETTINGS = [
    (name, setting) for name in ("castle", "sim3_anticipation_dose") for setting in COMMITTED[name]
]


@pytest.mark.parametrize(("name", "setting"), SETTINGS)
def test_agrees_with_r_did(name, setting):
    """Every effect, average and error is that of did 2.5.1."""
    effects = estimate_callaway_santanna(read(REFERENCE, name), design_of(name, setting))
    assert_agrees(effects, COMMITTED[name][setting], EXACT)


@pytest.mark.parametrize("name", COLUMNS)
def test_agrees_with_r_did_in_all_settings(shared_reference, name):
    values = json.loads((shared_reference / f"{name}.json").read_text(encoding="utf-8"))
    (values,) = [part for key, part in values.items() if key != "_meta"]
    panel = read(shared_reference, name)
    for setting, expected in values["did_att_gt"].items():
        if "panel=FALSE" not in setting:
            effects = estimate_callaway_santanna(panel, design_of(name, setting))
            assert_agrees(effects, expected, SAME)


@pytest.fixture
def design(rate_design):
    return dataclasses.replace(rate_design, cluster="district", controls=("size",))


@pytest.fixture
def panel(make_panel):
    frame = make_panel(units=36, periods=9)
    codes = frame["unit"].astype("category").cat.codes
    return frame.assign(size=np.sin(codes.to_numpy()))


def assert_same(found, expected, *, by_unit=None):
    pd.testing.assert_frame_equal(
        found.targets.drop(columns="value"), expected.targets.drop(columns="value")
    )
    np.testing.assert_allclose(found.targets["value"], expected.targets["value"], atol=1e-10)
    np.testing.assert_allclose(tidy(found)["se"], tidy(expected)["se"], rtol=1e-6, atol=1e-10)


# The fixture hands out a function without state, so it need not be made anew for each example.
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 1000))
def test_row_order_and_names_do_not_matter(make_panel, seed):
    frame = make_panel(units=30, periods=7, districts=10)
    plan = Design("complaints", "count", "adoption", "adoption_period", cluster="district")
    random = np.random.default_rng(seed)
    names = random.permutation(frame["unit"].unique())
    renamed = frame["unit"].map(dict(zip(frame["unit"].unique(), names, strict=True)))
    mixed = frame.assign(unit=renamed).sample(frac=1, random_state=seed)
    assert_same(estimate_callaway_santanna(mixed, plan), estimate_callaway_santanna(frame, plan))


def test_time_shift_moves_periods_and_nothing_else(panel, design):
    later = panel.assign(
        period=panel["period"] + 5,
        adoption_period=panel["adoption_period"] + 5,
    )
    found = estimate_callaway_santanna(later, design)
    expected = estimate_callaway_santanna(panel, design)
    np.testing.assert_allclose(found.targets["value"], expected.targets["value"], rtol=1e-12)
    np.testing.assert_allclose(found.targets["period"], expected.targets["period"] + 5)
    np.testing.assert_allclose(found.targets["event_time"], expected.targets["event_time"])


def test_scaling_the_outcome_scales_the_effects(panel, design):
    expected = tidy(estimate_callaway_santanna(panel, design))
    shrunk = panel.assign(satisfaction_rate=panel["satisfaction_rate"] / 4)
    found = tidy(estimate_callaway_santanna(shrunk, design))
    np.testing.assert_allclose(4 * found[["value", "se"]], expected[["value", "se"]], atol=1e-10)


def test_scaling_the_weights_changes_nothing(panel, design):
    heavier = panel.assign(satisfaction_rate_weight=10 * panel["satisfaction_rate_weight"])
    assert_same(
        estimate_callaway_santanna(heavier, design), estimate_callaway_santanna(panel, design)
    )


def test_two_half_units_are_one(panel, design):
    """Catches weights that count as more information than they are."""
    halved = panel.assign(satisfaction_rate_weight=panel["satisfaction_rate_weight"] / 2)
    twins = pd.concat([halved, halved.assign(unit=halved["unit"] + " twin")])
    assert_same(
        estimate_callaway_santanna(twins, design), estimate_callaway_santanna(panel, design)
    )


def test_a_constant_never_treated_unit_dilutes_the_comparison(make_panel, rate_design):
    """With n units compared with before, the mean of their changes is divided by (n + 1) / n."""
    plain = dataclasses.replace(rate_design, weights=None, comparison="never")
    frame = make_panel(units=30, periods=6)
    constant = frame[frame["unit"] == "street 002"].assign(unit="new", satisfaction_rate=0.5)
    assert constant["adoption_period"].isna().all()
    before = estimate_callaway_santanna(frame, plain).targets
    after = estimate_callaway_santanna(pd.concat([frame, constant]), plain).targets
    cells = before["kind"] == "group_time"
    levels = frame.pivot(index="unit", columns="period", values="satisfaction_rate")
    never = frame.loc[frame["adoption_period"].isna(), "unit"].unique()
    ordinals = [one.ordinal for one in levels.columns]
    mean = dict(zip(ordinals, levels.loc[never].mean(), strict=True))
    for row in np.flatnonzero(cells):
        cohort, period = before.loc[row, ["cohort", "period"]]
        drift = mean[int(period)] - mean[int(cohort) - 1]
        gap = after.loc[row, "value"] - before.loc[row, "value"]
        assert gap == pytest.approx(drift / (len(never) + 1), abs=1e-12)


def test_known_truth(make_panel, count_design):
    """Effects that grow with time under the programme, in log points."""
    frame = make_panel(units=600, periods=12, effect=-0.2, growth=-0.05, overdispersion=0.001)
    found = tidy(estimate_callaway_santanna(frame, count_design)).set_index("event_time")
    parts = found[found["kind"] == "event_time"]
    truth = np.where(parts.index >= 0, -0.2 - 0.05 * parts.index, 0.0)
    assert (np.abs(parts["value"] - truth) <= 4 * parts["se"]).all()
    assert parts.loc[-1, ["value", "se"]].tolist() == [0, 0]


def test_cohort_weights_are_those_of_the_overall_effect(panel, design):
    found = estimate_callaway_santanna(panel, dataclasses.replace(design, estimand="cohort"))
    frame = found.targets
    cohorts = frame[frame["kind"] == "cohort"].set_index("cohort")["value"]
    assert found.cohort_weights.sum() == pytest.approx(1)
    overall = frame.loc[frame["averaging"] == "cohort", "value"].item()
    assert (found.cohort_weights * cohorts).sum() == pytest.approx(overall)


def test_notes_name_what_a_reader_must_know(make_panel, rate_design):
    frame = make_panel(units=31, periods=9)
    lonely = frame["unit"] == "street 001"
    months = frame["period"].unique()
    frame.loc[lonely, "adoption_period"] = months[4]
    frame = frame[~(lonely & (frame["period"] == months[7]))]
    notes = " | ".join(
        estimate_callaway_santanna(
            frame, dataclasses.replace(rate_design, absorb=(("district", "period"),))
        ).notes
    )
    assert "cohort 2020-05 has no effect in 2020-08: no unit of the cohort" in notes
    assert "cohorts of a single unit: 2020-05" in notes
    assert "weights change over time" in notes
    assert "not observed in all periods" in notes
    assert "district x period" in notes


def test_without_any_treated_cell_the_reasons_are_given(make_panel, count_design):
    frame = make_panel(units=30, periods=6)
    frame = frame[frame["adoption_period"].notna()]
    first = frame["adoption_period"].min()
    only = frame[frame["adoption_period"] == first]
    with pytest.raises(DesignError, match="serves only for comparison"):
        estimate_callaway_santanna(only, count_design)


def test_a_table_too_large_keeps_its_averages(make_panel, count_design, monkeypatch):
    frame = make_panel(units=30, periods=6)
    whole = estimate_callaway_santanna(frame, count_design)
    monkeypatch.setattr("analysis.effects.estimators.callaway_santanna.LARGEST_TABLE", 10)
    found = estimate_callaway_santanna(frame, count_design)
    kept = (whole.targets["kind"] != "group_time").to_numpy()
    pd.testing.assert_frame_equal(found.targets, whole.targets[kept])
    np.testing.assert_array_equal(
        found.evidence.contributions, whole.evidence.contributions[:, kept]
    )
    assert any("too many" in note for note in found.notes)
