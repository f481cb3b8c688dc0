"""How the programme spread: the share of units and of people under it, and its cohorts."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.scales import decimal_years, show_years
from analysis.figures.style import (
    COLOURS,
    LINES,
    label_panels,
    mark_access,
    new_figure,
    styled,
)
from analysis.study.schema import Study

__all__ = ["adoption_path", "cohort_sizes", "draw_adoption"]


@styled
def draw_adoption(panel: pd.DataFrame, *, study: Study) -> Figure:
    """Draw the staggered adoption of a programme.

    Parameters
    ----------
    panel
        A cleaned panel with `unit`, `period`, `adoption_period` and, where published,
        `population`.
    study
        Whether its data are open, simulated or restricted.

    Returns
    -------
    matplotlib.figure.Figure
        Left the shares covered over time, right the number of units in each cohort.
    """
    figure, (left, right) = new_figure(2.6, columns=2, width_ratios=(3, 2))
    path, cohorts = adoption_path(panel), cohort_sizes(panel)
    labels = {"units": "Share of units", "population": "Share of population"}
    for place, name in enumerate(path.columns):
        left.step(
            decimal_years(path.index),
            100 * path[name],
            where="mid",
            color=COLOURS[place],
            ls=LINES[place],
            label=labels[str(name)],
        )
    left.set_ylim(0, 100)
    left.set_xlabel("Year")
    left.set_ylabel("Per cent under the programme")
    left.grid(axis="y")
    left.legend(loc="upper left")
    show_years(left, path.index[0].year, path.index[-1].year)
    right.barh(range(len(cohorts)), cohorts["units"], 0.7, color=COLOURS[0])
    # Units that never adopt are the comparison group, so they get a look of their own.
    never = cohorts.index[cohorts["cohort"] == "never"]
    right.barh(never, cohorts.loc[never, "units"], 0.7, color="white", ec=COLOURS[0], hatch="////")
    right.set_yticks(range(len(cohorts)), labels=cohorts["cohort"])
    right.invert_yaxis()
    right.set_xlabel("Units")
    right.set_ylabel("Adoption month")
    for place, size in enumerate(cohorts["units"]):
        right.annotate(
            f"{size}", (size, place), (3, 0), textcoords="offset points", va="center", size=7.5
        )
    right.margins(x=0.14)
    label_panels([left, right], ["Coverage", "Cohorts"])
    mark_access([left, right], study)
    return figure


def adoption_path(panel: pd.DataFrame) -> pd.DataFrame:
    """Work out, for each month, which share of the units and of their people is covered.

    Returns
    -------
    pandas.DataFrame
        Indexed by `period`: `units` and, if the panel has `population`, `population` (0 to 1).
    """
    treated = (panel["adoption_period"] <= panel["period"]).astype(float)
    shares = {"units": treated.groupby(panel["period"]).mean()}
    if "population" in panel.columns:
        people = panel["population"].astype(float)
        covered = (people * treated).groupby(panel["period"]).sum()
        shares["population"] = covered / people.groupby(panel["period"]).sum()
    return pd.DataFrame(shares)


def cohort_sizes(panel: pd.DataFrame) -> pd.DataFrame:
    """Count the units of each adoption month.

    Returns
    -------
    pandas.DataFrame
        `cohort` (YYYY-MM in order of time, ``never`` last) and `units`.
    """
    first = panel.drop_duplicates("unit")["adoption_period"]
    sizes = first.value_counts(dropna=True).sort_index()
    names = [*sizes.index.astype(str), "never"]
    return pd.DataFrame({"cohort": names, "units": [*sizes.tolist(), int(first.isna().sum())]})
