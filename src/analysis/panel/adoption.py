"""Join the month in which each unit came under the programme."""

from __future__ import annotations

import pandas as pd

from analysis.clean.places import Places, refuse
from analysis.errors import Problem, did_you_mean

__all__ = ["join_adoption"]


def join_adoption(panel: pd.DataFrame, adoption: pd.DataFrame) -> pd.DataFrame:
    """Add `adoption_period` to a panel.

    Parameters
    ----------
    panel
        A panel with `unit` and `district`.
    adoption
        `unit`, `district` and `adoption_period`, with `file` and `row`; one row a unit.

    Returns
    -------
    pandas.DataFrame
        The panel with `adoption_period`, missing for units that never came under the programme.

    Raises
    ------
    DataError
        If the table names a unit that the panel does not have, or another district.
    """
    home = panel.drop_duplicates("unit").set_index("unit")["district"]
    place = Places({})
    problems = []
    for given in adoption.itertuples(index=False):
        unit, district = str(given.unit), str(given.district)
        at = (str(given.file), int(str(given.row)))
        if unit not in home.index:
            hint = (
                f"a merged unit has one row, by its present name; {did_you_mean(unit, home.index)}"
            )
            problems.append(Problem(f"the panel has no unit {unit!r}", place(*at, "unit"), hint))
        elif home[unit] != district:
            what = f"{unit!r} is listed under {district!r}, expected {home[unit]!r}"
            hint = "correct the row, or the register"
            problems.append(Problem(what, place(*at, "district"), hint))
    refuse("the adoption table does not fit the panel", problems)
    months = adoption.set_index("unit")["adoption_period"]
    joined = months.reindex(panel["unit"]).to_numpy()
    return panel.assign(adoption_period=pd.PeriodIndex(joined, freq="M"))
