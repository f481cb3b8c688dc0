"""Would catch a twin that, as observed, is not the city that the published figures describe."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.simulate.constants import DISTRICTS, YEARLY_ACCEPTED, YEARLY_COMPLAINTS
from analysis.simulate.paths import city_counts, city_shares, district_levels
from analysis.simulate.twin import Twin

# Counts are drawn around expectations that meet the figures exactly; over a year of the city the
# draws differ from them by about 0.05%.
COUNT_TOLERANCE = 0.002
# A month of the city has over 80,000 call-backs, so a rate's sampling error is below 0.2 points;
# the weights of the calibration, complaints instead of call-backs, add about 0.1.
RATE_TOLERANCE = 0.004
# The programme and the shocks move a district against the city after its level was set.
DISTRICT_TOLERANCE = 0.15


def yearly(panel: pd.DataFrame, name: str) -> pd.Series:
    return panel.groupby(panel["period"].dt.year)[name].sum().astype(float)


@pytest.mark.parametrize("year", list(YEARLY_COMPLAINTS))
def test_yearly_volumes(twin: Twin, year: int) -> None:
    complaints = yearly(twin.panel, "complaints")[year]
    accepted = complaints + yearly(twin.panel, "consultations")[year]
    assert complaints == pytest.approx(YEARLY_COMPLAINTS[year] * 1e4, rel=COUNT_TOLERANCE)
    assert accepted == pytest.approx(YEARLY_ACCEPTED[year] * 1e4, rel=COUNT_TOLERANCE)


def test_cumulative_volumes_that_were_not_calibrated_to(twin: Twin, figures: pd.DataFrame) -> None:
    """The monthly profile, which is assumed, must not contradict published sums of months."""
    monthly = twin.panel.groupby("period")[["complaints", "consultations"]].sum().astype(float)
    monthly["accepted"] = monthly.sum(axis=1)
    names = {"accepted_demands": "complaints", "accepted_total": "accepted"}
    rows = figures[
        (figures["unit_level"] == "city")
        & figures["series"].isin(names)
        & (figures["value_unit"] == "10k_cases")
        & (figures["period_end"].isin(["2021-11-30", "2024-06-30", "2024-09-30", "2025-12-31"]))
    ]
    assert len(rows) >= 5
    for row in rows.itertuples():
        simulated = monthly.loc[row.period_start[:7] : row.period_end[:7], names[row.series]].sum()
        assert simulated == pytest.approx(row.value * 1e4, rel=0.05), f"{row.series} {row.value}"


@pytest.mark.parametrize(("count", "share"), [("resolved", "resolved"), ("satisfied", "satisfied")])
def test_rates_follow_the_published_path(twin: Twin, count: str, share: str) -> None:
    monthly = twin.panel.groupby("period")[[count, "surveyed"]].sum().astype(float)
    rate = (monthly[count] / monthly["surveyed"]).to_numpy()
    assert np.abs(rate - city_shares()[share]).max() < RATE_TOLERANCE


def test_everybody_is_responded_to_until_october_2019(twin: Twin) -> None:
    early = twin.panel[twin.panel["period"] < "2019-11"]
    assert (early["responded"] == early["surveyed"]).all()


def test_surge_of_2022_is_in_consultations(twin: Twin) -> None:
    consultations = yearly(twin.panel, "consultations")
    assert consultations[2022] > 3 * consultations.drop(2022).max()


@pytest.mark.parametrize("district", [d for d in DISTRICTS if d.published], ids=lambda d: d.name)
def test_district_volumes(twin: Twin, district: object) -> None:
    published = district.published  # type: ignore[attr-defined]
    rows = twin.panel[
        (twin.panel["district"] == district.name)  # type: ignore[attr-defined]
        & (twin.panel["period"] >= published.first)
        & (twin.panel["period"] <= published.last)
    ]
    assert rows["complaints"].sum() == pytest.approx(published.cases, rel=DISTRICT_TOLERANCE)


def test_levels_average_to_one() -> None:
    people = np.array([district.population for district in DISTRICTS])
    assert np.average(district_levels(), weights=people) == pytest.approx(1)


def test_paths_have_no_jump_but_the_surge() -> None:
    """A jump between December and January would be an effect of the calendar, not of the city."""
    complaints = city_counts()["complaints"]
    change = np.abs(np.diff(np.log(complaints)))
    assert change.max() < 0.25


def test_categories_add_up_to_the_panel(twin: Twin) -> None:
    names = ["complaints", "proactive_cases"]
    by_category = twin.categories.groupby(["unit", "period"])[names].sum()
    by_street = twin.panel.groupby(["district", "period"])[names].sum().astype("int64")
    by_street.index = by_street.index.set_names(["unit", "period"])
    pd.testing.assert_frame_equal(by_category.sort_index(), by_street.sort_index())


def test_population_adds_up_to_the_census(twin: Twin) -> None:
    people = twin.register.groupby("district")["population"].sum()
    assert people.to_dict() == {district.name: district.population for district in DISTRICTS}
