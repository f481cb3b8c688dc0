"""What an exhibit of restricted data may tell: the rule that keeps small counts out of it.

Whole numbers from 1 to the threshold less one are not told where they count cases, people, rows or
anything else but what `UNITS_TOLD` and `HEADS_TOLD` name. Where the other counts of a row or column
of a table would give such a number away, the smallest of them is withheld as well, wherever in the
table it stands again. Cohorts of fewer units than the threshold, and months since adoption that
fewer reach, are not shown on their own. The rule looks at one exhibit at a time, and at no means,
percentages or overall estimates.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.ledger.flow import Dropped, RowFlow

if TYPE_CHECKING:
    from analysis.effects.design import Design

__all__ = [
    "UNITS_TOLD",
    "WITHHELD",
    "has_small_group",
    "hide_small",
    "is_small",
    "names_in",
    "protect_flow",
    "protect_number",
    "protect_table",
    "reached_by_few",
    "small_text",
]

# Numbers of these are about the design, and no count of cases, people or rows.
UNITS_TOLD = frozenset(
    {
        *("%", "per cent", "clusters", "cohorts", "estimators", "months", "outcomes", "panels"),
        *("specifications", "types", "units"),
    }
)
HEADS_TOLD = frozenset({"Clusters", "Months", "Units"})

# A count that is withheld because it would give a small one away.
WITHHELD = "withheld"
OTHER_REASONS = "other reasons, each of few rows"

_COUNT = re.compile(r"\d[\d,]*")
# With more counts in a row, all their sums and differences are too many to look at.
_MOST_IN_SUMS = 9


def is_small(value: float, threshold: int) -> bool:
    """Say whether a count is too small to be told; 0 tells of nobody and may be told.

    Examples
    --------
    >>> is_small(9, 10), is_small(10, 10), is_small(0, 10)
    (True, False, False)
    """
    return 0 < abs(value) < threshold


def small_text(threshold: int) -> str:
    """Say what stands in place of a small count.

    Examples
    --------
    >>> small_text(10)
    '<10'
    """
    return f"<{threshold}"


def protect_number(value: float, text: str, unit: str, threshold: int) -> tuple[float | None, str]:
    """Take a number away if it is a small count.

    Parameters
    ----------
    value, text, unit
        The number, as it is written, and what it is a number of.
    threshold
        See `analysis.study.access.Disclosure`; with 0 the number stays as it is.

    Returns
    -------
    tuple of float or None and str
        Its value, or None, and its text, or ``<threshold``.

    Examples
    --------
    >>> protect_number(7, "7", "cases", 10), protect_number(7, "7", "clusters", 10)
    ((None, '<10'), (7, '7'))
    """
    if _COUNT.fullmatch(text) and unit not in UNITS_TOLD and is_small(value, threshold):
        return None, small_text(threshold)
    return value, text


def protect_table(cells: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Take small counts out of a table, and what would give them away.

    Parameters
    ----------
    cells
        Text, as it is to be read.
    threshold
        See `analysis.study.access.Disclosure`; with 0 the table stays as it is.

    Returns
    -------
    pandas.DataFrame
        The same cells. A whole number from 1 to ``threshold - 1`` is ``<threshold``, unless its
        column is one of `HEADS_TOLD`. If it is a sum or difference of other counts of its row, or
        its column has a total, then the smallest count of these is `WITHHELD`, and with it every
        equal one, since what goes out of one row may come into the next; and so on until no small
        count follows from what is left.

    Examples
    --------
    >>> cells = pd.DataFrame({"Rows in": ["120"], "Dropped": ["3"], "Joined": ["17"],
    ...                       "Rows out": ["100"]})
    >>> protect_table(cells, 10).iloc[0].tolist()
    ['120', '<10', 'withheld', '100']
    """
    rows = [list(row) for row in cells.to_numpy().tolist()]
    counts = {
        (down, across): int(text.replace(",", ""))
        for down, row in enumerate(rows)
        for across, text in enumerate(row)
        if str(cells.columns[across]) not in HEADS_TOLD and _COUNT.fullmatch(str(text))
    }
    hidden = {place for place, count in counts.items() if is_small(count, threshold)}
    for down, across in hidden:
        rows[down][across] = small_text(threshold)
    while (revealing := _revealing(counts, hidden)) is not None:
        again = {place for place, count in counts.items() if count == counts[revealing]} - hidden
        hidden |= again
        for down, across in again:
            rows[down][across] = WITHHELD
    return pd.DataFrame(rows, index=cells.index, columns=cells.columns)


