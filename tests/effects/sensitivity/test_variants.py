"""Other samples, designs and estimators are put below each other, and show what decides."""

import dataclasses

import pandas as pd
import pytest

from analysis.effects.estimate import estimate
from analysis.effects.refusals import Refusals
from analysis.effects.sensitivity.placebos import placebo_adoption
from analysis.effects.sensitivity.variants import (
    across_designs,
    across_estimators,
    across_inferences,
    across_panels,
    leave_one_out,
    stack_checks,
    without_months,
)
from analysis.errors import DesignError

PARTS = ["label", "group", "value", "standard_error", "lower", "upper", "p_value"]


def test_every_check_returns_the_same_columns(make_panel, count_design):
    panel = make_panel(1)
    other = dataclasses.replace(count_design, cluster="district")
    frames = [
        across_estimators(panel, count_design, ["twfe", "poisson"]),
        across_designs(panel, {"by district": other}, "twfe", group="Clusters"),
        across_panels({"2020": panel}, count_design, "twfe", group="Months"),
        leave_one_out(panel, count_design, "twfe", "district"),
        placebo_adoption(panel, count_design, "twfe", 3),
    ]
    table = pd.concat(frames, ignore_index=True)
    assert set(table.columns) == {*PARTS, "observations", "clusters", "draws", "flow"}
    assert table.notna().all().all()


def test_methods_that_need_other_evidence_are_left_out(make_panel, rate_design):
    """Catches an estimate that changes with its inference, too."""
    methods = {"clustered": "CR1", "bias-reduced": "CR2", "multiplier": "multiplier"}
    panel = make_panel(1)
    regression = across_inferences(panel, rate_design, "twfe", methods)
    influence = across_inferences(panel, rate_design, "imputation", methods)
    assert regression["label"].tolist() == ["clustered", "bias-reduced"]
    assert influence["label"].tolist() == ["clustered", "multiplier"]
    assert regression["value"].nunique() == influence["value"].nunique() == 1
    assert regression["standard_error"].nunique() == 2
    assert regression.iloc[0]["value"] == estimate(panel, rate_design, "twfe").overall.value


def test_leaving_one_out_finds_the_district_that_decides(make_panel, rate_design):
    panel = make_panel(2, effect=0.0)
    lucky = (panel["district"] == "district 03") & (panel["period"] >= panel["adoption_period"])
    panel["satisfaction_rate"] += 0.4 * lucky
    frame = leave_one_out(panel, rate_design, "twfe", "district").set_index("label")
    assert len(frame) == 12
    assert frame["value"].idxmin() == "without district 03"
    assert abs(frame.loc["without district 03", "value"]) < 0.02


def test_leaving_out_by_an_unknown_column_is_refused(make_panel, rate_design):
    with pytest.raises(DesignError, match="column 'borough' is missing"):
        leave_one_out(make_panel(2), rate_design, "twfe", "borough")


def test_months_out_of_the_ordinary_go_with_the_months_whose_dose_counts_them():
    panel = pd.DataFrame({"period": pd.period_range("2015-01", "2015-06", freq="M")})

    def left(reach):
        return without_months(panel, ["2015-02"], reach)["period"].dt.month.tolist()

    assert left(0) == [1, 3, 4, 5, 6]
    assert left(2) == [1, 5, 6]


def test_a_variant_that_cannot_be_estimated_is_noted_and_the_others_stay(make_panel, count_design):
    """Catches a small panel on which one variant takes all others with it."""
    panel, refusals = make_panel(1), Refusals()
    nobody = panel[panel["adoption_period"].isna()]
    panels = {"all": panel, "untreated": nobody}
    found = across_panels(panels, count_design, "twfe", group="Rows", refusals=refusals)
    assert found["label"].tolist() == ["all"]
    assert [one.what for one in refusals.noted] == ["Rows: untreated"]
    with pytest.raises(DesignError, match="the treatment is 0 in every row"):
        across_panels(panels, count_design, "twfe", group="Rows")


def test_frames_without_a_check_leave_the_types_of_the_others(make_panel, count_design):
    """Catches numbers that become objects, which figures cannot draw."""
    panel, refusals = make_panel(1), Refusals()
    nobody = panel[panel["adoption_period"].isna()]
    none = leave_one_out(nobody, count_design, "twfe", "district", refusals=refusals)
    one = across_estimators(panel, count_design, ["twfe"])
    assert len(none) == 0
    assert len(refusals.noted) == nobody["district"].nunique()
    pd.testing.assert_frame_equal(stack_checks([none, one, none]), one)
    assert list(stack_checks([none]).columns) == list(one.columns)
