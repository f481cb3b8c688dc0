"""Would catch adoption at random, effects before adoption, or cohorts of the wrong size."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.simulate.adoption import draw_adoption, event_times, programme_strength
from analysis.simulate.constants import COHORTS, MONTHS
from analysis.simulate.twin import Twin


def test_cohorts_have_their_sizes(twin: Twin) -> None:
    sizes = twin.register["adoption_period"].astype(str).value_counts()
    assert {c.start: c.streets for c in COHORTS} == {c.start: sizes[c.start] for c in COHORTS}


def test_busy_streets_are_chosen_and_chosen_first(twin: Twin) -> None:
    past = twin.panel[twin.panel["period"] < "2020-01"].groupby("unit")["complaints"].sum()
    adoption = twin.register.set_index("unit")["adoption_period"]
    volume = np.log(past.astype(float)).reindex(adoption.index)
    ever = adoption.notna()
    assert volume[ever].mean() - volume[~ever].mean() > 0.3
    ordinal = adoption[ever].dt.year * 12 + adoption[ever].dt.month
    assert np.corrcoef(ordinal, volume[ever])[0, 1] < -0.2


def test_choice_does_not_follow_the_order_of_the_register() -> None:
    rng = np.random.default_rng(1)
    volume = np.exp(rng.normal(0, 0.5, 343))
    first = [draw_adoption(volume, rng)[:100].notna().mean() for _ in range(50)]
    expected = sum(cohort.streets for cohort in COHORTS) / 343
    assert np.mean(first) == pytest.approx(expected, abs=0.1)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([None, *(c.start for c in COHORTS)]), min_size=1, max_size=20))
def test_strength_is_zero_before_and_grows_after(starts: list[str | None]) -> None:
    adoption = pd.PeriodIndex(starts, freq="M")
    strength, elapsed = programme_strength(adoption), event_times(adoption)
    under = np.nan_to_num(elapsed, nan=-1) >= 0
    assert (strength[~under] == 0).all()
    assert (strength[under] > 0).all()
    assert (np.diff(strength, axis=1) >= 0).all()
    assert strength.max() < max(cohort.strength for cohort in COHORTS)


def test_first_cohort_has_a_past() -> None:
    assert MONTHS.get_loc(COHORTS[0].start) >= 12
