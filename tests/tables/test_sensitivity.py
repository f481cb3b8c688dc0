"""Sensitivity analyses are written in the unit a reader expects."""

import math

import pandas as pd

from analysis.effects.design import Design
from analysis.effects.sensitivity.bacon import Bacon
from analysis.effects.sensitivity.honest import HonestSensitivity
from analysis.effects.sensitivity.joint_specifications import JointSpecifications
from analysis.effects.sensitivity.minimal_effect import minimal_effects
from analysis.tables.sensitivity import (
    bacon_table,
    bounds_table,
    joint_specifications_table,
    minimal_effects_table,
    outcomes_table,
)


def test_comparisons_are_named_and_add_up():
    design = Design("satisfaction_rate", "share", "adoption", "adoption_period", cluster="unit")
    comparisons = pd.DataFrame(
        {
            "type": ["treated_vs_never", "treated_vs_never", "later_vs_earlier"],
            "treated": [1.0, 2.0, 2.0],
            "control": [math.nan, math.nan, 1.0],
            "weight": [0.3, 0.5, 0.2],
            "estimate": [0.04, 0.02, -0.01],
        }
    )
    table = bacon_table(Bacon(0.02, comparisons, design, "none", {}))
    assert table["Weight"].tolist() == ["0.80", "0.20", "1.00"]
    assert table["Estimate"].tolist() == ["2.75", "−1.00", "2.00"]


def sensitivity(restriction: str, parameter: float) -> HonestSensitivity:
    bounds = pd.DataFrame(
        {"parameter": [parameter], "lower": [-0.01], "upper": [math.inf], "contains_zero": [True]}
    )
    return HonestSensitivity(restriction, "C-LF", 0.95, "mean", 0.1, 0.0, 0.2, bounds, 1.0)


def test_bounds_of_a_slope_have_the_unit_of_the_effect_and_multiples_have_none():
    [row] = bounds_table(sensitivity("smoothness", 0.002), "share").to_dict("records")
    assert row == {"Violation": "0.2", "95% interval": "−1.00 to ∞", "Holds zero": "yes"}
    [row] = bounds_table(sensitivity("relative_magnitudes", 0.5), "share").to_dict("records")
    assert row["Violation"] == "0.5"


def test_joint_tests_say_what_was_found_and_how_often_by_chance():
    joint = JointSpecifications(12, -0.12, 0.025, 0.5, 0.05, -6.66, 0.0004, "dealt out")
    table = joint_specifications_table(joint, "count")
    assert table["Value"].tolist() == ["−0.120", "50%", "−6.7"]
    assert table["p"].tolist() == ["0.025", "0.050", "< 0.001"]


def test_minimal_effects_are_in_the_unit_of_the_scale():
    [row] = minimal_effects_table(minimal_effects(0.01, powers=[0.8]), "share").to_dict("records")
    assert row == {"Power": "80%", "Standard errors": "2.80", "Smallest effect": "2.80"}


def test_each_outcome_has_its_own_unit():
    outcomes = pd.DataFrame(
        {
            "outcome": ["complaints", "satisfaction_rate"],
            "scale": ["count", "share"],
            "value": [-0.1, 0.02],
            "standard_error": [0.01, math.nan],
            "lower": [-0.12, 0.01],
            "upper": [-0.08, 0.03],
            "p_value": [0.0001, 0.02],
            "adjusted": [0.001, 0.03],
        }
    )
    table = outcomes_table(outcomes)
    assert table["Outcome"].tolist() == ["Complaints", "Satisfaction rate"]
    assert table["Estimate"].tolist() == ["−0.100", "2.00"]
    assert table["Std. error"].tolist() == ["0.010", "—"]
    assert table["p adjusted"].tolist() == ["0.001", "0.030"]
