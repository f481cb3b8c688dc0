"""A forest plot: estimates with their intervals, one below the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.effects.units import UnitName
from analysis.errors import DataError, Problem
from analysis.figures.style import (
    ACCENT,
    COLOURS,
    INK,
    LINES,
    MARKERS,
    PaperFigure,
    mark_access,
    new_figure,
    styled,
)
from analysis.study.schema import Study

__all__ = ["draw_estimates", "ends_of_long_groups", "forest"]

COLUMNS = ("label", "value", "lower", "upper")
ROW_HEIGHT = 0.23


@styled
def draw_estimates(
    frame: pd.DataFrame,
    *,
    study: Study,
    truth: float | None = None,
    unit: UnitName = "log points",
    reference: str | None = None,
) -> Figure:
    """Draw estimates as a forest plot.

    Parameters
    ----------
    frame
        One row per estimate, drawn from the top: `label`, `value`, `lower`, `upper`, and, if the
        estimates fall into groups, `group`, whose names are written above theirs; and, if the
        truth of what each estimates is known, `truth`. Values are as estimated: log points, or
        rates between 0 and 1. A row without a value is written as "not estimated"; of an interval
        with an infinite end only the estimate is drawn, and "interval unbounded" beside it.
    study
        Whether its data are open, simulated or restricted.
    truth
        The true effect of all, drawn as a line, where it is known.
    unit
        The unit of the axis; for percentage points the values are multiplied by 100.
    reference
        The label of the estimate that the others are held against; a line goes through it.

    Raises
    ------
    DataError
        If a column is missing or the frame has no rows.
    """
    figure, axes = forest(frame, truth=truth, unit=unit, reference=reference)
    mark_access(axes, study)
    return figure


def forest(
    frame: pd.DataFrame,
    *,
    truth: float | None = None,
    unit: UnitName = "log points",
    reference: str | None = None,
) -> tuple[PaperFigure, Axes]:
    """Draw a forest plot on a figure of its own; see `draw_estimates`."""
    _check(frame)
    factor = 100.0 if unit == "percentage points" else 1.0
    rows = _place_rows(frame)
    figure, (axes,) = new_figure(0.95 + ROW_HEIGHT * (rows["place"].max() + 1))
    axes.axvline(0, color=INK, lw=0.6)
    for number, (_, group) in enumerate(rows.groupby("group", sort=False)):
        values = factor * group[["value", "lower", "upper"]].astype(float).to_numpy()
        known = np.isfinite(values).all(axis=1)
        places = group["place"].to_numpy()
        value, lower, upper = values[known].T
        marker, colour = MARKERS[number % len(MARKERS)], COLOURS[number % len(COLOURS)]
        axes.errorbar(
            value,
            places[known],
            xerr=[value - lower, upper - value],
            fmt=marker,
            color=colour,
            lw=1.1,
            capsize=2,
        )
        for alone, place in zip(values[~known, 0], places[~known], strict=True):
            axes.plot(alone, place, marker, color=colour)
            axes.annotate(
                "not estimated" if np.isnan(alone) else "interval unbounded",
                (0.01, place),
                xycoords=axes.get_yaxis_transform(),
                va="center",
                fontsize=7.5,
            )
    if reference is not None:
        held = factor * float(rows.loc[rows["label"] == reference, "value"].iloc[0])
        axes.axvline(held, color=COLOURS[0], ls=LINES[2], lw=0.9, zorder=0)
    if "truth" in rows.columns and rows["truth"].notna().any():
        axes.plot(
            factor * rows["truth"].astype("float64"),
            rows["place"],
            "|",
            color=ACCENT,
            ms=10,
            mew=2,
            label="Truth of what it estimates",
            zorder=4,
        )
    if truth is not None:
        axes.axvline(factor * truth, color=ACCENT, ls=LINES[1], label="Truth")
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    _label_rows(axes, rows)
    axes.set_xlabel(f"Effect ({unit})")
    return figure, axes


def ends_of_long_groups(checks: pd.DataFrame, longest: int = 6) -> pd.DataFrame:
    """Keep of each long group of checks only the lowest and the highest estimate, for a figure.

    Parameters
    ----------
    checks
        Rows of `analysis.effects.sensitivity.variants` and the like, below each other.
    longest
        A group with more rows than this is cut to its two ends.

    Returns
    -------
    pandas.DataFrame
        The same columns, and the label of an end says which it is.
    """
    kept = []
    for _, group in checks.groupby("group", sort=False):
        if len(group) > longest:
            ends = group.sort_values("value", kind="stable").iloc[[0, -1]]
            names = pd.Series(["lowest: ", "highest: "], index=ends.index)
            group = ends.assign(label=names + ends["label"])
        kept.append(group)
    return pd.concat(kept, ignore_index=True)


def _check(frame: pd.DataFrame) -> None:
    problems = [
        Problem(f"column {name!r} is missing", "estimates", f"expected {', '.join(COLUMNS)}")
        for name in COLUMNS
        if name not in frame.columns
    ]
    if not len(frame):
        problems.append(Problem("there is no estimate", "estimates"))
    if problems:
        raise DataError("the estimates cannot be drawn", problems)


def _place_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Give each row a place from the top, leaving one for the name of each group."""
    rows = frame.reset_index(drop=True)
    if "group" not in rows.columns:
        return rows.assign(group="", place=np.arange(len(rows), dtype=float))
    groups = {name: number for number, name in enumerate(rows["group"].unique(), start=1)}
    rows = rows.sort_values("group", key=lambda names: names.map(groups), kind="stable")
    return rows.assign(place=np.arange(len(rows)) + rows["group"].map(groups).astype(float))


def _label_rows(axes: Axes, rows: pd.DataFrame) -> None:
    heads = rows[rows["group"] != ""].groupby("group", sort=False)["place"].min() - 1
    ticks = [*rows["place"], *heads]
    axes.set_yticks(ticks, labels=[*rows["label"], *heads.index])
    for text in axes.get_yticklabels()[len(rows) :]:
        text.set_fontweight("bold")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(rows["place"].max() + 0.7, -0.7)
    axes.grid(axis="y")
