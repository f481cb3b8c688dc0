"""A tile map: every district a square of one size, in its rough place, coloured by a value."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.errors import DataError, Problem, did_you_mean
from analysis.figures.style import GREY, mark_access, new_figure, styled
from analysis.numerals import format_number
from analysis.study.place import Tile
from analysis.study.schema import Study

__all__ = ["complaints_per_1000", "draw_tile_map"]

# Inches, and the share of a tile that is left between two.
TILE = 0.88
GAP = 0.05


@styled
def draw_tile_map(values: pd.Series, *, study: Study, label: str, form: str = ",.0f") -> Figure:
    """Draw one value for each district.

    Parameters
    ----------
    values
        Indexed by district; missing values are hatched.
    study
        A study with a tile for each district.
    label
        What the values are, with their unit, for the colour bar.
    form
        How the values are written.

    Returns
    -------
    matplotlib.figure.Figure
        The map, north above, with each district's name in English and Chinese and its value.

    Raises
    ------
    DataError
        If a district has no tile, or a tile no district.
    """
    _check_districts(values, study)
    tiles = {tile.district: tile for tile in study.tile}
    rows = 1 + max(tile.row for tile in study.tile)
    columns = 1 + max(tile.column for tile in study.tile)
    figure, (axes,) = new_figure(TILE * rows, width=TILE * columns + 1.0)
    scale = Normalize(float(values.min()), float(values.max()))
    # Only the lighter part of the map, so that dark letters can be read on every tile.
    shades = ListedColormap(colormaps["YlGnBu"](np.linspace(0, 0.62, 256)))
    colours = ScalarMappable(scale, shades)
    for district, value in values.items():
        _draw_tile(axes, tiles[str(district)], float(value), colours, form)
    axes.set_xlim(0, columns)
    axes.set_ylim(rows, 0)
    axes.set_aspect("equal")
    axes.set_axis_off()
    bar = figure.colorbar(colours, ax=axes, shrink=0.7, aspect=18, pad=0.03)
    bar.outline.set_visible(False)
    bar.set_label(label)
    mark_access(axes, study)
    return figure


def complaints_per_1000(panel: pd.DataFrame, year: int) -> pd.Series:
    """Work out each district's complaints per 1,000 residents in one year.

    Parameters
    ----------
    panel
        A cleaned panel with `district`, `period`, `complaints` and `population`.
    year
        The year.

    Returns
    -------
    pandas.Series
        Indexed by district. A unit's month without a report counts neither as complaints nor as
        residents, so a gap does not make a district look calm.
    """
    within = panel[(panel["period"].dt.year == year) & panel["complaints"].notna()]
    sums = within.groupby("district")[["complaints", "population"]].sum().astype(float)
    density: pd.Series = 1000 * sums["complaints"] / (sums["population"] / 12)
    return density


def _check_districts(values: pd.Series, study: Study) -> None:
    given = {str(district) for district in values.index}
    placed = {tile.district for tile in study.tile}
    where = f"{study.name}.toml, tile"
    problems = [
        Problem(f"district {district!r} has no tile", where, did_you_mean(district, placed))
        for district in sorted(given - placed)
    ] + [
        Problem(f"tile {district!r} has no value", where, did_you_mean(district, given))
        for district in sorted(placed - given)
    ]
    if problems:
        raise DataError("the tile map cannot be drawn", problems)


def _draw_tile(axes: Axes, tile: Tile, value: float, colours: ScalarMappable, form: str) -> None:
    known = np.isfinite(value)
    colour = colours.to_rgba(np.array([value]))[0] if known else np.ones(4)
    square = Rectangle(
        (tile.column + GAP / 2, tile.row + GAP / 2),
        1 - GAP,
        1 - GAP,
        facecolor=colour,
        edgecolor="white" if known else GREY,
        hatch=None if known else "////",
        lw=0.5,
    )
    axes.add_patch(square)
    middle = tile.column + 0.5
    number = format_number(value, form) if known else "—"
    lines = ((0.25, tile.label_en, 7, "normal"), (0.49, tile.label_zh, 8, "normal"))
    for height, text, size, weight in (*lines, (0.76, number, 8.5, "bold")):
        axes.text(
            middle,
            tile.row + height,
            text,
            ha="center",
            va="center",
            fontsize=size,
            fontweight=weight,
        )
