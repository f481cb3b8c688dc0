"""Each target is held against the average that it is an estimate of."""

import numpy as np
import pandas as pd
import pytest

from analysis.recover.truth import true_targets


@pytest.fixture
def cells() -> pd.DataFrame:
    """Two units of an early cohort with two treated periods, and one of a late cohort with one."""
    return pd.DataFrame(
        {
            "unit": [0, 0, 1, 1, 2],
            "cohort": [2.0, 2.0, 2.0, 2.0, 3.0],
            "period": [2, 3, 2, 3, 3],
            "event_time": [0.0, 1.0, 0.0, 1.0, 0.0],
            "effect": [1.0, 2.0, 1.0, 2.0, 6.0],
            "weight": 1.0,
            "untreated": [10.0, 10.0, 10.0, 10.0, 100.0],
        }
    ).assign(treated=lambda frame: frame["untreated"] * np.exp(frame["effect"]))


def targets(*names: str, times: tuple[float, ...] = ()) -> pd.DataFrame:
    overall = [{"kind": "overall", "averaging": name, "event_time": np.nan} for name in names]
    rows = [{"kind": "event_time", "averaging": None, "event_time": time} for time in times]
    return pd.DataFrame(overall + rows)


def test_averages_by_hand(cells: pd.DataFrame) -> None:
    """The figures are those of the docstring of Callaway and Sant'Anna's averages, by hand."""
    wanted = targets("cells", "regression", "event_time", "cohort", "calendar")
    found = true_targets(cells, wanted, False)
    np.testing.assert_allclose(found, [2.4, 2.4, 7 / 3, 3.0, (1 + 10 / 3) / 2])


def test_event_times_and_nothing_before_adoption(cells: pd.DataFrame) -> None:
    found = true_targets(cells, targets(times=(-1.0, 0.0, 1.0, 9.0)), False)
    np.testing.assert_allclose(found, [0.0, 8 / 3, 2.0, np.nan])


def test_an_average_over_event_times_is_over_those_reported(cells: pd.DataFrame) -> None:
    """Catches a windowed event study that is held against effects outside its window."""
    found = true_targets(cells, targets("event_time", times=(-1.0, 0.0)), False)
    assert found[0] == pytest.approx(8 / 3)


def test_weights_count(cells: pd.DataFrame) -> None:
    weighted = cells.assign(weight=[1.0, 1.0, 1.0, 1.0, 6.0])
    assert true_targets(weighted, targets("cells"), False)[0] == pytest.approx(4.2)
    assert true_targets(weighted, targets("cohort"), False)[0] == pytest.approx((2 * 1.5 + 36) / 8)


def test_cases_alike_take_the_ratio_of_sums(cells: pd.DataFrame) -> None:
    expected = np.log((20 * np.exp(1) + 20 * np.exp(2) + 100 * np.exp(6)) / 140)
    assert true_targets(cells, targets("cells"), True)[0] == pytest.approx(expected)
