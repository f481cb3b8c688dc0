"""Count cases by who opened them: residents, staff or other software."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.errors import DataError, Problem
from analysis.study.sources import Source

__all__ = [
    "INITIATORS",
    "deadline_table",
    "initiator_counts",
    "initiators_of_tickets",
    "large_types",
    "monthly_counts",
    "shares_by_type",
]

INITIATORS = ("resident", "proactive", "system")


def initiator_counts(folder: Path, source: Source) -> pd.DataFrame:
    """Read a source's raw counts with the initiator that the panels turn into columns.

    The panels leave out what no design can use (software's own cases, places that are no unit),
    so a description of all the cases starts from the raw files.

    Parameters
    ----------
    folder
        The study's raw folder.
    source
        A source whose layout is ``by_initiator``.

    Returns
    -------
    pandas.DataFrame
        One row per raw row: `unit`, `category`, `period`, `initiator`, `cases`, `with_deadline`,
        `on_time`, and `is_unit`, whether the place is one of the study's units.

    Raises
    ------
    DataError
        If the source has no initiators.
    """
    if source.initiators is None:
        problem = Problem("its layout is not 'by_initiator'", source.name)
        raise DataError("there are no initiators to count", [problem])
    heads = {wanted: raw for raw, wanted in source.initiators.resident.items()}
    parts = [
        pd.read_csv(path, encoding=source.encoding, keep_default_na=False)
        for path in sorted(folder.glob(source.files))
    ]
    raw = pd.concat(parts, ignore_index=True)
    keys = {
        name: next(head for head in heads if head in raw.columns)
        for name, heads in source.headers.items()
    }
    return pd.DataFrame(
        {
            "unit": raw[keys["unit"]],
            "category": raw[keys["category"]],
            "period": pd.PeriodIndex(raw[keys["period"]], freq="M"),
            "initiator": raw[source.initiators.column],
            "cases": raw[heads["complaints"]],
            "with_deadline": raw[heads["with_deadline"]],
            "on_time": raw[heads["on_time"]],
            "is_unit": ~raw[keys["unit"]].isin(source.not_a_unit),
        }
    )


def initiators_of_tickets(table: pd.DataFrame) -> pd.DataFrame:
    """Read who opened the cases that were counted from tickets.

    Cases that software opened, and tickets that are set aside, are not in the tables; the account
    of the ingest has them.

    Parameters
    ----------
    table
        Counts by unit, category and month, with `complaints` and `proactive_cases`.

    Returns
    -------
    pandas.DataFrame
        One row for each row of the table and initiator: `unit`, `category`, `period`, `initiator`
        and `cases`.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"unit": ["a"], "category": ["noise"], "period": pd.PeriodIndex(["2023-01"], freq="M"),
    ...      "complaints": [3], "proactive_cases": [1]}
    ... )
    >>> initiators_of_tickets(table)[["initiator", "cases"]].to_numpy().tolist()
    [['resident', 3], ['proactive', 1]]
    """
    names = {"complaints": "resident", "proactive_cases": "proactive"}
    return table.rename(columns=names).melt(
        id_vars=["unit", "category", "period"],
        value_vars=list(names.values()),
        var_name="initiator",
        value_name="cases",
    )


def shares_by_type(counts: pd.DataFrame, kept: Sequence[str]) -> pd.DataFrame:
    """Work out who opens the cases of each type.

    Parameters
    ----------
    counts
        As `initiator_counts` or `initiators_of_tickets` gives them.
    kept
        The types that the panel keeps.

    Returns
    -------
    pandas.DataFrame
        Indexed by `category`, most cases first: `cases`, the share of each initiator, `kept`.
    """
    wide = counts.pivot_table(
        index="category", columns="initiator", values="cases", aggfunc="sum", fill_value=0
    ).reindex(columns=list(INITIATORS), fill_value=0)
    cases = wide.sum(axis=1)
    shares = wide.div(cases, axis=0).assign(cases=cases, kept=wide.index.isin(kept))
    return shares.sort_values(["cases", "resident"], ascending=False, kind="stable")


def large_types(shares: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Leave out the types of which some initiator opened a few cases only.

    Parameters
    ----------
    shares
        As `shares_by_type` gives them.
    threshold
        How many are not few, see `analysis.disclosure`; with 0 no type is left out.
    """
    cases = shares[list(INITIATORS)].mul(shares["cases"], axis=0).round()
    return shares[~((cases > 0) & (cases < threshold)).any(axis=1)]


def monthly_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """Sum cases by month and initiator: one row per month, one column per initiator."""
    wide = counts.pivot_table(
        index="period", columns="initiator", values="cases", aggfunc="sum", fill_value=0
    )
    return wide.reindex(columns=list(INITIATORS), fill_value=0)


def deadline_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Write, for each initiator, how many cases carry a deadline and how many met it.

    Parameters
    ----------
    counts
        As `initiator_counts` gives them.

    Returns
    -------
    pandas.DataFrame
        Text cells: cases, those without a neighbourhood or like unit, without a deadline, and
        the share on time of those with one.
    """
    rows = []
    for initiator in INITIATORS:
        part = counts[counts["initiator"] == initiator]
        cases, due = int(part["cases"].sum()), int(part["with_deadline"].sum())
        placeless = int(part.loc[~part["is_unit"], "cases"].sum())
        rows.append(
            {
                "Opened by": initiator,
                "Cases": f"{cases:,}",
                "Without a unit (%)": _percent(placeless, cases),
                "Without a deadline (%)": _percent(cases - due, cases),
                "On time, of those with one (%)": _percent(int(part["on_time"].sum()), due),
            }
        )
    return pd.DataFrame(rows)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "—"
