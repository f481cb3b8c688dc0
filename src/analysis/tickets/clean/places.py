"""Bring each case to a unit of today, by the name that its place had when it was opened."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from analysis.study.tickets import Tickets
from analysis.tickets.clean.directory import list_names
from analysis.tickets.clean.marks import note, set_aside
from analysis.tickets.clean.reasons import MADE_UP_PLACE, NO_UNIT, NOT_A_UNIT, UNKNOWN_UNIT
from analysis.tickets.clean.references import TicketReferences
from analysis.tickets.privacy.patterns import BEGIN_MARK, END_MARK

__all__ = ["find_units"]


def find_units(table: ir.Table, tickets: Tickets, references: TicketReferences) -> ir.Table:
    """Add `unit` and, if the study has a register, take `district` from it.

    Parameters
    ----------
    table
        Tickets with marks and with the values that the study uses.
    tickets
        Which column is the unit, and what in it is none: an empty text in `not_a_unit` stands for
        an empty cell.
    references
        The register and the crosswalk; a case in a former unit gets its successor, which adds
        ``crosswalk`` to `changed`.
    """
    name = table[tickets.unit]
    table = table.mutate(unit=name)
    nowhere = ibis.literal("" in tickets.not_a_unit)
    reasons = {
        MADE_UP_PLACE: name.isnull() & table.changed.contains(",default_coordinates"),
        NOT_A_UNIT: name.isin(tickets.not_a_unit) | (name.isnull() & nowhere),
        NO_UNIT: name.isnull(),
    }
    table = set_aside(table, "places", reasons)
    if references.units is None:
        # Any name is a unit then, but a cell that held only what is personal holds a mark of it.
        is_mark = table.unit.startswith(BEGIN_MARK) & table.unit.endswith(END_MARK)
        return set_aside(table, "places", {NO_UNIT: is_mark})
    return _look_up(table, references)


def _look_up(table: ir.Table, references: TicketReferences) -> ir.Table:
    directory = _directory(references)
    found = table.left_join(
        directory,
        [
            table.unit == directory.known_name,
            table.opened >= directory.known_since,
            table.opened < directory.known_until,
        ],
    ).select(*table.columns, "known_unit", "known_district")
    found = set_aside(found, "places", {UNKNOWN_UNIT: found.known_unit.isnull()})
    found = note(found, "changed", {"crosswalk": found.known_unit != found.unit})
    return found.mutate(
        unit=found.known_unit.coalesce(found.unit),
        district=found.known_unit.notnull().ifelse(found.known_district, found.district),
    ).drop("known_unit", "known_district")


def _directory(references: TicketReferences) -> ir.Table:
    """Return a table small enough to be held whole beside any number of tickets."""
    assert references.units is not None
    units = references.units
    district = dict(zip(units["unit"], units["district"], strict=True))
    names = list_names(units, references.crosswalk)
    moment = pa.timestamp("us")
    return ibis.memtable(
        pa.table(
            {
                "known_name": pa.array([n.name for n in names], pa.string()),
                "known_since": pa.array([n.since for n in names], moment),
                "known_until": pa.array([n.until for n in names], moment),
                "known_unit": pa.array([n.unit for n in names], pa.string()),
                "known_district": pa.array([district[n.unit] for n in names], pa.string()),
            }
        )
    )
