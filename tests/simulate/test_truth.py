"""Would catch a "true" effect that is not the effect of the equations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.simulate.adoption import event_times, programme_strength
from analysis.simulate.constants import COHORTS, EFFECTS, MONTHS
from analysis.simulate.model import calibrate, draw_baseline, expect
from analysis.simulate.streets import draw_streets
from analysis.simulate.truth import Targeting, true_effects
from analysis.simulate.twin import Twin
from analysis.study.schema import Study

ROUNDING = 2e-6  # values are rounded to six decimals


def pick(truth: pd.DataFrame, level: str, outcome: str, estimand: str) -> pd.DataFrame:
    chosen = (truth["level"] == level) & (truth["outcome"] == outcome)
    return truth[chosen & (truth["estimand"] == estimand)]


@pytest.mark.parametrize(("level", "total"), [("street", "att"), ("district", "per_unit_coverage")])
def test_need_and_reporting_add_up(twin: Twin, level: str, total: str) -> None:
    values = {
        name: pick(twin.truth, level, "complaints", name)["value"].item()
        for name in (total, "need", "reporting")
    }
    assert values["need"] + values["reporting"] == pytest.approx(values[total], abs=ROUNDING)
    assert values["need"] < 0 < values["reporting"]


def test_effect_of_a_cohort_at_one_event_time_is_the_formula() -> None:
    """With one cohort only, every cell has the same effect, which is known in closed form."""
    cohort = COHORTS[2]
    register = draw_streets(np.random.default_rng(1))
    adoption = pd.PeriodIndex([cohort.start if i % 2 else None for i in range(343)], freq="M")
    strength = programme_strength(adoption)
    baseline = draw_baseline(register, np.random.default_rng(2))
    city = calibrate(baseline, strength)
    flat = np.zeros((16, len(MONTHS)))
    truth = true_effects(
        expect(baseline, city, strength),
        expect(baseline, city, 0 * strength),
        Targeting(flat, flat),
        register,
        adoption,
    )
    by_time = pick(truth, "street", "complaints", "att_event_time").set_index("event_time")["value"]
    for time in (0, 11, 40):
        reached = cohort.strength * (1 - np.exp(-(time + 1) / 10))
        expected = (EFFECTS["need"] + EFFECTS["reporting"]) * reached
        assert by_time[time] == pytest.approx(expected, abs=ROUNDING)
    assert pick(truth, "district", "targeting", "per_unit_coverage")["value"].item() == 0


def test_the_effect_on_logarithms_counts_every_cell_alike(twin: Twin) -> None:
    """Would catch a truth in which busy streets count more, held against a regression of logs."""
    adoption = pd.PeriodIndex(twin.register["adoption_period"], freq="M")
    effect = (EFFECTS["need"] + EFFECTS["reporting"]) * programme_strength(adoption)
    elapsed = event_times(adoption)
    [overall] = pick(twin.truth, "street", "complaints", "att_log")["value"]
    assert overall == pytest.approx(effect[elapsed >= 0].mean(), abs=ROUNDING)
    by_time = pick(twin.truth, "street", "complaints", "att_log_event_time")
    month_six = by_time.set_index("event_time")["value"][6]
    assert month_six == pytest.approx(effect[elapsed == 6].mean(), abs=ROUNDING)
    # Busy streets adopt early and reach more, so among all cases the fall is larger.
    assert pick(twin.truth, "street", "complaints", "att")["value"].item() < overall < 0


def test_no_programme_no_effect() -> None:
    register = draw_streets(np.random.default_rng(1))
    adoption = pd.PeriodIndex([c.start for c in COHORTS] * 57 + [None], freq="M")
    baseline = draw_baseline(register, np.random.default_rng(2))
    nothing = np.zeros((343, len(MONTHS)))
    world = expect(baseline, calibrate(baseline, nothing), nothing)
    flat = np.zeros((16, len(MONTHS)))
    truth = true_effects(world, world, Targeting(flat, flat), register, adoption)
    assert (truth["value"] == 0).all()


def test_early_cohorts_have_larger_effects(twin: Twin) -> None:
    """Without this, static two-way fixed effects would not be biased by design."""
    by_cohort = pick(twin.truth, "street", "complaints", "att_cohort").sort_values("cohort")
    assert len(by_cohort) == len(COHORTS)
    assert by_cohort["value"].is_monotonic_increasing


def test_every_outcome_of_the_study_has_a_truth(twin: Twin, beijing: Study) -> None:
    for level, estimand in (("street", "att"), ("district", "per_unit_coverage")):
        for outcome in beijing.get_level(level).outcomes:
            assert len(pick(twin.truth, level, outcome, estimand)) == 1, f"{level} {outcome}"


def test_effects_have_their_signs(twin: Twin) -> None:
    overall = twin.truth[twin.truth["estimand"] == "att"].set_index("outcome")["value"]
    rising = ["proactive_share", "response_rate", "resolution_rate", "satisfaction_rate"]
    assert (overall[[*rising, "consultation_share"]] > 0).all()
    assert (overall[["complaints", "repeat_share"]] < 0).all()
    assert pick(twin.truth, "district", "targeting", "per_unit_coverage")["value"].item() > 0
