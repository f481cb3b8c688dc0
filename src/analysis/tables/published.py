"""Arrange the published figures of a place: volumes by year, rates by month, what they rest on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.errors import DataError, Problem

__all__ = ["published_rates", "published_table", "read_published", "yearly_volumes"]

# Factors that turn a published unit into ten thousand cases.
IN_10K_CASES = {"10k_cases": 1.0, "million_cases": 100.0}

PUBLISHED_COLUMNS = (
    "series",
    "unit_level",
    "period_start",
    "period_end",
    "value",
    "value_unit",
    "source_title",
    "source_url",
    "note",
)


@dataclass(frozen=True, slots=True)
class _Total:
    """A total over a run of months, `first` to `last`, in ten thousand cases."""

    first: pd.Period
    last: pd.Period
    value: float
    low: float
    high: float
    derived: bool = False

    @property
    def months(self) -> frozenset[pd.Period]:
        return frozenset(pd.period_range(self.first, self.last, freq="M"))


def read_published(folder: Path, name: str) -> pd.DataFrame:
    """Read one of the tables of published facts.

    Parameters
    ----------
    folder
        ``data/raw/published``.
    name
        ``figures`` or ``timeline``.

    Returns
    -------
    pandas.DataFrame
        As the file has it. `figures` gets `first_month` and `last_month` (months, missing where
        a figure does not cover whole months) besides.

    Raises
    ------
    DataError
        If a column of the figures is missing.
    """
    path = folder / f"{name}.csv"
    table = pd.read_csv(path, encoding="utf-8", dtype={"date": "str"})
    if name != "figures":
        return table
    absent = [given for given in PUBLISHED_COLUMNS if given not in table.columns]
    if absent:
        hint = f"expected the columns {', '.join(PUBLISHED_COLUMNS)}"
        problems = [Problem(f"column {given!r} is missing", path.name, hint) for given in absent]
        raise DataError("the published figures cannot be read", problems)
    start = pd.to_datetime(table["period_start"])
    end = pd.to_datetime(table["period_end"])
    return table.assign(
        first_month=start.dt.to_period("M").where(start.dt.is_month_start),
        last_month=end.dt.to_period("M").where(end.dt.is_month_end),
    )


def yearly_volumes(figures: pd.DataFrame, series: str = "accepted_total") -> pd.DataFrame:
    """Put the city's volumes by year together, from yearly totals and from cumulative ones.

    A year without a total of its own is worked out: from a cumulative total, the longest totals
    known inside it are taken away, and the months that remain get the rest. Cumulative totals are
    rounded, some to a million, so what is worked out is rough and is marked as such.

    Parameters
    ----------
    figures
        As `read_published` gives them.
    series
        Which series of volumes.

    Returns
    -------
    pandas.DataFrame
        One row per year with `year`, `value`, `low` and `high` (ten thousand cases; the last two
        differ where sources do), `basis` (``published`` or ``worked out``) and `months`, those
        that the value covers (a remainder of 13 months belongs to the year of most of them).
    """
    totals = _published_totals(figures, series)
    totals = _widen_by_growth(totals, figures, f"{series}_growth_yoy")
    totals += _remainders(totals)
    within_years = [total for total in totals if _spans_at_most_a_year(total)]
    rows = []
    for year in sorted({_main_year(total) for total in within_years}):
        parts = _longest_first([total for total in within_years if _main_year(total) == year])
        first, last = min(part.first for part in parts), max(part.last for part in parts)
        derived = any(part.derived for part in parts)
        rows.append(
            {
                "year": year,
                "value": sum(part.value for part in parts),
                "low": sum(part.low for part in parts),
                "high": sum(part.high for part in parts),
                "basis": "worked out" if derived else "published",
                "months": f"{first} to {last}",
            }
        )
    return pd.DataFrame(rows, columns=["year", "value", "low", "high", "basis", "months"])


def published_rates(figures: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Take the city's published rates.

    Parameters
    ----------
    figures
        As `read_published` gives them.
    names
        Measures that the city publishes under the same name, such as ``resolution_rate``.

    Returns
    -------
    pandas.DataFrame
        One row per figure with `measure`, `first_month`, `last_month`, `value` (0 to 1) and
        `disputed` (whether a source contradicts it).
    """
    chosen = figures[
        (figures["unit_level"] == "city")
        & figures["series"].isin(names)
        & figures["first_month"].notna()
        & figures["last_month"].notna()
    ]
    return pd.DataFrame(
        {
            "measure": chosen["series"],
            "first_month": chosen["first_month"],
            "last_month": chosen["last_month"],
            "value": chosen["value"] / 100,
            "disputed": chosen["note"].fillna("").str.contains("CONFLICT"),
        }
    ).reset_index(drop=True)


