"""A directory of units: which unit of today each name stood for, and from when until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import pandas as pd

__all__ = ["ALWAYS", "NEVER", "NameInForce", "find_dead_ends", "list_names"]

# Bounds of a stretch that has no beginning or no end; every engine can hold both.
ALWAYS = datetime(1800, 1, 1)
NEVER = datetime(9000, 1, 1)


@dataclass(frozen=True, slots=True)
class NameInForce:
    """What a name stands for in tickets opened in a stretch of time.

    Attributes
    ----------
    name
        As published.
    since, until
        The first moment of the stretch, and the first after it; the stretches of one name do not
        overlap.
    unit
        The unit of today.
    """

    name: str
    since: datetime
    until: datetime
    unit: str


def list_names(units: pd.DataFrame, crosswalk: pd.DataFrame) -> list[NameInForce]:
    """List every name by which tickets may call a unit, with the stretch in which it did.

    A former unit's name means its successor in tickets opened before the change. After it, it is
    a name used out of habit and means the same, unless it is again the name of a unit of today.
    Changes follow upon each other: where a successor was itself renamed later, the unit of today
    is meant.

    Parameters
    ----------
    units
        `unit`: those of today.
    crosswalk
        `former_unit`, `unit` and `valid_from` (month).

    Returns
    -------
    list of NameInForce
        Sorted by name and time.

    Examples
    --------
    >>> units = pd.DataFrame({"unit": ["Hill", "Ford"]})
    >>> crosswalk = pd.DataFrame(
    ...     {
    ...         "former_unit": ["Ford"],
    ...         "unit": ["Hill"],
    ...         "valid_from": [pd.Period("2021-03", "M")],
    ...     }
    ... )
    >>> [(n.name, n.unit, n.until.year) for n in list_names(units, crosswalk)]
    [('Ford', 'Hill', 2021), ('Ford', 'Ford', 9000), ('Hill', 'Hill', 9000)]
    """
    events, present = _events(crosswalk), set(units["unit"])
    found = []
    for name in sorted(present | set(events)):
        changes = [start for start, _ in events.get(name, [])]
        bounds = [ALWAYS, *changes, NEVER]
        for since, until in pairwise(bounds):
            unit = _unit_of_today(name, since, events, present)
            if unit is not None:
                found.append(NameInForce(name, since, until, unit))
    return found


def find_dead_ends(units: pd.DataFrame, crosswalk: pd.DataFrame) -> list[str]:
    """Name the former units that, in some stretch of time, lead to no unit of today."""
    events, present = _events(crosswalk), set(units["unit"])
    return [
        name
        for name, changes in sorted(events.items())
        if any(
            _unit_of_today(name, since, events, present) is None
            for since in (ALWAYS, *(start for start, _ in changes))
        )
    ]


_Events = dict[str, list[tuple[datetime, str]]]


def _events(crosswalk: pd.DataFrame) -> _Events:
    """Return former unit -> its changes in order of time: first moment of the change, and unit."""
    events: _Events = {}
    columns = (crosswalk["former_unit"], crosswalk["unit"], crosswalk["valid_from"])
    for former, unit, month in zip(*columns, strict=True):
        events.setdefault(former, []).append((month.start_time.to_pydatetime(), unit))
    return {former: sorted(changes) for former, changes in events.items()}


def _unit_of_today(name: str, moment: datetime, events: _Events, present: set[str]) -> str | None:
    """Follow a name, as it was used at a moment, to the unit of today."""
    been: set[tuple[str, datetime]] = set()
    while (name, moment) not in been:
        been.add((name, moment))
        changes = events.get(name, [])
        coming = [change for change in changes if change[0] > moment]
        if coming:
            moment, name = coming[0]
        elif name in present:
            return name
        elif changes:
            # Used after its end: it still means what it became last.
            name = changes[-1][1]
            moment = max(moment, changes[-1][0])
        else:
            return None
    return None
