"""Would catch a constant that says "published" and differs from data/raw/published."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.simulate.constants import (
    CATEGORY_WEIGHTS,
    COHORTS,
    DISTRICTS,
    HABIT_WEIGHTS,
    RATE_PATHS,
    YEARLY_ACCEPTED,
    YEARLY_COMPLAINTS,
)


def city(figures: pd.DataFrame, series: str, first: str, last: str) -> list[float]:
    rows = figures[
        (figures["unit_level"] == "city")
        & (figures["series"] == series)
        & (figures["period_start"] == first)
        & (figures["period_end"] == last)
    ]
    return rows["value"].tolist()


def test_district_populations_are_those_of_the_census(raw: Path) -> None:
    census = pd.read_csv(raw / "published" / "census_2020.csv")
    published = dict(zip(census["district"], census["population"], strict=True))
    assert {district.name: district.population for district in DISTRICTS} == published


def test_units_add_up_to_the_published_number(figures: pd.DataFrame) -> None:
    published = city(figures, "n_subdistricts_towns", "2022-12-31", "2022-12-31")
    assert [sum(d.streets + d.towns for d in DISTRICTS)] == published


@pytest.mark.parametrize("year", [2019, 2020, 2023, 2025])
def test_yearly_totals_are_published(figures: pd.DataFrame, year: int) -> None:
    published = city(figures, "accepted_total", f"{year}-01-01", f"{year}-12-31")
    assert YEARLY_ACCEPTED[year] in published


def test_yearly_complaints_are_published_where_they_say_so(figures: pd.DataFrame) -> None:
    assert YEARLY_COMPLAINTS[2019] in city(figures, "demands_handled", "2019-01-01", "2019-12-31")
    assert YEARLY_COMPLAINTS[2020] in city(figures, "dispatched_orders", "2020-01-01", "2020-12-31")


@pytest.mark.parametrize(
    ("count", "series"), [("resolved", "resolution_rate"), ("satisfied", "satisfaction_rate")]
)
def test_every_point_of_a_rate_path_is_published(
    figures: pd.DataFrame, count: str, series: str
) -> None:
    for month, value in RATE_PATHS[count].items():
        last = pd.Period(month, freq="M").end_time.date().isoformat()
        published = city(figures, series, f"{month}-01", last)
        assert round(100 * value, 2) in published, f"{series} of {month}"


@pytest.mark.parametrize("district", [d for d in DISTRICTS if d.published], ids=lambda d: d.name)
def test_published_district_volumes(raw: Path, district: object) -> None:
    periods = pd.read_csv(raw / "published" / "district_periods.csv")
    rows = periods[periods["district"] == district.name]  # type: ignore[attr-defined]
    published = district.published  # type: ignore[attr-defined]
    same_start = rows["period_start"].str.startswith(published.first)
    assert published.cases in rows.loc[same_start, "volume_cases"].tolist()


def test_category_weights_are_published_but_for_two(figures: pd.DataFrame) -> None:
    rows = figures[
        figures["series"].str.startswith("category_volume:")
        & (figures["unit_level"] == "city")
        & (figures["period_end"] == "2020-12-31")
    ]
    published = dict(
        zip(rows["series"].str.removeprefix("category_volume:"), rows["value"], strict=True)
    )
    assumed = set(CATEGORY_WEIGHTS) - set(published)
    assert assumed == {"市容环卫", "其他"}
    assert {name: CATEGORY_WEIGHTS[name] for name in published} == published


def test_every_category_has_a_habit_weight() -> None:
    assert set(HABIT_WEIGHTS) == set(CATEGORY_WEIGHTS)


def test_cohorts_follow_each_other_and_leave_a_quarter_untreated() -> None:
    starts = [cohort.start for cohort in COHORTS]
    assert starts == sorted(set(starts))
    never = 1 - sum(cohort.streets for cohort in COHORTS) / 343
    assert 0.25 <= never <= 0.30
