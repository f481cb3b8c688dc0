"""Show the panels of a study to readers: how large they are, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.contract.columns import COLUMNS
from analysis.contract.measures import MEASURES
from analysis.study.schema import Study

__all__ = ["count_missing", "describe_categories", "describe_panels"]


def describe_panels(study: Study, panels: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row a panel, as text for a table.

    Parameters
    ----------
    study
        The study.
    panels
        Name of the level -> its panel.

    Returns
    -------
    pandas.DataFrame
        Panel, rows, units, months, first and last month, complaints, proactive cases, and in how
        many rows the number of complaints is missing.
    """
    rows = []
    for name, panel in panels.items():
        level = study.get_level(name)
        rows.append(
            {
                "Panel": level.title_en,
                "Rows": f"{len(panel):,}",
                "Units": f"{len(panel[list(level.unit)].drop_duplicates()):,}",
                "Months": f"{panel['period'].nunique():,}",
                "From": str(panel["period"].min()),
                "To": str(panel["period"].max()),
                "Complaints": f"{panel['complaints'].sum():,}",
                "Proactive cases": f"{panel['proactive_cases'].sum():,}",
                "Count missing": f"{panel['complaints'].isna().sum():,}",
            }
        )
    return pd.DataFrame(rows)


def count_missing(panels: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Count the missing values of every count and measure in every panel.

    Returns
    -------
    pandas.DataFrame
        One row a column that some panel has, one column a panel; empty where a panel does not
        have the column. A unit without an adoption month is not missing: it never adopted.
    """
    declared = [c.name for c in COLUMNS if not c.key and c.name != "adoption_period"]
    names = dict.fromkeys([*declared, *(m.name for m in MEASURES), "dose"])
    counted = {
        panel: {name: f"{table[name].isna().sum():,}" if name in table else "" for name in names}
        for panel, table in panels.items()
    }
    frame = pd.DataFrame(counted, index=list(names))
    return frame[(frame != "").any(axis=1)]


def describe_categories(panels: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the categories that the panels hold, with who opened their cases.

    Returns
    -------
    pandas.DataFrame
        One row for each panel and category, as text; without rows if no panel has categories.
    """
    parts = []
    for name, panel in panels.items():
        if "category" not in panel:
            continue
        sums = panel.groupby("category", sort=True)[["complaints", "proactive_cases"]].sum()
        share = sums["proactive_cases"] / sums.sum(axis=1)
        cells = {
            "Panel": name.replace("_", " "),
            "Category": sums.index,
            "Complaints": sums["complaints"].map("{:,}".format),
            "Proactive cases": sums["proactive_cases"].map("{:,}".format),
            "Proactive share": share.map("{:.1%}".format),
        }
        parts.append(pd.DataFrame(cells))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
