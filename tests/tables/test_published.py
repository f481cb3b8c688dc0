"""Published figures: what is taken, what is worked out, what is kept apart."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.tables.published import (
    published_rates,
    published_table,
    read_published,
    yearly_volumes,
)

PUBLISHED = Path(__file__).parents[2] / "data" / "raw" / "published"


def figures(*rows: tuple[str, str, str, float], unit: str = "10k_cases") -> pd.DataFrame:
    """Build figures from series, first month, last month and value."""
    frame = pd.DataFrame(rows, columns=["series", "first_month", "last_month", "value"])
    return frame.assign(
        unit_level="city",
        value_unit=unit,
        note="",
        first_month=pd.PeriodIndex(frame["first_month"], freq="M"),
        last_month=pd.PeriodIndex(frame["last_month"], freq="M"),
    )


def test_a_year_is_worked_out_from_cumulative_totals() -> None:
    """Would catch a cumulative total taken for a year's, or a year counted twice."""
    given = figures(
        ("accepted_total", "2019-01", "2019-12", 700),
        ("accepted_total", "2020-01", "2020-12", 1100),
        ("accepted_total", "2019-01", "2021-11", 3100),
        ("accepted_total", "2023-01", "2023-12", 2100),
        ("accepted_total", "2019-01", "2023-12", 12900),
    )
    volumes = yearly_volumes(given).set_index("year")
    assert volumes["value"].to_dict() == {
        2019: 700,
        2020: 1100,
        2021: 1300,
        2022: 12900 - 3100 - 2100,
        2023: 2100,
    }
    assert volumes.loc[2022, "months"] == "2021-12 to 2022-12"
    assert volumes["basis"].tolist() == [
        "published",
        "published",
        "worked out",
        "worked out",
        "published",
    ]


def test_months_that_do_not_hang_together_are_not_worked_out() -> None:
    """Would catch a remainder of two separate years booked as one."""
    given = figures(
        ("accepted_total", "2020-01", "2020-12", 10),
        ("accepted_total", "2019-01", "2021-12", 40),
    )
    assert yearly_volumes(given)["year"].tolist() == [2020]


def test_sources_that_differ_give_a_range() -> None:
    given = figures(
        ("accepted_total", "2019-01", "2019-12", 696.36),
        ("accepted_total", "2019-01", "2019-12", 690),
    )
    (row,) = yearly_volumes(given).itertuples()
    assert (row.value, row.low, row.high) == (696.36, 690, 696.36)
    assert published_table(yearly_volumes(given))["Range of sources"].tolist() == ["690–696"]


def test_a_growth_rate_speaks_on_the_year_before() -> None:
    """Would catch a contradiction between a total and a growth rate that goes unseen."""
    totals = figures(
        ("accepted_total", "2019-01", "2019-12", 700),
        ("accepted_total", "2020-01", "2020-12", 1100),
    )
    growth = figures(("accepted_total_growth_yoy", "2020-01", "2020-12", 50), unit="percent")
    volumes = yearly_volumes(pd.concat([totals, growth])).set_index("year")
    assert volumes.loc[2019, "high"] == pytest.approx(1100 / 1.5)
    assert volumes.loc[2019, "value"] == 700


def test_disputed_rates_are_told_apart() -> None:
    given = figures(("resolution_rate", "2019-01", "2019-01", 53.09), unit="percent")
    disputed = given.assign(note="CONFLICT with 40.11")
    rates = published_rates(pd.concat([given, disputed]), ("resolution_rate",))
    assert rates["value"].tolist() == pytest.approx([0.5309, 0.5309])
    assert rates["disputed"].tolist() == [False, True]


def test_published_totals_of_the_city() -> None:
    """Hold the worked-out years against arithmetic on the published figures done by hand.

    2021 (to November): 3134 - 696.36 - 1103.94; December 2021 and 2022: 14100 - 3134 - 2143 -
    1120, all in ten thousand cases.
    """
    volumes = yearly_volumes(read_published(PUBLISHED, "figures")).set_index("year")
    assert volumes.loc[2019, "value"] == 696.36
    assert volumes.loc[2021, "value"] == pytest.approx(1333.7)
    assert volumes.loc[2022, "value"] == pytest.approx(7703)


def test_figures_that_do_not_cover_whole_months_are_left_out() -> None:
    """Would catch a total up to 24 December taken for the year's."""
    read = read_published(PUBLISHED, "figures")
    assert read.loc[read["period_end"] == "2019-12-24", "last_month"].isna().all()
    assert read.loc[read["period_end"] == "2019-12-31", "last_month"].notna().all()


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text("series,value\na,1\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"figures\.csv: column 'unit_level' is missing"):
        read_published(tmp_path, "figures")
