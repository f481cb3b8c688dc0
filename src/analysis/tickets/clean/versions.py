"""Keep the latest version of each case, and set the earlier ones aside."""

from __future__ import annotations

from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir

from analysis.study.tickets import Tickets
from analysis.tickets.clean.identify import is_identified
from analysis.tickets.clean.marks import set_aside
from analysis.tickets.clean.reasons import EARLIER_VERSION, REPEATED_ROW
from analysis.tickets.contract import ticket_columns

__all__ = ["set_aside_earlier_versions"]


def set_aside_earlier_versions(table: ir.Table, landed: ir.Table, tickets: Tickets) -> ir.Table:
    """Set aside every row whose case has a later version.

    The latest version is the one `updated` last; without that, the one in the last file by name,
    and in it the last row. Rows that could not be read or identified are versions of nothing.

    Parameters
    ----------
    table
        Landed tickets with marks.
    landed
        The same without marks. It is read anew to look for versions, because an engine may keep a
        whole copy of an expression that is used in several places.
    tickets
        Whether a number is a case's in the whole city, or only within its source.

    Notes
    -----
    Only rows whose number comes more than once are ever sorted. They are found by a fingerprint
    of the number (of 64 bits; of 32 on Spark), which takes a fraction of the memory that the
    numbers would; two numbers that share a fingerprint only make a few rows more to sort, and
    change no result.
    """
    superseded = _find_superseded(landed, tickets)
    here = [table.file == superseded.superseded_file, table.row == superseded.superseded_row]
    joined = table.left_join(superseded, here).select(*table.columns, "superseded_why")
    return set_aside(joined, "versions", joined.superseded_why).drop("superseded_why")


def _find_superseded(landed: ir.Table, tickets: Tickets) -> ir.Table:
    """List `file`, `row` and the reason of every row that has a later version."""
    contents = [name for name in ticket_columns() if name in landed.columns]
    versions = landed.filter(is_identified(landed))
    case = versions.id
    if tickets.numbered_by == "source":
        case = versions.source + ibis.literal(" ") + versions.id
    fingerprints = versions.select(fingerprint=case.hash())
    counted = fingerprints.group_by("fingerprint").aggregate(rows=fingerprints.count())
    repeated = counted.filter(counted.rows > 1)
    candidates = versions.select("file", "row", *contents, case=case, fingerprint=case.hash())
    several = candidates.semi_join(repeated, "fingerprint")
    order = [several.file.desc(), several.row.desc()]
    if "updated" in several.columns:
        order = [several.updated.desc(nulls_first=False), *order]
    ranked = several.mutate(
        rank=ibis.row_number().over(ibis.window(group_by=several["case"], order_by=order))
    )
    latest, earlier = ranked.filter(ranked["rank"] == 0), ranked.filter(ranked["rank"] > 0)
    same = reduce(and_, [earlier[name].identical_to(latest[name]) for name in contents])
    return earlier.join(latest, "case").select(
        superseded_file=earlier.file,
        superseded_row=earlier.row,
        superseded_why=same.ifelse(REPEATED_ROW, EARLIER_VERSION),
    )
