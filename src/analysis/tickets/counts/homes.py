"""Give every unit its district where no register does."""

from __future__ import annotations

import pandas as pd

from analysis.errors import DataError, Problem

__all__ = ["settle_homes"]


def settle_homes(counts: pd.DataFrame) -> pd.DataFrame:
    """List the units that have a case, each in the district that most of its cases name.

    Parameters
    ----------
    counts
        The counts of `analysis.tickets.counts.cases.count_homes`: `unit`, `district` and `cases`.

    Returns
    -------
    pandas.DataFrame
        `unit` and `district`, sorted; of two districts that are named equally often it is the
        first by name.

    Raises
    ------
    DataError
        If no case of a unit names a district.

    Examples
    --------
    >>> counts = pd.DataFrame({"unit": ["A", "A", "A"], "district": ["S", "N", None]})
    >>> settle_homes(counts.assign(cases=[1, 2, 9]))["district"].tolist()
    ['N']
    """
    named = counts[counts["district"].notna()]
    ordered = named.sort_values(["unit", "cases", "district"], ascending=[True, False, True])
    homes = ordered.drop_duplicates("unit")[["unit", "district"]].reset_index(drop=True)
    homeless = sorted(set(counts["unit"]) - set(homes["unit"]))
    if homeless:
        hint = "give the study a register of units with their districts"
        problems = [
            Problem(f"no ticket of {unit!r} names its district", "", hint) for unit in homeless
        ]
        raise DataError("some units are in no district", problems)
    return homes
