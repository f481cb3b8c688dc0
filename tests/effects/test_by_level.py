"""The estimators of a level, and the design that each of them takes."""

import dataclasses

import pytest

from analysis.effects.by_level import (
    choose_estimators,
    design_to_check,
    designs_for,
    estimate_each,
)
from analysis.effects.design import design_for
from analysis.effects.registry import ESTIMATORS
from analysis.errors import DesignError
from analysis.study.load import list_studies, load_study
from analysis.workspace import find_workspace

STUDIES = find_workspace().studies


@pytest.fixture
def street():
    study = load_study("beijing", STUDIES)
    return study, study.get_level("street")


@pytest.mark.parametrize("name", list_studies(STUDIES))
def test_every_estimator_of_a_study_is_known_and_fits_an_outcome(name):
    """Would catch a name in a study file that only a run of the notebook would find wrong."""
    study = load_study(name, STUDIES)
    for level in study.level:
        used = set()
        for outcome in level.outcomes:
            design = design_for(study, level, outcome)
            used |= set(choose_estimators("level", level, design))
            assert design_to_check("main", study, level, outcome)[0] == level.main
        assert used == set(level.estimators)
        assert set(study.recovery.estimators if study.recovery else ()) <= {
            estimator.name for estimator in ESTIMATORS
        }


def test_what_does_not_fit_the_outcome_is_left_out(street):
    study, level = street
    counts = choose_estimators("level", level, design_for(study, level, "complaints"))
    rates = choose_estimators("level", level, design_for(study, level, "satisfaction_rate"))
    assert "poisson" in counts
    assert "poisson" not in rates
    assert "etwfe_logit" in rates


def test_named_estimators_need_not_be_the_levels(street):
    study, level = street
    design = design_for(study, level, "complaints")
    assert choose_estimators("imputation, synthetic_did", level, design) == (
        "imputation",
        "synthetic_did",
    )
    assert design_to_check("imputation", study, level, "complaints") == ("imputation", design)


def test_checks_start_from_the_design_of_the_levels_own_estimator():
    """Catches checks of another design than the one that the level's estimates have."""
    study = load_study("boston", STUDIES)
    for level in study.level:
        for outcome in level.robustness:
            name, design = design_to_check("main", study, level, outcome)
            assert {name: design} == designs_for(study, level, outcome, [level.main])


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("imputaton", "did you mean 'imputation'"),
        ("poisson", "it cannot take 'satisfaction_rate'"),
        ("dose_lags", "estimators that can: "),
        (" , ", "no estimator is named"),
    ],
)
def test_a_named_estimator_that_cannot_be_used_is_refused(street, wanted, message):
    """Would catch a reviewer's choice that is silently replaced by nothing."""
    study, level = street
    with pytest.raises(DesignError, match=message):
        choose_estimators(wanted, level, design_for(study, level, "satisfaction_rate"))


def test_estimators_share_the_design_of_the_study_file(street):
    study, level = street
    shared = design_for(study, level, "complaints")
    designs = designs_for(study, level, "complaints", ["twfe", "etwfe", "imputation"])
    assert designs["twfe"] == designs["imputation"] == shared
    units = dataclasses.replace(shared, fixed_effects=(("unit",), ("period",)))
    assert designs["etwfe"] == units


def test_distributed_lags_take_the_dose_of_one_month():
    """Would catch lags of a mean over months, which cannot tell the months apart."""
    study = load_study("boston", STUDIES)
    level = study.get_level("animals_2013_2019")
    designs = designs_for(study, level, "complaints", ["twfe", "dose_lags", "dose_lags_poisson"])
    assert designs["twfe"].treatment_column == "dose"
    assert designs["dose_lags"] == designs["dose_lags_poisson"]
    lagged = designs["dose_lags"]
    assert lagged.treatment_column == "dose_last_month"
    assert (lagged.lags, lagged.leads) == (level.lags, level.leads)
    coverage = load_study("beijing", STUDIES)
    district = coverage.get_level("district")
    [design] = designs_for(coverage, district, "complaints", ["dose_lags"]).values()
    assert design.treatment_column == "coverage"


def test_an_estimator_that_the_panel_cannot_carry_is_noted(street, make_panel, rate_design):
    """Catches one estimator without an answer that takes the others with it, or that is hidden."""
    study, level = street
    panel = make_panel(1)
    panel["satisfaction_rate"] += 1.0
    designs = {"callaway_santanna": rate_design, "fractional_logit": rate_design}
    results, refusals = estimate_each(panel, designs, study, level)
    assert list(results) == ["callaway_santanna"]
    [refusal] = refusals.noted
    assert refusal.what == "Fractional logit"
    assert "values lie below 0 or above 1" in refusal.reason


def test_without_the_main_estimator_the_study_file_is_named(street, make_panel, rate_design):
    """Catches a notebook without the estimate that all its checks would start from."""
    study, level = street
    assert level.main == "callaway_santanna"
    constant = make_panel(1).assign(satisfaction_rate=0.5)
    for names in (["callaway_santanna", "twfe"], ["twfe"]):
        designs = dict.fromkeys(names, rate_design)
        with pytest.raises(DesignError) as caught:
            estimate_each(constant, designs, study, level)
        told = str(caught.value)
        assert "it has the same value in every row that is left" in told
        assert "take 'satisfaction_rate' out of 'outcomes'" in told
        assert "level 'street' in notebooks/studies/beijing.toml" in told


def test_another_main_estimator_is_proposed_if_there_is_one(street, make_panel, rate_design):
    study, level = street
    panel = make_panel(1)
    panel["satisfaction_rate"] += 1.0
    level = dataclasses.replace(level, main_estimator="fractional_logit")
    designs = {"twfe": rate_design, "fractional_logit": rate_design}
    with pytest.raises(DesignError, match="let 'main_estimator' be one that can: 'twfe'"):
        estimate_each(panel, designs, study, level)
