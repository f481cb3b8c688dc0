"""A design says what the study file asks for, and nothing that makes no sense."""

from pathlib import Path

import pytest

from analysis.effects.design import Design, design_for
from analysis.errors import DesignError
from analysis.study.load import load_study

STUDIES = Path(__file__).parents[2] / "notebooks" / "studies"


@pytest.fixture(scope="module")
def studies():
    return {name: load_study(name, STUDIES) for name in ("beijing", "boston")}


def test_rates_are_weighted_by_their_denominator_and_counts_are_not(studies):
    """Catches ten call-backs that count as much as a thousand."""
    street = studies["beijing"].get_level("street")
    weights = {
        outcome: design_for(studies["beijing"], street, outcome).weights
        for outcome in ("complaints", "satisfaction_rate")
    }
    assert weights == {"complaints": None, "satisfaction_rate": "satisfaction_rate_weight"}


@pytest.mark.parametrize(
    ("study", "level", "treatment", "column"),
    [
        ("beijing", "street", "adoption", "adoption_period"),
        ("beijing", "district", "dose", "coverage"),
        ("boston", "all_types_2015", "dose", "dose"),
    ],
)
def test_each_treatment_is_read_from_its_column(studies, study, level, treatment, column):
    """Catches coverage taken for a dose of cases, or a dose for an adoption."""
    design = design_for(studies[study], studies[study].get_level(level), "complaints")
    assert (design.treatment, design.treatment_column) == (treatment, column)


def test_what_the_level_says_is_in_the_design(studies):
    """Catches a key of the study file that is read and then forgotten."""
    boston, beijing = studies["boston"], studies["beijing"]
    dose = design_for(boston, boston.get_level("all_types_2015"), "complaints")
    assert dose.unit == ("unit", "category")
    assert dose.cluster == "unit"
    assert dose.absorb == (("category", "period"),)
    assert dose.seed == boston.bootstrap_seed
    street = beijing.get_level("street")
    assert design_for(beijing, street, "complaints").event_window == street.event_window


def test_a_window_without_its_reference_is_refused():
    with pytest.raises(DesignError, match=r"begin before -1") as caught:
        Design("complaints", "count", "adoption", "g", "unit", unit=(), event_window=(-1, 5))
    assert "no column is named" in str(caught.value)


def test_a_scale_a_treatment_or_a_unit_that_is_none_is_refused():
    """Catches a design that no estimator takes, or a unit read as its letters."""
    with pytest.raises(DesignError) as caught:
        Design("complaints", "counts", "adopted", "g", "unit", unit="unit")  # type: ignore[arg-type]
    message = str(caught.value)
    assert "scale: there is no scale 'counts'\n    Hint: did you mean 'count'?" in message
    assert (
        "treatment: there is no treatment 'adopted'\n    Hint: did you mean 'adoption'?" in message
    )
    assert "write unit=('unit',)" in message
