"""The stages of the policy on a line of time, with the events that mark them."""

from __future__ import annotations

from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.figures.scales import decimal_years
from analysis.figures.style import COLOURS, GREY, INK, new_figure, styled
from analysis.study.place import Stage
from analysis.study.schema import Study
from analysis.tables.stages import milestones

__all__ = ["draw_timeline"]

SHADES = ("#EAF2F8", "#D3E5F1", "#BCD8EA", "#A4CBE3")
# Inches for each event; the axis of time and the leader lines in per cent of the width.
LINE_HEIGHT = 0.4
AXIS = 27
LEADER = np.array([0, 3, 6])


@styled
def draw_timeline(timeline: pd.DataFrame, *, study: Study) -> Figure:
    """Draw the stages as bands, downwards in time, with their events beside.

    Parameters
    ----------
    timeline
        The published timeline, in which each event of a stage must be found.
    study
        A study with stages.

    Returns
    -------
    matplotlib.figure.Figure
        All of it published facts; it is never marked as simulated.

    Raises
    ------
    DataError
        If an event is not in the timeline.
    """
    events = milestones(study, timeline)
    end = study.periods[-1].year + 1.0
    begins = decimal_years([pd.Period(stage.begins, freq="M") for stage in study.stage]) - 0.5 / 12
    height = 0.5 + LINE_HEIGHT * len(events)
    figure, (axes,) = new_figure(height)
    axes.set_xlim(0, 100)
    axes.set_ylim(end, begins[0])
    for number, stage in enumerate(study.stage):
        last = begins[number + 1] if number + 1 < len(begins) else end
        box = Rectangle((0, begins[number]), AXIS, last - begins[number])
        box.set(facecolor=SHADES[number % len(SHADES)], edgecolor="none")
        axes.add_patch(box)
        _name_stage(axes, (begins[number] + last) / 2, f"{number + 1}  {stage.title_en}", stage)
    _write_events(axes, events, end - begins[0])
    axes.set_yticks(np.arange(np.ceil(begins[0]), end))
    axes.set_yticklabels([f"{year:.0f}" for year in axes.get_yticks()])
    axes.set_xticks([])
    for side in ("bottom", "left"):
        axes.spines[side].set_visible(False)
    axes.axvline(AXIS, color=INK, lw=0.8)
    return figure


def _name_stage(axes: Axes, middle: float, english: str, stage: Stage) -> None:
    name = f"{fill(english, 20)}\n{stage.title_zh}"
    axes.text(AXIS / 2, middle, name, ha="center", va="center", fontsize=8, fontweight="bold")


def _write_events(axes: Axes, events: pd.DataFrame, years: float) -> None:
    """Write the events evenly spaced, each joined to its place in time."""
    times = decimal_years(events["month"]) - 0.5 / 12
    bottom, top = axes.get_ylim()
    step = years / len(events)
    lines = np.linspace(top + step / 2, bottom - step / 2, len(events))
    for time, line, event in zip(times, lines, events.itertuples(), strict=True):
        axes.plot(AXIS + LEADER, [time, line, line], color=GREY, lw=0.6, zorder=1)
        axes.plot(AXIS, time, "o", color=COLOURS[0], ms=4, zorder=2, clip_on=False)
        start = AXIS + LEADER[-1] + 1
        axes.text(start, line, str(event.date), va="center", fontsize=7.5)
        axes.text(start + 13, line, str(event.title_en), va="bottom", fontsize=7.5)
        axes.text(start + 13, line, str(event.title_zh), va="top", fontsize=7, color="#555555")
