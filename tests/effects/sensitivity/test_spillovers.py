"""What neighbours do is told apart from what the own treatment does."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimate import estimate
from analysis.effects.sensitivity.spillovers import (
    neighbour_exposure,
    neighbours_on_tiles,
    spillovers,
    without_neighbours,
)
from analysis.errors import DesignError
from analysis.study.place import Tile

OWN, OVER = 0.5, 0.3
DESIGN = Design("y", "share", "adoption", "g", cluster="unit")


@pytest.fixture
def ring():
    """Forty units in a ring; each is the neighbour of the two beside it."""
    units, periods = 40, 12
    draw = np.random.default_rng(4)
    # Clumps of adopters, so that some others have two treated neighbours, one, or none.
    adoption = np.where(np.arange(units) % 10 < 4, 6.0, np.nan)
    period = np.tile(np.arange(periods), units)
    treated = period.reshape(units, periods) >= adoption[:, None]
    beside = (np.roll(treated, 1, axis=0) + np.roll(treated, -1, axis=0).astype(float)) / 2
    noise = 0.05 * draw.normal(size=(units, periods))
    panel = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "period": period,
            "g": np.repeat(adoption, periods),
            "y": (OWN * treated + OVER * beside + noise).ravel(),
        }
    )
    places = np.arange(units)
    pairs = pd.DataFrame({"place": places, "neighbour": np.roll(places, 1)})
    return panel, pairs, beside.ravel()


def test_exposure_is_the_share_of_neighbours_under_the_programme(ring):
    """Catches pairs that count one way only."""
    panel, pairs, beside = ring
    found = neighbour_exposure(panel, DESIGN, pairs, "unit")
    np.testing.assert_allclose(found, beside, atol=1e-15)
    twice = pd.concat([pairs, pairs.rename(columns={"place": "neighbour", "neighbour": "place"})])
    np.testing.assert_allclose(neighbour_exposure(panel, DESIGN, twice, "unit"), beside)


def test_own_effect_and_spillover_are_told_apart(ring):
    panel, pairs, _ = ring
    found = spillovers(panel, DESIGN, pairs, "unit").set_index("label")
    assert found.loc["own treatment", "value"] == pytest.approx(OWN, abs=0.03)
    assert found.loc["all neighbours treated", "value"] == pytest.approx(OVER, abs=0.03)


def test_without_the_untreated_neighbours_the_comparison_is_clean(ring):
    """Catches an effect that is understated because the comparison is moved too."""
    panel, pairs, _ = ring
    naive = estimate(panel, DESIGN, "twfe").overall.value
    clean = without_neighbours(panel, DESIGN, "twfe", pairs, "unit").iloc[0]
    # Two of the four treated units of a clump have two treated neighbours, two have one.
    assert clean["value"] == pytest.approx(OWN + 0.75 * OVER, abs=0.03)
    assert naive < clean["value"] - 0.02
    assert clean["label"] == "without 8 units beside treated ones"


def test_places_above_units_pass_on_the_share_of_their_units(ring):
    panel, _, _ = ring
    pairs = pd.DataFrame({"place": ["a"], "neighbour": ["b"]})
    homes = panel.assign(home=np.where(panel["unit"] < 20, "a", "b"))
    found = neighbour_exposure(homes, DESIGN, pairs, "home")
    assert found[homes["period"] >= 6].unique() == pytest.approx([0.4])
    assert (found[homes["period"] < 6] == 0).all()


def test_neighbours_that_do_not_fit_are_all_named(ring):
    panel, _, _ = ring
    pairs = pd.DataFrame({"place": [1, 77], "neighbour": [1, 2]})
    with pytest.raises(DesignError) as caught:
        neighbour_exposure(panel, DESIGN, pairs, "unit")
    assert "the panel has no unit 77" in str(caught.value)
    assert "1 stands on both sides" in str(caught.value)
    with pytest.raises(DesignError, match="column 'neighbour' is missing"):
        neighbour_exposure(panel, DESIGN, pairs[["place"]], "unit")


def test_where_no_neighbour_is_treated_nothing_is_left_out(ring):
    panel, _, _ = ring
    far = pd.DataFrame({"place": [6], "neighbour": [7]})
    with pytest.raises(DesignError, match="no untreated unit has a treated neighbour"):
        without_neighbours(panel, DESIGN, "twfe", far, "unit")


def test_tiles_with_a_common_edge_are_neighbours():
    tiles = [Tile("a", "A", "甲", 0, 0), Tile("b", "B", "乙", 0, 1), Tile("c", "C", "丙", 1, 1)]
    found = neighbours_on_tiles(tiles)
    assert found.to_numpy().tolist() == [["a", "b"], ["b", "c"]]
