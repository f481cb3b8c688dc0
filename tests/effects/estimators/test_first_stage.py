"""Which rows are imputed, which are dropped and why, and what is refused."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimators.first_stage import fit_first_stage
from analysis.errors import DesignError

DESIGN = Design("y", "share", "adoption", "adoption", cluster="unit")


def panel_of(adoptions, periods=6):
    draw = np.random.default_rng(0)
    rows = [(u, t, g) for u, g in enumerate(adoptions) for t in range(periods)]
    panel = pd.DataFrame(rows, columns=["unit", "period", "adoption"])
    return panel.assign(y=draw.normal(size=len(panel)), x=draw.normal(size=len(panel)), half=0)


def test_periods_in_which_all_are_treated_are_dropped():
    """Every unit adopts: from the last adoption on nothing tells of the untreated outcome."""
    first = fit_first_stage(panel_of([2, 2, 4, 4]), DESIGN)
    reason = "treated, and its period is never observed untreated"
    assert first.sample.dropped == {reason: 8}
    assert first.sample.period.max() == 3
    assert first.notes == (
        "8 rows under treatment cannot be imputed and are left out",
        "1 of 2 cohorts have no row that can be imputed",
    )


def test_units_without_untreated_rows_are_dropped():
    """Anticipation can leave a unit treated throughout that adopts within the panel."""
    design = dataclasses.replace(DESIGN, anticipation=2)
    first = fit_first_stage(panel_of([2, 4, None, None]), design)
    assert first.sample.dropped == {"treated, and its unit is never observed untreated": 6}
    assert first.untreated[first.sample.event_time == -3].all()
    assert not first.untreated[first.sample.event_time == -2].any()


def test_rows_not_linked_to_untreated_ones_are_dropped():
    """District by period effects, and a district that is all treated from a period on."""
    panel = panel_of([3, 3, None, 4, 3, None])
    panel["district"] = (panel["unit"] >= 2).astype(int)
    design = dataclasses.replace(DESIGN, absorb=(("district", "period"),))
    first = fit_first_stage(panel, design)
    assert first.sample.dropped == {"treated, and no untreated rows link its fixed effects": 6}
    assert set(first.sample.units[first.sample.event_time >= 0]) == {3, 4}


def test_treated_rows_do_not_move_predictions():
    panel = panel_of([3, 4, None, None])
    moved = panel.assign(y=panel["y"] + 9.0 * (panel["period"] >= panel["adoption"]))
    design = dataclasses.replace(DESIGN, controls=("x",))
    before, after = fit_first_stage(panel, design), fit_first_stage(moved, design)
    gain = np.where(before.untreated, 0.0, 9.0)
    assert after.effects == pytest.approx(before.effects + gain)


def test_design_without_a_row_that_can_be_imputed():
    with pytest.raises(DesignError, match="no row after adoption is left") as raised:
        fit_first_stage(panel_of([3, 3, 3, 3]), DESIGN)
    assert "12 rows: treated, and its period is never observed untreated" in str(raised.value)


def test_control_that_untreated_rows_do_not_identify():
    """It changes under treatment only."""
    panel = panel_of([3, 4, None, None])
    panel["after"] = (panel["period"] >= panel["adoption"]) * panel["x"]
    with pytest.raises(DesignError, match="after: the fixed effects explain it entirely"):
        fit_first_stage(panel, dataclasses.replace(DESIGN, controls=("after",)))


def test_single_fixed_effect():
    design = dataclasses.replace(DESIGN, fixed_effects=(("unit",),))
    with pytest.raises(DesignError, match="one fixed effect alone"):
        fit_first_stage(panel_of([3, 4, None, None]), design)
