"""Drawn panels have the shape, the errors and the truth that they should."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from analysis.effects.design import Design
from analysis.recover.built_in import districts, streets
from analysis.recover.draw import autocorrelated, draw_panel
from analysis.recover.shape import Errors, Shape


def flat(scale: str, units: int = 4, periods: int = 6, **changes: object) -> Shape:
    """Make a shape without errors: levels 0, half the units adopt in period 3."""
    adoption = np.where(np.arange(units) < units // 2, 3.0, np.nan)
    weights = "amount" if scale == "share" else None
    design = Design("outcome", scale, "adoption", "adoption_period", "cluster", weights=weights)
    shape = Shape(
        "flat",
        design,
        np.arange(units),
        np.zeros(units),
        np.zeros(periods),
        adoption,
        np.ones((units, periods)),
        np.ones((units, periods)),
        Errors(),
        0.5,
        2.0,
    )
    return replace(shape, **changes)


def draw(shape: Shape, pattern: str = "constant", seed: int = 0):
    return draw_panel(shape, pattern, None, np.random.default_rng(seed))


def test_the_same_seed_draws_the_same_panel() -> None:
    first, again = draw(streets(), seed=5), draw(streets(), seed=5)
    pd.testing.assert_frame_equal(first.panel, again.panel)
    assert not first.panel["outcome"].equals(draw(streets(), seed=6).panel["outcome"])


def test_a_level_without_errors_is_its_own_truth() -> None:
    drawn = draw(flat("level"))
    treated = drawn.panel["period"] >= drawn.panel["adoption_period"]
    np.testing.assert_array_equal(drawn.panel["outcome"], 0.5 * treated)
    assert drawn.cells["effect"].tolist() == [0.5] * 6
    assert drawn.cells["event_time"].tolist() == [0.0, 1.0, 2.0] * 2


def test_a_count_has_its_mean_and_its_effect_in_log_points() -> None:
    shape = flat("count", units=400, amount=np.full((400, 6), 50.0))
    drawn = draw(shape)
    means = drawn.panel.groupby(drawn.panel["period"] >= drawn.panel["adoption_period"])["outcome"]
    expected = 50 * np.exp([0.0, 0.5])
    np.testing.assert_allclose(means.mean(), expected, rtol=5 * (50 * 1200) ** -0.5)
    np.testing.assert_allclose(drawn.cells["effect"], 0.5)


def test_a_share_counts_successes_among_its_amount() -> None:
    drawn = draw(flat("share", units=40, amount=np.full((40, 6), 200.0)))
    successes = drawn.panel["outcome"] * drawn.panel["amount"]
    np.testing.assert_allclose(successes, successes.round(), atol=1e-9)
    assert drawn.panel["outcome"].mean() == pytest.approx(0.53, abs=0.02)
    np.testing.assert_allclose(drawn.cells["effect"], expit(0.5) - 0.5)
    assert (drawn.cells["weight"] == 200).all()


def test_who_answers_depends_on_the_outcome_and_the_truth_is_among_them() -> None:
    """Catches a truth that is about all cases while the rate is about those who answer."""
    amount = np.full((60, 6), 5000.0)
    drawn = draw(flat("share", units=60, amount=amount, reached=(0.3, 0.6)))
    after = drawn.panel["period"] >= drawn.panel["adoption_period"]
    rate = drawn.panel["outcome"].groupby(after).mean()
    np.testing.assert_allclose(rate, expit([0.0, 0.5]), atol=0.003)
    # Of all cases two thirds would have to go well for half of those who answer to say so.
    before = drawn.panel.loc[~after, "amount"].mean() / 5000
    assert before == pytest.approx(2 / 3 * 0.3 + 1 / 3 * 0.6, abs=0.003)
    assert drawn.panel.loc[after, "amount"].mean() / 5000 < before - 0.01


def test_missing_cells_are_missing_and_no_part_of_the_truth() -> None:
    observed = np.ones((4, 6))
    observed[0, 3:] = 0
    drawn = draw(flat("level", observed=observed))
    assert drawn.panel["outcome"].isna().sum() == 3
    assert drawn.cells["unit"].unique().tolist() == [1]


def test_busy_units_are_chosen_first_only_if_selection_says_so() -> None:
    """Catches selection in the wrong direction, or one that no number can switch off."""
    shape = flat("count", units=200, levels=np.linspace(0, 2, 200))

    def gap(selection: float) -> float:
        panel = draw(replace(shape, selection=selection), seed=1).panel
        units = panel.drop_duplicates("unit")
        chosen = units["adoption_period"].notna().to_numpy()
        return float(shape.levels[chosen].mean() - shape.levels[~chosen].mean())

    assert gap(1.0) > 0.3
    assert abs(gap(0.0)) < 0.2
    assert gap(-1.0) < -0.3


def test_dealing_keeps_the_sizes_of_cohorts() -> None:
    shape = streets()
    dealt = draw(shape).panel.drop_duplicates("unit")["adoption_period"]
    np.testing.assert_array_equal(np.sort(dealt), np.sort(shape.adoption))
    assert not np.array_equal(dealt, shape.adoption, equal_nan=True)


def test_dates_dealt_to_clusters_do_not_split_them() -> None:
    adoption = np.array([3.0, 3.0, np.nan, np.nan, 2.0, 2.0])
    clusters = np.array([7, 7, 8, 8, 9, 9])
    shape = flat("level", units=6, clusters=clusters, adoption=adoption)
    shape = replace(shape, selection=0.0, dealt_to_clusters=True)
    panels = [draw(shape, seed=seed).panel for seed in range(5)]
    for panel in panels:
        assert panel.groupby("cluster")["adoption_period"].nunique(dropna=False).eq(1).all()
    assert len({tuple(panel["adoption_period"].fillna(-1)) for panel in panels}) > 1


def test_shocks_are_stationary_and_persist() -> None:
    shocks = autocorrelated(4000, 30, 0.6, np.random.default_rng(0))
    np.testing.assert_allclose(shocks.std(axis=0), 1.0, atol=0.05)
    followed = [np.corrcoef(shocks[:, t], shocks[:, t + 1])[0, 1] for t in range(29)]
    np.testing.assert_allclose(followed, 0.6, atol=0.05)


def test_units_of_a_cluster_share_its_shocks() -> None:
    shape = flat("level", units=6, clusters=np.array([0, 0, 0, 1, 1, 1]))
    shape = replace(shape, errors=Errors(cluster_shock=1.0))
    wide = draw(shape, "none").panel.pivot(index="unit", columns="period", values="outcome")
    assert wide.loc[0].equals(wide.loc[1])
    assert not wide.loc[0].equals(wide.loc[3])


def test_a_unit_treated_from_the_start_has_no_truth() -> None:
    """Catches a truth that averages over units that no estimator uses."""
    drawn = draw(flat("level", adoption=np.array([0.0, 3.0, np.nan, np.nan])))
    assert drawn.cells["unit"].unique().tolist() == [1]


def test_districts_keep_their_scale() -> None:
    panel = draw(districts(), "none").panel
    mean = panel.groupby("unit")["outcome"].mean()
    np.testing.assert_allclose(mean, np.exp(districts().levels), rtol=0.15)
    assert mean.sum() * 12 == pytest.approx(6.12e6, rel=0.02)
