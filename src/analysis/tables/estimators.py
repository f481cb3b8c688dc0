"""What each estimator assumes, and when a reader should prefer it: the registry as a table."""

from __future__ import annotations

import pandas as pd

from analysis.effects.design import Scale
from analysis.effects.registry import ESTIMATORS, Estimator

__all__ = ["estimators_table"]

OUTCOMES: dict[Scale, str] = {
    "count": "counts",
    "share": "rates",
    "level": "numbers",
    "days": "lengths of time",
    "log": "logarithms",
}


def estimators_table() -> pd.DataFrame:
    """Write the registry of estimators as a table of text cells.

    Returns
    -------
    pandas.DataFrame
        One row for each, with the heads Estimator (and its paper), For, Estimates, Assumes and
        Prefer it.
    """
    rows = [
        {
            "Estimator": f"{one.label_en} ({_cited(one.paper)})",
            "For": _takes(one),
            "Estimates": _sentence(one.estimand),
            "Assumes": _sentence(one.assumes),
            "Prefer it": _sentence(one.prefer),
        }
        for one in ESTIMATORS
    ]
    return pd.DataFrame(rows)


def _cited(paper: str) -> str:
    return paper.replace(" (", " ").replace(")", "")


def _takes(one: Estimator) -> str:
    treatments = " or ".join(one.treatments)
    if len(one.scales) == len(OUTCOMES):
        return treatments
    return f"{treatments}; {' and '.join(OUTCOMES[scale] for scale in one.scales)}"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