def protect_flow(flow: RowFlow, threshold: int) -> RowFlow | None:
    """Take small counts out of a flow of rows, and the list of which rows were dropped.

    Parameters
    ----------
    flow
        From the rows of a panel to the observations of a result.
    threshold
        With 0 the flow stays as it is.

    Returns
    -------
    RowFlow or None
        Reasons of few rows are put together with the next smallest until they are enough; None if
        all dropped rows together are few, or anything else is, so that the flow cannot be told.
    """
    if not threshold:
        return flow
    sizes = (flow.rows_in, flow.rows_dropped, flow.repeated, flow.observations)
    if any(is_small(size, threshold) for size in sizes):
        return None
    together: list[Dropped] = []
    for one in sorted(flow.dropped, key=lambda one: one.count):
        if is_small(one.count, threshold) or 0 < _sum(together) < threshold:
            together.append(one)
    kept = tuple(replace(one, rows="") for one in flow.dropped if one not in together)
    rest = (Dropped(OTHER_REASONS, _sum(together)),) if together else ()
    return replace(flow, dropped=(*kept, *rest))


def has_small_group(panel: pd.DataFrame, unit: Sequence[str], group: str, threshold: int) -> bool:
    """Say whether a group of units is too small for results of its own.

    Parameters
    ----------
    panel
        With several rows for each unit.
    unit
        The columns that together identify a unit.
    group
        The column of the groups, such as adoption months; units without a group are one too.
    threshold
        With 0 no group is too small.
    """
    sizes = panel.drop_duplicates([*unit])[group].value_counts(dropna=False)
    return any(is_small(size, threshold) for size in sizes)


def reached_by_few(
    panel: pd.DataFrame, design: Design, months: Iterable[int], threshold: int
) -> bool:
    """Say whether a month since adoption is one that only a few units are observed in.

    Parameters
    ----------
    panel, design
        See `analysis.effects.estimate.estimate`. Of a dose every unit has every month.
    months
        Months since adoption of which something is to be shown.
    threshold
        With 0 there are never too few.
    """
    if design.treatment != "adoption":
        return False
    # Imported here because recording an exhibit need not load what estimation needs.
    from analysis.effects.columns import period_numbers

    since = period_numbers(panel[design.period]) - period_numbers(panel[design.treatment_column])
    known = panel[design.outcome].notna().to_numpy()
    return any(is_small(float((known & (since == month)).sum()), threshold) for month in months)


def hide_small(counts: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Set small counts to missing, for a figure; with a threshold of 0 none is small."""
    return counts.mask((counts > 0) & (counts < threshold))


def names_in(texts: Mapping[str, str], names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Find names in texts, as whole words: which text, and which name.

    Names of a single letter, or of digits alone, are not looked for: they stand everywhere.

    Examples
    --------
    >>> list(names_in({"a.csv": "without East Town, 3"}, ["East Town", "Town Hall", "3"]))
    [('a.csv', 'East Town')]
    """
    wanted = sorted({name for name in names if len(name) > 1 and not name.isdecimal()})
    if not wanted:
        return
    # Chinese is written without spaces, so only letters of an alphabet make a longer word.
    pattern = "|".join(re.escape(name) for name in sorted(wanted, key=len, reverse=True))
    whole = re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])")
    for text in sorted(texts):
        for name in sorted(set(whole.findall(texts[text]))):
            yield text, name


def _sum(dropped: Iterable[Dropped]) -> int:
    return sum(one.count for one in dropped)


Place = tuple[int, int]


def _revealing(counts: Mapping[Place, int], hidden: set[Place]) -> Place | None:
    """Find a count that would give a hidden one away: the smallest of those that together do."""
    told = {place: count for place, count in counts.items() if place not in hidden and count}
    for place in sorted(hidden):
        row = {other: count for other, count in told.items() if other[0] == place[0]}
        column = {other: count for other, count in told.items() if other[1] == place[1]}
        alone = sum(other[1] == place[1] for other in hidden) == 1
        given_away = _as_sum(counts[place], row)
        if not given_away and alone and _has_total([*column.values(), counts[place]]):
            given_away = tuple(column)
        if given_away:
            return min(given_away, key=lambda other: (told[other], other))
    return None


def _as_sum(value: int, others: Mapping[Place, int]) -> tuple[Place, ...]:
    """Name counts of which the value is a sum or difference, the fewest that will do."""
    places = list(others)[:_MOST_IN_SUMS]
    for size in range(2, len(places) + 1):
        for chosen in itertools.combinations(places, size):
            for signs in itertools.product((1, -1), repeat=size):
                if sum(s * others[p] for s, p in zip(signs, chosen, strict=True)) == value:
                    return chosen
    return ()


def _has_total(column: list[int]) -> bool:
    return len(column) > 2 and 2 * max(column) == sum(column)
