"""Which outcomes, estimators and categories the cases in the samples can carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

__all__ = ["Carried", "carried_by", "carried_categories"]

# A rate of which fewer cases stand on one side says nothing, nor one that moves in one unit only.
FEWEST_EACH_WAY = 5
FEWEST_UNITS = 2
# With fewer months a handling time has hardly any beside those that the dose takes.
FEWEST_MONTHS = 6
# A logit has an effect for each unit and month; where cells hold fewer cases, it hardly converges.
CASES_PER_CELL = 5


@dataclass(frozen=True, slots=True)
class Carried:
    """What a panel can be used for.

    Attributes
    ----------
    outcomes
        Measures of the data contract.
    left_out
        Those that the columns allow, but that hardly differ between cases.
    dense
        Whether cells hold enough cases for a model of rates that is not linear.
    """

    outcomes: tuple[str, ...]
    left_out: tuple[str, ...]
    dense: bool


def carried_by(
    cases: pd.DataFrame, rates: Sequence[str], keys: Sequence[str], *, whole: bool
) -> Carried:
    """Tell what the cases of a panel can carry.

    Parameters
    ----------
    cases
        As `analysis.new_study.propose.cases.sampled_cases` gives them.
    rates
        Rates and shares that the columns allow.
    keys
        The columns that identify a unit of the panel.
    whole
        Whether these are all cases. If not, the cells of the panel hold more than the sample's.

    Examples
    --------
    >>> cases = pd.DataFrame({"unit": list("ab") * 10, "month": 1, "satisfaction_rate": True,
    ...                       "on_time_rate": [True, False, False, True] * 5})
    >>> carried_by(cases, ["satisfaction_rate", "on_time_rate"], ["unit"], whole=True)
    Carried(outcomes=('complaints', 'on_time_rate'), left_out=('satisfaction_rate',), dense=True)
    """
    able = [rate for rate in rates if _moves(cases, rate, keys)]
    cells = [cases[cases[rate].notna()].groupby([*keys, "month"]).size().mean() for rate in able]
    timed = "days" in cases and _times_move(cases, keys)
    return Carried(
        ("complaints", *able, *(["median_days"] if timed else [])),
        tuple(rate for rate in rates if rate not in able),
        bool(able) and bool(not whole or min(cells) >= CASES_PER_CELL),
    )


def carried_categories(cases: pd.DataFrame, share: float, fewest: int) -> list[str]:
    """Name the categories in which both residents and staff open enough of the cases.

    Parameters
    ----------
    cases
        As for `carried_by`.
    share, fewest
        As in `analysis.study.levels.Keep`.
    """
    counted = cases[cases["consultation_share"].ne(True)]
    staff = counted["initiator"].eq("proactive").groupby(counted["category"])
    sizes = pd.DataFrame({"cases": staff.size(), "share": staff.mean()})
    kept = sizes["share"].between(share, 1 - share) & (sizes["cases"] >= fewest)
    return [str(name) for name in sizes.index[kept]]


def _times_move(cases: pd.DataFrame, keys: Sequence[str]) -> bool:
    """Say whether the median handling time changes, over enough months and in enough units."""
    median = cases[cases["days"].notna()].groupby([*keys, "month"])["days"].median().reset_index()
    known = median[median["days"] < float("inf")]
    changes = known.groupby(list(keys))["days"].transform("nunique") > 1
    enough = known.loc[changes, "month"].nunique() >= FEWEST_MONTHS
    return bool(enough and known.loc[changes, "unit"].nunique() >= FEWEST_UNITS)


def _moves(cases: pd.DataFrame, rate: str, keys: Sequence[str]) -> bool:
    known = cases[cases[rate].notna()]
    yes = known[rate].astype("bool")
    if min(int(yes.sum()), int((~yes).sum())) < FEWEST_EACH_WAY:
        return False
    kinds = yes.groupby([known[key] for key in keys]).transform("nunique")
    return int(known.loc[kinds > 1, "unit"].nunique()) >= FEWEST_UNITS
