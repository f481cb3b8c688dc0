"""Put right what the study file says is systematically wrong."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from analysis.study.ticket_codes import Repair
from analysis.tickets.clean.marks import note

__all__ = ["recode", "repair"]


def recode(table: ir.Table, spellings: Mapping[str, Mapping[str, str]]) -> ir.Table:
    """Bring values to the spelling that the study uses.

    Parameters
    ----------
    table
        Tickets with marks; `changed` gets ``recode_<column>`` where a value is changed.
    spellings
        Column -> value as published -> value to be used. A value is changed once, even if the
        new one is itself a key.
    """
    given = {name: dict(values) for name, values in spellings.items() if name in table.columns}
    table = note(
        table,
        "changed",
        {f"recode_{name}": table[name].isin(list(values)) for name, values in given.items()},
    )
    return table.mutate(
        **{
            name: table[name].cases(*values.items(), else_=table[name])
            for name, values in given.items()
            if values
        }
    )


def repair(table: ir.Table, repairs: tuple[Repair, ...]) -> ir.Table:
    """Carry out the repairs, and name them by their kind in `changed`.

    Parameters
    ----------
    table
        Tickets with marks, and with `default_point` if a repair is about coordinates.
    repairs
        From the study file; see `analysis.study.ticket_codes.Repair`.
    """
    for kind, columns in _CLEARED.items():
        asked = [given for given in repairs if given.kind == kind]
        if asked:
            wrong = _concerned(table, asked) & _is_wrong(table, kind)
            table = note(table, "changed", {kind: wrong})
            table = table.mutate(
                **{
                    name: wrong.ifelse(ibis.null("string"), table[name])
                    for name in columns
                    if name in table.columns
                }
            )
    return table


# Kind of repair -> the columns whose cells it takes away.
_CLEARED: dict[str, tuple[str, ...]] = {
    "on_time_without_due": ("on_time",),
    "default_coordinates": ("district", "street"),
}


def _concerned(table: ir.Table, repairs: list[Repair]) -> ir.BooleanValue:
    if any(not given.sources for given in repairs):
        return ibis.literal(True)
    return table.source.isin([name for given in repairs for name in given.sources])


def _is_wrong(table: ir.Table, kind: str) -> ir.BooleanValue:
    if kind == "default_coordinates":
        return table.default_point.fill_null(False)
    if "on_time" not in table.columns:
        return ibis.literal(False)
    no_deadline = table.due.isnull() if "due" in table.columns else ibis.literal(True)
    return table.on_time.notnull() & no_deadline
