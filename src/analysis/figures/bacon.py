"""The comparisons that make up a two-way fixed effects coefficient, by weight and estimate."""

from __future__ import annotations

from matplotlib.figure import Figure

from analysis.effects.sensitivity.bacon import TYPES, Bacon
from analysis.effects.units import effect_unit
from analysis.figures.event_study import effect_label
from analysis.figures.style import (
    COLOURS,
    INK,
    LINES,
    MARKERS,
    mark_access,
    new_figure,
    styled,
)
from analysis.numerals import format_number
from analysis.study.schema import Study

__all__ = ["draw_bacon"]

NAMES = {
    "treated_vs_never": "Treated and never treated",
    "earlier_vs_later": "Earlier and not yet treated",
    "later_vs_earlier": "Later and already treated",
}


@styled
def draw_bacon(bacon: Bacon, *, study: Study, outcome: str | None = None) -> Figure:
    """Draw the comparisons of a Goodman-Bacon decomposition.

    Parameters
    ----------
    bacon
        The decomposition.
    study
        Whether its data are open, simulated or restricted.
    outcome
        What the outcome is called; None for the label of the design's measure.

    Returns
    -------
    matplotlib.figure.Figure
        A point for each comparison of two cohorts, weight across and estimate upwards, by type of
        comparison; the legend gives the weight of each type. A line is at the coefficient, to
        which the points add up. Those of the third type compare with units treated before.
    """
    unit = effect_unit(bacon.design.scale)
    figure, (axes,) = new_figure(3.1)
    axes.axhline(0, color=INK, lw=0.6)
    for number, kind in enumerate(TYPES):
        shown = bacon.comparisons[bacon.comparisons["type"] == kind]
        if shown.empty:
            continue
        axes.plot(
            shown["weight"],
            unit.factor * shown["estimate"],
            MARKERS[number],
            color=COLOURS[number],
            # Many comparisons lie on each other near a weight of zero.
            mfc="none" if number else COLOURS[number],
            ls="none",
            label=f"{NAMES[kind]}: weight {shown['weight'].sum():.2f}",
            zorder=3,
        )
    axes.axhline(
        unit.factor * bacon.coefficient,
        color=INK,
        ls=LINES[1],
        lw=1,
        label=f"Coefficient: {format_number(unit.factor * bacon.coefficient, unit.form)}",
    )
    axes.set_xlim(left=-0.02 * bacon.comparisons["weight"].max())
    axes.set_xlabel("Weight of the comparison")
    axes.set_ylabel(effect_label(bacon.design, outcome))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    mark_access(axes, study)
    return figure
