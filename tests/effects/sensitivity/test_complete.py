"""The complete part of a panel: all periods of some units, and nothing of the others."""

import pytest

from analysis.effects.sensitivity.complete import complete_units
from analysis.errors import DesignError


def test_units_with_a_gap_are_left_out_whole(make_panel, rate_design):
    panel = make_panel(1)
    panel.loc[5, "satisfaction_rate"] = None
    panel = panel.drop(index=30)
    part = complete_units(panel, rate_design)
    assert (part.units, part.left_out) == (58, 2)
    assert part.panel.groupby("unit").size().eq(24).all()
    assert not set(panel.loc[[5, 31], "unit"]) & set(part.panel["unit"])


def test_a_month_without_a_case_is_a_gap_for_logarithms(make_panel, count_design):
    panel = make_panel(1)
    panel.loc[0, "complaints"] = 0
    assert complete_units(panel, count_design).left_out == 1


def test_a_panel_without_a_complete_unit_is_refused(make_panel, rate_design):
    panel = make_panel(1, units=6, periods=24)
    late, early = panel["period"] == panel["period"].max(), panel["period"] == panel["period"].min()
    odd = panel["unit"].str[-1].astype(int) % 2 == 1
    panel.loc[(late & odd) | (early & ~odd), "satisfaction_rate"] = None
    with pytest.raises(DesignError, match="no unit is observed in every period"):
        complete_units(panel, rate_design)


def test_a_period_that_is_known_of_no_unit_is_nobodys_gap(make_panel, rate_design):
    """Catches handling times of months not followed to the end, which leave no unit complete."""
    panel = make_panel(1)
    panel.loc[panel["period"] == panel["period"].max(), "satisfaction_rate"] = None
    panel.loc[0, "satisfaction_rate"] = None
    part = complete_units(panel, rate_design)
    assert (part.units, part.left_out) == (59, 1)
    assert part.panel.groupby("unit").size().eq(23).all()
