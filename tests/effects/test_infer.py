"""The glue between estimators and inference: names, averages, bands, months, refusals."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.estimate import estimate
from analysis.effects.evidence import Influence, Own, Regression
from analysis.effects.inference.registry import METHODS
from analysis.effects.inference.uncertainty import Choices
from analysis.errors import DesignError, ParameterError

# One estimator for each kind of evidence.
EVIDENCE = {"twfe_event_study": Regression, "callaway_santanna": Influence, "synthetic_did": Own}


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
@pytest.mark.parametrize("estimator", EVIDENCE)
def test_every_method_gives_numbers_for_every_target_or_refuses(
    make_panel, count_design, method, estimator
):
    panel = make_panel(5, units=15, periods=9)
    choices = Choices(method.name, draws=19 if method.name == "randomization" else None)
    if EVIDENCE[estimator] not in method.evidence:
        with pytest.raises(DesignError, match="it needs"):
            estimate(panel, count_design, estimator, choices)
        return
    result = estimate(panel, count_design, estimator, choices)
    rows = result.tidy()
    assert result.inference_name == method.name
    assert result.inference
    if method.name == "none":
        assert rows[["standard_error", "lower", "upper", "p_value"]].isna().all(axis=None)
        return
    known = rows[rows["standard_error"] > 0]
    assert (known["kind"] == "overall").any()
    # Randomization has no interval for effects before adoption.
    ends = known.dropna(subset=["lower", "upper"])
    assert (ends["lower"] <= ends["upper"]).all()
    assert known["p_value"].dropna().between(0, 1).all()


def test_an_unknown_method_is_answered_with_the_nearest(make_panel, count_design):
    with pytest.raises(DesignError, match="did you mean 'wild'"):
        estimate(make_panel(5, units=15, periods=9), count_design, "twfe", "wld")


def test_settings_of_a_method_are_checked():
    with pytest.raises(ParameterError, match="did you mean 'nonnested'"):
        Choices("CR1", factor="nonested")


@pytest.mark.parametrize("averaging", ["cells", "event_time", "cohort", "calendar"])
def test_the_design_chooses_the_average(make_panel, count_design, averaging):
    design = dataclasses.replace(count_design, estimand=averaging)
    result = estimate(make_panel(5), design, "imputation")
    assert result.averaging == averaging
    assert result.overall.value == result.overalls.loc[averaging, "value"]


def test_an_average_that_does_not_exist_is_refused(make_panel, count_design):
    design = dataclasses.replace(count_design, estimand="cohort")
    with pytest.raises(DesignError, match="ask for 'regression'"):
        estimate(make_panel(5), design, "twfe")


def test_cohorts_and_periods_are_named_as_in_the_panel(make_panel, count_design):
    result = estimate(make_panel(5), count_design, "callaway_santanna")
    assert result.cohort.index.tolist() == [pd.Period("2020-09", "M"), pd.Period("2021-05", "M")]
    assert result.calendar.index[0] == pd.Period("2020-09", "M")
    cells = result.group_time
    later = cells[(cells["cohort"] == pd.Period("2021-05", "M")) & (cells["event_time"] == 2)]
    assert later["period"].tolist() == [pd.Period("2021-07", "M")]


def test_bands_hold_for_all_event_times_at_once(make_panel, count_design):
    """Wider than each interval, narrower than Bonferroni's."""
    result = estimate(make_panel(5), count_design, "callaway_santanna")
    free = result.event_time[result.event_time["standard_error"] > 0]
    band = (free["band_upper"] - free["band_lower"]) / free["standard_error"]
    assert np.ptp(band) < 1e-9
    pointwise = (free["upper"] - free["lower"]) / free["standard_error"]
    assert band.iloc[0] > pointwise.iloc[0]
    assert band.iloc[0] < 2 * 4.5


def test_the_covariance_leaves_out_the_reference(make_panel, count_design):
    result = estimate(make_panel(5), count_design, "callaway_santanna")
    errors = result.event_time["standard_error"]
    assert errors[-1] == 0
    np.testing.assert_allclose(np.sqrt(np.diag(result.event_time_vcov)), errors[errors > 0])


def test_cautions_reach_the_reader(make_panel, count_design):
    """A month that nobody has, an early adopter, and a unit that never changes."""
    panel = make_panel(5)
    panel = panel[panel["period"] != panel["period"].unique()[5]]
    early = panel["unit"] == "street 000"
    panel["adoption_period"] = panel["adoption_period"].mask(early, pd.Period("2001-01", "M"))
    still = panel["unit"] == "street 002"
    panel["complaints"] = panel["complaints"].mask(still, 7)
    notes = " ".join(estimate(panel, count_design, "twfe").notes)
    assert "no rows for the period after 2020-05" in notes
    assert "1 units adopted before the panel begins" in notes
    assert "never changes in 1 of 60 units" in notes
