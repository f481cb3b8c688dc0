"""Averages of cells, and of rows gathered into cells."""

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.effects.cell_averages import average_cells, cells_of_rows

COHORT = np.array([2.0, 2.0, 2.0, 3.0, 3.0])
PERIOD = np.array([2.0, 3.0, 3.0, 3.0, 3.0])
EFFECTS = np.array([1.0, 2.0, 4.0, 6.0, 8.0])
WEIGHTS = np.array([1.0, 1.0, 3.0, 1.0, 1.0])


def averages_of_rows(effects, ratios=False):
    """Set up an average over all rows and one over period 3, and the mean of the two."""
    loads = np.stack([WEIGHTS, WEIGHTS * (PERIOD == 3)], axis=1)
    mix = sparse.csr_array(np.array([[1.0, 0.0, 0.5, 0.0], [0.0, 1.0, 0.5, 0.0]]))
    rows = sparse.csr_array(loads / loads.sum(axis=0))
    return cells_of_rows(COHORT, PERIOD, effects, rows, mix, ratios=ratios)


def test_rows_are_gathered_by_their_weights():
    found = averages_of_rows(EFFECTS)
    assert found.effects.index.tolist() == [(2.0, 2.0), (2.0, 3.0), (3.0, 3.0)]
    np.testing.assert_allclose(found.effects, [1.0, 3.5, 7.0])
    whole = np.average(EFFECTS, weights=WEIGHTS)
    late = np.average(EFFECTS[1:], weights=WEIGHTS[1:])
    made = found.targets(found.effects.to_numpy()[None, :])[0]
    np.testing.assert_allclose(made, [whole, late, (whole + late) / 2, np.nan])


def test_a_missing_cell_is_left_out_of_each_average_first():
    """Catches weight that moves from one event time to another when a cohort is missing in one."""
    found = averages_of_rows(EFFECTS)
    made = found.targets(np.array([[1.0, np.nan, 7.0], [1.0, np.nan, np.nan]]))
    np.testing.assert_allclose(made[0], [(1 + 2 * 7) / 3, 7.0, (5 + 7) / 2, np.nan])
    np.testing.assert_allclose(made[1], [1.0, np.nan, 1.0, np.nan])


def test_ratios_are_averaged_before_the_logarithm():
    found = averages_of_rows(EFFECTS, ratios=True)
    made = found.targets(np.array([[1.0, 3.5, 7.0], [0.0, 0.0, 0.0]]))
    whole, late = np.log((1 + 4 * 3.5 + 2 * 7) / 7), np.log((4 * 3.5 + 2 * 7) / 6)
    np.testing.assert_allclose(made[0, :3], [whole, late, (whole + late) / 2])
    assert np.isnan(made[1]).all()


def test_cells_are_named_by_cohort_and_period():
    """Catches cells of another estimate that are matched by their place."""
    one = sparse.csr_array(np.array([[0.5, 0.5]]))
    found = average_cells(COHORT[2:4], PERIOD[2:4], EFFECTS[2:4], one, sparse.eye_array(1))
    other = pd.Series([9.0, 5.0], pd.MultiIndex.from_tuples([(3.0, 3.0), (2.0, 3.0)]))
    again = other.reindex(found.effects.index).to_numpy()
    np.testing.assert_array_equal(again, [5.0, 9.0])
    np.testing.assert_array_equal(found.targets(again[None, :]), [[7.0]])
