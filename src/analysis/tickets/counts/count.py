"""Count checked tickets by unit and month, and by unit, category and month."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd

from analysis.contract.validate import validate_panel
from analysis.errors import Problem, StudyError
from analysis.study.schema import Study
from analysis.study.tickets import TABLES, Tickets
from analysis.tickets.counts.balance import balance_counts
from analysis.tickets.counts.cases import count_cases, count_homes, count_stated
from analysis.tickets.counts.deliveries import Deliveries, find_deliveries
from analysis.tickets.counts.handling import handling_times
from analysis.tickets.counts.homes import settle_homes
from analysis.tickets.counts.known import known_months
from analysis.tickets.counts.left_out import LeftOut
from analysis.tickets.counts.quantiles import QUANTILES, known_quantiles, last_followed_month
from analysis.tickets.counts.repeats import count_repeats
from analysis.tickets.counts.stated import Stated

__all__ = ["Counted", "count_tickets"]

NO_CATEGORY = "cases without a category, which count by unit only"
_KEYS = {"tickets": ("unit", "period"), "tickets_by_category": ("unit", "category", "period")}


@dataclass(frozen=True, slots=True)
class Counted:
    """The tables that panels are made of.

    Attributes
    ----------
    tables
        ``tickets`` and ``tickets_by_category``: tables that keep the panel contract.
    left_out
        What is not in them.
    """

    tables: dict[str, pd.DataFrame]
    left_out: tuple[LeftOut, ...]


def count_tickets(checked: ir.Table, study: Study, units: pd.DataFrame | None = None) -> Counted:
    """Count checked tickets.

    The passes over the tickets are expressions that run on whatever engine holds the table, and
    their results are small: one pass for all that a case counts as by itself, one for repeats, one
    for the handling times of each table, and one for what the sources state. The rest is done on
    these results.

    Parameters
    ----------
    checked
        The checked table: every landed row once, with `step` empty for those that are kept. It is
        read several times, so it had better be written down, not an expression that cleans anew.
    study
        The study; it has `tickets`.
    units
        The units of the register, if the study has one: `unit`, `district` and perhaps
        `valid_from` and `valid_to` (months), as
        `analysis.tickets.clean.references.read_ticket_references` returns them. Units without a
        case then have their rows too.

    Returns
    -------
    Counted
        A row for every unit (and every category ever seen in it) and every month that can be
        counted, sorted. A count of nothing is 0; what cannot be known is missing.

    Raises
    ------
    StudyError
        If the study has no tickets.
    DataError
        If a unit is in no district, or a table would break the panel contract.
    """
    if study.tickets is None:
        hint = "add the table 'tickets' to the study file"
        problem = Problem("there is nothing to count", f"{study.name}.toml", hint)
        raise StudyError("the study has no tickets", [problem])
    tickets = study.tickets
    stated = Stated.of(_collect_months(count_stated(checked, tickets)))
    cells = _count_cells(checked, tickets)
    deliveries = find_deliveries(stated, cells.groupby("period")["cases"].sum(), study, tickets)
    known, unknown = known_months(stated, tickets, deliveries)
    homes = settle_homes(_collect(count_homes(checked, tickets))) if units is None else units
    left_out = [*deliveries.left_out, *unknown]
    tables = {}
    for name in TABLES:
        counts = _sums(cells, _KEYS[name], [c for c in known if c not in QUANTILES])
        counts = _with_handling(counts, checked, tickets, _KEYS[name], known)
        table, outside = balance_counts(counts, homes, known, deliveries.months, name)
        tables[name] = validate_panel(table, name=name)
        left_out += outside
    return Counted(tables, (*left_out, *_without_category(cells, deliveries)))


def _collect(expression: ir.Table) -> pd.DataFrame:
    found: pd.DataFrame = expression.to_pyarrow().to_pandas()
    return found


def _collect_months(expression: ir.Table) -> pd.DataFrame:
    found = _collect(expression)
    return found.assign(period=pd.PeriodIndex(pd.to_datetime(found["period"]), freq="M"))


def _count_cells(checked: ir.Table, tickets: Tickets) -> pd.DataFrame:
    """Count by unit, category and month; `cases` are those that count in the tables."""
    cells = _collect_months(count_cases(checked, tickets))
    cells["cases"] = cells[["complaints", "consultations", "proactive_cases"]].sum(axis=1)
    cells = cells[cells["cases"] > 0]
    if "caller" not in tickets.columns:
        return cells
    repeats = _collect_months(count_repeats(checked, tickets))
    # Every repeat is a complaint, so that each of these rows has its cell.
    return cells.merge(
        repeats, on=["unit", "category", "period"], how="left", validate="one_to_one"
    ).fillna({"repeat_complaints": 0})


def _sums(cells: pd.DataFrame, keys: tuple[str, ...], columns: list[str]) -> pd.DataFrame:
    """Sum cells; those without a category are in no group of a table by category."""
    if "category" in keys:
        return cells.loc[cells["category"].notna(), [*keys, "cases", *columns]]
    return cells.groupby(list(keys), as_index=False, sort=False)[["cases", *columns]].sum()


def _with_handling(
    counts: pd.DataFrame,
    checked: ir.Table,
    tickets: Tickets,
    keys: tuple[str, ...],
    known: dict[str, pd.PeriodIndex],
) -> pd.DataFrame:
    if not any(len(known.get(name, ())) for name in QUANTILES):
        return counts.assign(**dict.fromkeys(QUANTILES, float("nan")))
    last = last_followed_month(tickets).start_time.date()
    found = known_quantiles(_collect_months(handling_times(checked, tickets, keys, last)))
    wanted = found[[*keys, *QUANTILES]]
    return counts.merge(wanted, on=list(keys), how="left", validate="one_to_one")


def _without_category(cells: pd.DataFrame, deliveries: Deliveries) -> tuple[LeftOut, ...]:
    bare = cells[cells["category"].isna()]
    bare = bare[bare["period"].isin(deliveries.months)]
    if bare.empty:
        return ()
    months = tuple(map(str, sorted(bare["period"].unique())))
    cases = int(bare["cases"].sum())
    return (LeftOut(NO_CATEGORY, months, tables=("tickets_by_category",), cases=cases),)
