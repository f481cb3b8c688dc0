"""Places month by month: the districts or neighbourhoods of each study, as lines and as tiles."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.contract.measures import MEASURES
from analysis.panel.store import read_panel
from analysis.site.material import Material
from analysis.site.page import Page
from analysis.study.levels import Level
from analysis.study.schema import Study

__all__ = ["series_of_units", "units_page"]

# With more places, lines are a thicket and tiles a wall: such a level is left out.
MOST_PLACES = 40


def units_page(material: Material) -> Page:
    """Make the page of places, with the level of each study that has fewest of them."""
    places = [shown for study in material.studies if (shown := _places(material, study))]
    names = tuple(str(shown["study"]) for shown in places)
    return Page(
        "places.html",
        "Places",
        "places.html.j2",
        {"places": places},
        names,
        scripts=("vega.js", "charts.js", "places.js"),
    )


def _places(material: Material, study: Study) -> dict[str, Any] | None:
    panels = [
        (level, read_panel(material.processed(study, f"panel_{level.name}.csv")))
        for level in study.level
    ]
    # Of two levels with the same places, the one that covers more months.
    level, panel = min(panels, key=lambda p: (p[1]["unit"].nunique(), -p[1]["period"].nunique()))
    units = sorted(panel["unit"].unique())
    if len(units) > MOST_PLACES:
        return None
    return {
        "study": study.name,
        "study_title": study.title_en,
        "simulated": study.simulated,
        "level": level.title_en,
        "months": [str(month) for month in sorted(panel["period"].unique())],
        "places": _tiles(study, units),
        "measures": _measures(level, panel, units),
    }


def _tiles(study: Study, units: list[str]) -> list[dict[str, Any]]:
    """Name the places; on a tile map if the study has one of just these."""
    tiles = {tile.district: tile for tile in study.tile}
    if set(tiles) != set(units):
        return [
            {"name": unit, "label": unit, "zh": "", "row": None, "column": None} for unit in units
        ]
    return [
        {
            "name": unit,
            "label": tiles[unit].label_en,
            "zh": tiles[unit].label_zh,
            "row": tiles[unit].row + 1,
            "column": tiles[unit].column + 1,
        }
        for unit in units
    ]


def _measures(level: Level, panel: pd.DataFrame, units: list[str]) -> list[dict[str, Any]]:
    shown = []
    if "population" in panel:
        counts = series_of_units(panel, ("complaints",), ())
        people = series_of_units(panel, ("population",), ())
        shown.append(("Complaints per 1,000 residents", "count", 1000 * counts / people))
    shown += [
        (
            measure.label_en,
            measure.scale,
            series_of_units(panel, measure.numerator, measure.denominator),
        )
        for measure in MEASURES
        if measure.name in panel and (measure.scale == "count" or measure.denominator)
    ]
    if level.treatment == "coverage":
        coverage = panel.set_index(["unit", "period"])["coverage"].unstack("unit")
        shown.append(("Share of the population under the programme", "share", coverage))
    return [
        {
            "label": label,
            "scale": scale,
            "values": [[_written(value) for value in series[unit]] for unit in units],
        }
        for label, scale, series in shown
    ]


def series_of_units(
    panel: pd.DataFrame, numerator: tuple[str, ...], denominator: tuple[str, ...]
) -> pd.DataFrame:
    """Work out a measure by unit and month, over all categories of a unit's month.

    Parameters
    ----------
    panel
        A cleaned panel.
    numerator, denominator
        The columns that are summed for each; without a denominator it is a count.

    Returns
    -------
    pandas.DataFrame
        Indexed by month, with a column for each unit; missing where a count is missing or the
        denominator is 0.

    Examples
    --------
    >>> rows = {"unit": ["A", "A"], "period": ["2024-01"] * 2, "solved": [1, 2], "asked": [2, 4]}
    >>> float(series_of_units(pd.DataFrame(rows), ("solved",), ("asked",)).loc["2024-01", "A"])
    0.5
    """
    columns = list(dict.fromkeys([*numerator, *denominator]))
    sums = panel.groupby(["unit", "period"], sort=True)[columns].sum(skipna=False)
    above = sums[list(numerator)].sum(axis=1, skipna=False).astype("float64")
    if denominator:
        below = sums[list(denominator)].sum(axis=1, skipna=False).astype("float64")
        above = above / below.where(below > 0)
    return above.unstack("unit").sort_index()


def _written(value: float) -> float | None:
    # More digits than a chart can show would only make the page larger.
    return None if pd.isna(value) else float(f"{value:.5g}")
