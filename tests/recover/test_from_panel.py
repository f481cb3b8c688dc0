"""The shape of a scholar's own panel is read as it is."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.errors import DesignError
from analysis.recover.built_in import districts, streets
from analysis.recover.components import estimate_errors, two_way_fit
from analysis.recover.draw import draw_panel
from analysis.recover.experiment import Experiment, run_experiment
from analysis.recover.from_panel import shape_of
from analysis.recover.shape import Errors


def test_a_two_way_fit_is_least_squares() -> None:
    rng = np.random.default_rng(0)
    values, weights = rng.normal(size=(6, 5)), rng.uniform(0.5, 2, (6, 5))
    weights[rng.random((6, 5)) < 0.2] = 0
    units, periods = two_way_fit(values, weights)
    unit, period = (places.ravel() for places in np.indices(values.shape))
    dummies = np.hstack([unit[:, None] == np.arange(6), period[:, None] == np.arange(5)])
    root = np.sqrt(weights.ravel())
    solved, *_ = np.linalg.lstsq(dummies * root[:, None], values.ravel() * root, rcond=None)
    used = weights > 0
    fitted = units[:, np.newaxis] + periods
    np.testing.assert_allclose(fitted[used], (dummies @ solved).reshape(6, 5)[used], atol=1e-7)


@pytest.mark.parametrize("scale", ["count", "share"])
def test_the_errors_of_a_drawn_panel_are_found_again(scale: str) -> None:
    """Catches sampling noise that is taken for shocks, and shocks lost to the two-way fit."""
    planted = replace(streets(scale).errors, noise=0.05)
    design = replace(streets(scale).design, cluster="cluster")
    shape = replace(streets(scale), errors=planted, design=design)
    panel = draw_panel(shape, "heterogeneous", None, np.random.default_rng(1)).panel
    found = shape_of(panel, design).errors
    assert found.cluster_shock == pytest.approx(planted.cluster_shock, abs=0.012)
    assert found.unit_shock == pytest.approx(planted.unit_shock, abs=0.012)
    assert found.noise == pytest.approx(0.05, abs=0.012)
    assert found.persistence == pytest.approx(0.6, abs=0.11)


def test_without_shocks_none_are_found() -> None:
    shape = replace(districts(), errors=Errors())
    panel = draw_panel(shape, "none", None, np.random.default_rng(2)).panel
    found = shape_of(panel, shape.design).errors
    assert max(found.unit_shock, found.noise, found.cluster_shock) < 0.003


def test_cluster_shocks_are_told_from_unit_shocks() -> None:
    rng = np.random.default_rng(3)
    clusters = np.repeat(np.arange(60), 5)
    values = rng.normal(size=(60, 20))[clusters] + 0.5 * rng.normal(size=(300, 20))
    weights = np.ones_like(values)
    units, periods = two_way_fit(values, weights)
    residuals = values - units[:, np.newaxis] - periods
    found = estimate_errors(residuals, weights, False, clusters)
    assert found.cluster_shock == pytest.approx(1.0, abs=0.1)
    assert np.hypot(found.unit_shock, found.noise) == pytest.approx(0.5, abs=0.06)


@pytest.fixture
def panel() -> pd.DataFrame:
    """Six towns and eight years with a gap; one adopts before the panel, two never."""
    rows = [
        (town, year, first, 10.0 * place + year % 5 + (year * (place + 3)) % 7, 5.0 + place)
        for place, (town, first) in enumerate(
            zip("abcdef", [1999.0, 2003.0, 2004.0, 2006.0, None, None], strict=True)
        )
        for year in range(2001, 2010)
        if year != 2005 and not (town == "f" and year < 2003)
    ]
    return pd.DataFrame(rows, columns=["town", "year", "first", "y", "w"])


def own_design(**changes: object) -> Design:
    design = Design("y", "level", "adoption", "first", "town", ("town",), "year", weights="w")
    return replace(design, **changes)


def test_dates_gaps_and_weights_are_kept(panel: pd.DataFrame) -> None:
    shape = shape_of(panel.sample(frac=1, random_state=1), own_design())
    assert (shape.units, shape.periods) == (6, 8)
    np.testing.assert_array_equal(shape.adoption, [0, 2, 3, 4, np.nan, np.nan])
    np.testing.assert_array_equal(shape.observed[5], [0, 0, 1, 1, 1, 1, 1, 1])
    np.testing.assert_array_equal(shape.amount[:, 4], [5, 6, 7, 8, 9, 10])
    assert shape.selection is None
    drawn = draw_panel(shape, "constant", None, np.random.default_rng(0))
    assert drawn.panel["outcome"].isna().sum() == 2
    assert sorted(drawn.cells["unit"].unique()) == [1, 2, 3]


def test_levels_are_those_of_the_panel(panel: pd.DataFrame) -> None:
    """Catches levels that a treatment effect has moved."""
    raised = panel.assign(y=panel["y"] + 1000.0 * (panel["year"] >= panel["first"]))
    shape, other = shape_of(panel, own_design()), shape_of(raised, own_design())
    np.testing.assert_allclose(shape.levels[1:], other.levels[1:])
    assert (np.diff(shape.levels) > 0).all()


def test_the_full_effect_on_a_level_follows_its_scale(panel: pd.DataFrame) -> None:
    small = shape_of(panel, own_design()).effect_size
    large = shape_of(panel.assign(y=1000 * panel["y"]), own_design()).effect_size
    assert large == pytest.approx(1000 * small, rel=1e-6)


def test_an_experiment_runs_on_an_own_panel(panel: pd.DataFrame) -> None:
    shape = shape_of(panel, own_design())
    rows = run_experiment(Experiment(shape, 3, ("constant",), ("twfe",), ("CR1",)))
    assert (rows["reason"] == "").all()
    np.testing.assert_allclose(rows["truth"], shape.effect_size)


def test_a_share_without_a_denominator_stays_between_0_and_1() -> None:
    shape = districts("share")
    panel = draw_panel(shape, "none", None, np.random.default_rng(4)).panel
    design = replace(shape.design, weights=None)
    own = shape_of(panel, design)
    drawn = draw_panel(own, "constant", None, np.random.default_rng(5)).panel
    assert drawn["outcome"].between(0, 1, inclusive="neither").all()
    assert drawn["outcome"].mean() == pytest.approx(panel["outcome"].mean(), abs=0.02)


def test_a_dose_is_refused(panel: pd.DataFrame) -> None:
    with pytest.raises(DesignError, match="give adoption dates"):
        shape_of(panel, own_design(treatment="dose"))


def test_a_panel_that_cannot_be_estimated_is_refused_as_such(panel: pd.DataFrame) -> None:
    with pytest.raises(DesignError, match="did you mean 'town'"):
        shape_of(panel.assign(w=1.0), own_design(cluster="towm"))


def test_days_are_drawn_as_days() -> None:
    """Catches handling times that are drawn as rates, between 0 and 1."""
    design = replace(districts("share").design, scale="days")
    shape = replace(districts("share"), design=design, reached=None)
    panel = draw_panel(shape, "none", None, np.random.default_rng(4)).panel
    days = panel.assign(outcome=5 + panel["outcome"])
    drawn = draw_panel(shape_of(days, design), "constant", -0.5, np.random.default_rng(5))
    assert drawn.panel["outcome"].mean() > 4
    assert drawn.cells["effect"].to_numpy() == pytest.approx(-0.5)
