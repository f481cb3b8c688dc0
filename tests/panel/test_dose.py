"""The dose: the months before, of the same unit, and nothing of this month."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.panel.dose import add_dose
from analysis.study.levels import Dose

MONTHS = pd.period_range("2020-01", periods=5, freq="M")
PLAIN = Dose("proactive_cases", 2, "none")


def panel(counts: dict[str, list[int | None]]) -> pd.DataFrame:
    rows = [
        (unit, month, count)
        for unit, values in counts.items()
        for month, count in zip(MONTHS, values, strict=True)
    ]
    made = pd.DataFrame(rows, columns=["unit", "period", "proactive_cases"])
    return made.astype({"proactive_cases": "Int64"})


def test_dose_is_the_mean_of_the_months_before():
    """Catches this month in its own dose, and a first month that is not missing."""
    dosed = add_dose(panel({"A": [1, 3, 5, 7, 9]}), PLAIN, ["unit"])
    assert dosed["dose"].tolist() == pytest.approx([np.nan, np.nan, 2, 4, 6], nan_ok=True)


@given(st.permutations(range(10)), st.lists(st.integers(0, 99), min_size=5, max_size=5))
def test_units_do_not_leak_and_order_does_not_matter(order: list[int], other: list[int]):
    """Catches the last months of one unit becoming the first dose of the next."""
    both = panel({"A": [1, 3, 5, 7, 9], "B": other}).iloc[order]
    dosed = add_dose(both, PLAIN, ["unit"])
    alone = add_dose(panel({"A": [1, 3, 5, 7, 9]}), PLAIN, ["unit"])
    assert dosed.index.tolist() == both.index.tolist()
    of_a = dosed[dosed["unit"] == "A"].sort_values("period")["dose"]
    np.testing.assert_array_equal(of_a.to_numpy(), alone["dose"].to_numpy())


def test_a_missing_month_makes_the_dose_missing():
    """Catches a mean over fewer months than the study says."""
    dosed = add_dose(panel({"A": [1, None, 5, 7, 9]}), PLAIN, ["unit"])
    assert dosed["dose"].isna().tolist() == [True, True, True, True, False]


def test_a_gap_between_months_is_refused():
    """Catches the month before last that passes for the month before."""
    gappy = panel({"A": [1, 3, 5, 7, 9]}).drop(index=2)
    with pytest.raises(DataError, match=r"1 rows do not follow .* A, 2020-04"):
        add_dose(gappy, PLAIN, ["unit"])


def test_log_of_one_plus_the_mean():
    """Catches a logarithm of each month, or of 0."""
    dose = Dose("proactive_cases", 2, "log1p")
    dosed = add_dose(panel({"A": [0, 0, 4, 2, 9]}), dose, ["unit"])
    assert dosed["dose"].tolist()[2:] == pytest.approx([0, np.log(3), np.log(4)])
