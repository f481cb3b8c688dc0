"""The choices of a level: each option is one that its design and its panel can take."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.effects.by_level import design_to_check
from analysis.effects.sensitivity.sensible_choices import sensible_choices
from analysis.effects.sensitivity.specification_curve import specification_curve
from analysis.study.levels import Dose
from analysis.study.load import load_study
from analysis.workspace import find_workspace


@pytest.fixture
def level():
    """A level of streets with an adoption table, of which each test changes what it is about."""
    studies = find_workspace(Path(__file__).parent).studies
    return load_study("beijing", studies).get_level("street")


def test_adoption_is_compared_anticipated_and_estimated_otherwise(make_panel, rate_design, level):
    panel, choices = sensible_choices(make_panel(3), rate_design, level, "twfe")
    assert {choice: list(options) for choice, options in choices.items()} == {
        "Estimator": ["Two-way fixed effects", "Imputation"],
        "Compared with": ["not yet adopted", "never adopted"],
        "Anticipation": ["none", "3 months"],
        "Weights": ["by denominator", "none"],
        **({"Months": ["all", "without the exceptional"]} if level.exceptional_months else {}),
    }
    assert len(panel) == len(make_panel(3))


def test_an_estimator_is_not_its_own_alternative(make_panel, count_design, level):
    _, choices = sensible_choices(make_panel(3), count_design, level, "imputation")
    assert list(choices["Estimator"].values()) == [{}]
    assert "Weights" not in choices


def test_exceptional_months_and_the_doses_that_count_them_are_left_out(make_panel, level):
    """Catches rows whose dose still counts an exceptional month, and a dose of too many months."""
    panel = make_panel(3, units=9, periods=24)
    found = np.random.default_rng(4).poisson(5, len(panel))
    panel["proactive_cases"] = pd.array(found, "Int64")
    dose = Dose(column="proactive_cases", months_before=3, transform="log1p")
    changed = dataclasses.replace(
        level, treatment="dose", dose=dose, exceptional_months=("2020-05",), unit=("unit",)
    )
    study = load_study("beijing", find_workspace(Path(__file__).parent).studies)
    name, design = design_to_check("twfe", study, changed, "complaints")
    varied, choices = sensible_choices(panel, design, changed, name)
    assert list(choices["Estimator"]) == ["Two-way fixed effects", "Unit trends", "Poisson"]
    assert list(choices["Months in the dose"]) == ["1", "3", "6"]
    left_out = varied.loc[~varied["ordinary"], "period"].astype("str").unique()
    assert sorted(left_out) == ["2020-05", "2020-06", "2020-07", "2020-08"]
    known = varied.groupby("unit")[["dose_1", "dose_3", "dose_6"]].count()
    assert known.iloc[0].tolist() == [23, 21, 18]
    options = {"Months in the dose": choices["Months in the dose"], "Months": choices["Months"]}
    design = dataclasses.replace(design, cluster="unit")
    curve = specification_curve(varied, design, options, estimator="twfe", inference="CR1")
    assert len(curve.estimates) + len(curve.left_out) == 6
