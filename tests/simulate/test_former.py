"""Would catch a split of merged units that loses cases or breaks bounds between counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.contract.columns import column
from analysis.simulate.former import EVENTS, crosswalk, use_former_names
from analysis.simulate.twin import Twin

COUNTS = ["complaints", "consultations", "proactive_cases", "surveyed", "responded", "resolved"]
COUNTS += ["satisfied", "repeat_complaints"]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_parts_add_up_and_keep_bounds(twin: Twin, seed: int) -> None:
    merged = next(event for event in EVENTS if len(event.former) == 2)
    mine = twin.panel[twin.panel["unit"] == merged.unit]
    parts = use_former_names(mine, np.random.default_rng(seed))
    summed = parts.groupby("period")[COUNTS].sum()
    pd.testing.assert_frame_equal(summed, mine.set_index("period")[COUNTS], check_freq=False)
    for name in COUNTS:
        for bound in column(name).at_most:
            assert (parts[name] <= parts[bound]).all()
            assert (parts[name] >= 0).all()


def test_former_names_stop_at_the_event(twin: Twin) -> None:
    panel = use_former_names(twin.panel, np.random.default_rng(1))
    for event in EVENTS:
        former = panel[panel["unit"].isin(event.former)]
        assert former["period"].max() == pd.Period(event.valid_from, "M") - 1
        assert panel.loc[panel["unit"] == event.unit, "period"].min() == pd.Period(
            event.valid_from, "M"
        )


def test_crosswalk_leads_to_units_of_the_register(twin: Twin) -> None:
    table = crosswalk(twin.register)
    assert set(table["unit"]) <= set(twin.register["unit"])
    assert not set(table["former_unit"]) & set(twin.register["unit"])