def published_table(volumes: pd.DataFrame) -> pd.DataFrame:
    """Write the yearly volumes as a table of text.

    Parameters
    ----------
    volumes
        As `yearly_volumes` gives them.
    """
    spread = volumes["high"] > volumes["low"]
    ranges = volumes["low"].map("{:,.0f}".format) + "–" + volumes["high"].map("{:,.0f}".format)
    return pd.DataFrame(
        {
            "Year": volumes["year"].astype(str),
            "Cases (10,000)": volumes["value"].map("{:,.0f}".format),
            "Range of sources": ranges.where(spread, "—"),
            "Basis": volumes["basis"],
            "Months": volumes["months"],
        }
    )


def _published_totals(figures: pd.DataFrame, series: str) -> list[_Total]:
    chosen = figures[
        (figures["unit_level"] == "city")
        & (figures["series"] == series)
        & figures["value_unit"].isin(IN_10K_CASES)
        & figures["first_month"].notna()
        & figures["last_month"].notna()
    ]
    values = chosen["value"] * chosen["value_unit"].map(IN_10K_CASES)
    totals = []
    spans = list(zip(chosen["first_month"], chosen["last_month"], strict=True))
    for first, last in sorted(set(spans)):
        same = values[[span == (first, last) for span in spans]]
        # Where several sources give the same months, the first listed is the most exact one.
        totals.append(_Total(first, last, same.iloc[0], same.min(), same.max()))
    return totals


def _widen_by_growth(
    totals: list[_Total], figures: pd.DataFrame, growth_series: str
) -> list[_Total]:
    """Let a published growth rate speak on the year before: it implies a total of its own."""
    city = figures[(figures["unit_level"] == "city") & (figures["series"] == growth_series)]
    widened = {(total.first, total.last): total for total in totals}
    whole_months = city.dropna(subset=["first_month", "last_month"])
    spans = zip(whole_months["first_month"], whole_months["last_month"], strict=True)
    for (first, last), percent in zip(spans, whole_months["value"].astype(float), strict=True):
        this, before = widened.get((first, last)), widened.get((first - 12, last - 12))
        if this and before:
            implied = this.value / (1 + percent / 100)
            low, high = min(before.low, implied), max(before.high, implied)
            widened[before.first, before.last] = replace(before, low=low, high=high)
    return list(widened.values())


def _remainders(totals: list[_Total]) -> list[_Total]:
    """Work out the months that cumulative totals leave, shortest cumulative total first."""
    found: list[_Total] = []
    cumulative = [total for total in totals if not _spans_at_most_a_year(total)]
    for whole in sorted(cumulative, key=lambda total: total.last):
        inside = [total for total in [*totals, *found] if total.months < whole.months]
        parts = _longest_first(inside)
        left = sorted(whole.months.difference(*(part.months for part in parts)))
        if left and left[-1].ordinal - left[0].ordinal == len(left) - 1:
            value = whole.value - sum(part.value for part in parts)
            found.append(_Total(left[0], left[-1], value, value, value, derived=True))
    return found


def _longest_first(totals: list[_Total]) -> list[_Total]:
    """Choose totals that do not overlap, the longest first, published before worked out."""
    chosen: list[_Total] = []
    order = sorted(totals, key=lambda total: (-len(total.months), total.derived, total.first))
    for total in order:
        if all(total.months.isdisjoint(other.months) for other in chosen):
            chosen.append(total)
    return chosen


def _spans_at_most_a_year(total: _Total) -> bool:
    # A remainder may spill over by a month and still speak of one year.
    return len(total.months) <= (13 if total.derived else 12)


def _main_year(total: _Total) -> int:
    years = [month.year for month in sorted(total.months)]
    return max(sorted(set(years)), key=years.count)
