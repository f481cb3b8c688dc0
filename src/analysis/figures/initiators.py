"""Who opens the cases of each type: residents, staff or other software."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.style import COLOURS, GREY, mark_access, new_figure, styled
from analysis.study.schema import Study
from analysis.tables.initiators import INITIATORS

__all__ = ["draw_initiators"]

LOOKS = {
    "resident": (COLOURS[0], "Residents"),
    "proactive": (COLOURS[4], "Staff, before a complaint"),
    "system": (GREY, "Other software"),
}


@styled
def draw_initiators(shares: pd.DataFrame, *, study: Study, largest: int = 24) -> Figure:
    """Draw the initiators' shares of each type's cases.

    Parameters
    ----------
    shares
        As `analysis.tables.initiators.shares_by_type` gives them, most cases first.
    study
        Whether its data are open, simulated or restricted.
    largest
        How many types are drawn, from the one with most cases on.

    Returns
    -------
    matplotlib.figure.Figure
        One bar a type with its number of cases; types that the panel keeps are in bold.
    """
    shown = shares.head(largest)
    figure, (axes,) = new_figure(1.0 + 0.19 * len(shown))
    left = np.zeros(len(shown))
    places = np.arange(len(shown))
    for initiator in INITIATORS:
        colour, label = LOOKS[initiator]
        widths = 100 * shown[initiator].to_numpy()
        axes.barh(
            places,
            widths,
            0.72,
            left,
            color=colour,
            edgecolor="white",
            linewidth=0.4,
            label=label,
        )
        left += widths
    axes.set_yticks(places, labels=[str(name) for name in shown.index])
    for text, kept in zip(axes.get_yticklabels(), shown["kept"], strict=True):
        text.set_fontweight("bold" if kept else "normal")
    for place, cases in enumerate(shown["cases"]):
        axes.text(101, place, f"{cases:,}", va="center", size=7.5)
    axes.set_xlim(0, 100)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("Per cent of the type’s cases; right: number of cases")
    figure.legend(loc="outside upper center", ncols=len(INITIATORS))
    mark_access(axes, study)
    return figure
