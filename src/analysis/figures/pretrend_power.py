"""What a pre-test could have missed: a violation of parallel trends over the estimates."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.effects.sensitivity.pretrend_power import THRESHOLD, PretrendPower
from analysis.effects.units import UnitName
from analysis.figures.style import (
    ACCENT,
    COLOURS,
    INK,
    LINES,
    MARKERS,
    mark_access,
    new_figure,
    styled,
)
from analysis.study.schema import Study

__all__ = ["draw_pretrend_power"]


@styled
def draw_pretrend_power(
    power: PretrendPower, *, study: Study, unit: UnitName = "log points", period: str = "Months"
) -> Figure:
    """Draw a linear violation over an event study, and estimates to expect once the test is passed.

    Parameters
    ----------
    power
        The violation and its power.
    study
        Whether its data are open, simulated or restricted.
    unit
        The unit of the estimates; for percentage points they are multiplied by 100.
    period
        What event time counts.

    Returns
    -------
    matplotlib.figure.Figure
        Estimates with the limits of significance that the pre-test uses; the reference is hollow.
    """
    factor = 100.0 if unit == "percentage points" else 1.0
    frame = power.event_time
    times = frame.index.to_numpy(dtype="float64")
    figure, (axes,) = new_figure(3.2)
    axes.axhline(0, color=INK, lw=0.6)
    axes.axvline(power.reference + 0.5, color=INK, lw=0.6, ls=LINES[2])
    estimated = frame.drop(index=power.reference)
    axes.errorbar(
        estimated.index.to_numpy(dtype="float64"),
        factor * estimated["value"],
        factor * THRESHOLD * estimated["standard_error"],
        fmt=MARKERS[0],
        color=COLOURS[0],
        lw=1,
        label="Estimate, 95% interval",
        zorder=3,
    )
    axes.plot(power.reference, 0, MARKERS[0], color=COLOURS[0], mfc="white", zorder=4)
    axes.plot(
        times,
        factor * frame["trend"],
        color=ACCENT,
        ls=LINES[1],
        label=f"Violation found with chance {power.power:.2f}",
        zorder=2,
    )
    axes.plot(
        times,
        factor * frame["after_pretest"],
        MARKERS[2],
        color=COLOURS[2],
        mfc="white",
        ls=LINES[2],
        label="Estimate to expect if it is not found, without any effect",
        zorder=2,
    )
    axes.set_xlabel(f"{period} since adoption")
    axes.set_ylabel(f"Effect ({unit})")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    mark_access(axes, study)
    return figure
