"""The frames that figures are drawn from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.effects.fixed_effects import FloatArray, Projection
from analysis.figures.adoption import adoption_path, cohort_sizes
from analysis.figures.dose import binned_residuals
from analysis.figures.published_rates import monthly_rates
from analysis.figures.volumes import yearly_cases
from analysis.study.schema import Study


def test_coverage_counts_units_and_people(panel: pd.DataFrame) -> None:
    """Would catch a share of people that counts each street alike."""
    path = adoption_path(panel)
    assert path.loc["2019-06"].tolist() == [0, 0]
    assert path.loc["2019-07"].tolist() == pytest.approx([1 / 3, 1 / 6])
    assert path.loc["2020-12"].tolist() == pytest.approx([2 / 3, 1 / 2])


def test_cohorts_are_in_order_of_time_and_add_up_to_the_units(panel: pd.DataFrame) -> None:
    cohorts = cohort_sizes(panel)
    assert cohorts["cohort"].tolist() == ["2019-07", "2020-01", "never"]
    assert cohorts["units"].sum() == panel["unit"].nunique()


def test_a_rate_of_all_units_weighs_them_by_their_cases() -> None:
    """Would catch the mean of the streets' rates in place of the city's rate."""
    panel = pd.DataFrame(
        {
            "period": pd.PeriodIndex(["2020-01"] * 3, freq="M"),
            "resolution_rate": [1.0, 0.5, np.nan],
            "resolution_rate_weight": [10.0, 30.0, 0.0],
        }
    )
    assert monthly_rates(panel, ["resolution_rate"]).iloc[0, 0] == pytest.approx(0.625)


def test_yearly_cases_add_complaints_and_consultations(panel: pd.DataFrame) -> None:
    cases = yearly_cases(panel)
    assert cases["year"].tolist() == [2019, 2020]
    assert cases["all_cases"].sum() == pytest.approx(4 * panel["complaints"].sum() / 10_000)


def test_slope_of_residuals_is_the_coefficient_with_fixed_effects(
    panel: pd.DataFrame, real_study: Study
) -> None:
    """Would catch residuals that are not those of the design (Frisch, Waugh and Lovell)."""
    draw = np.random.default_rng(3)
    with_dose = panel.assign(category=np.where(panel["unit"] == "丙镇", "a", "b"))
    with_dose["dose"] = draw.normal(size=len(panel)) + panel["period"].dt.month / 6
    level = real_study.level[0]
    units = pd.get_dummies(with_dose["unit"] + with_dose["category"], dtype=float)
    months = pd.get_dummies(with_dose["category"] + with_dose["period"].astype(str), dtype=float)
    regressors = np.column_stack([with_dose["dose"], units, months])
    outcome = np.log1p(with_dose["complaints"].astype(float))
    expected = np.linalg.lstsq(regressors, outcome, rcond=None)[0][0]
    bins = binned_residuals(with_dose, level, bins=5)
    assert bins.attrs["slope"] == pytest.approx(expected, abs=1e-8)
    assert bins["rows"].sum() == len(panel)


def test_last_digits_do_not_decide_into_which_bin_a_row_falls(
    panel: pd.DataFrame, real_study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch a figure that another processor draws otherwise, whose sums end otherwise."""
    alike = panel["unit"] != panel["unit"].iloc[0]
    dose = np.where(alike, panel["period"].dt.month % 3, panel["period"].dt.month % 5)
    given = panel.assign(category="a", dose=dose.astype(float))
    residualise = Projection.residualise

    def bins_of_processor(seed: int) -> pd.DataFrame:
        draw = np.random.default_rng(seed)

        def with_other_last_digits(self: Projection, column: FloatArray) -> FloatArray:
            return residualise(self, column) + draw.uniform(-1e-14, 1e-14, len(column))

        monkeypatch.setattr(Projection, "residualise", with_other_last_digits)
        return binned_residuals(given, real_study.level[0], bins=7)

    first, *others = map(bins_of_processor, range(5))
    for other in others:
        pd.testing.assert_frame_equal(first, other, rtol=1e-9, atol=1e-11)
