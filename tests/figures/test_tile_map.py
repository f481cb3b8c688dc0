"""The tile map."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.figures.tile_map import complaints_per_1000, draw_tile_map
from analysis.study.schema import Study


def test_every_district_has_a_place_of_its_own(simulated_study: Study) -> None:
    """Would catch two districts drawn on one square."""
    places = [(tile.row, tile.column) for tile in simulated_study.tile]
    assert len(set(places)) == len(places) == 16


def test_unknown_and_forgotten_districts_are_named(simulated_study: Study) -> None:
    values = pd.Series({tile.district: 1.0 for tile in simulated_study.tile})
    with pytest.raises(DataError) as caught:
        draw_tile_map(values.rename({"东城区": "东城"}), study=simulated_study, label="x")
    message = str(caught.value)
    assert "district '东城' has no tile" in message
    assert "did you mean '东城区'?" in message
    assert "tile '东城区' has no value" in message


def test_a_missing_month_does_not_make_a_district_calm() -> None:
    """Would catch a density that divides eleven months of complaints by twelve of residents."""
    months = pd.period_range("2024-01", periods=12, freq="M")
    panel = pd.DataFrame(
        {
            "district": "d",
            "period": months,
            "complaints": pd.array([10] * 11 + [None], dtype="Int64"),
            "population": 1000,
        }
    )
    assert complaints_per_1000(panel, 2024)["d"] == pytest.approx(120)
