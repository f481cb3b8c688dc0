r"""The shape of a panel: all that decides how estimators do on it, except its outcomes.

A shape says how many units, clusters and periods there are, when units adopt, which cells are
observed on how many cases, and how outcomes err. With level :math:`a_i` of unit i in cluster k,
path :math:`b_t` and effect :math:`\theta_{it}`, its panels have the index

.. math:: \eta_{it} = a_i + b_t + \theta_{it} + c_{kt} + u_{it} + e_{it}

where c and u are shocks of the cluster and of the unit, each correlated with that of the period
before, and e is not correlated with anything. A ``count`` is Poisson with mean
:math:`m_{it} \exp \eta_{it}`, the amount m being its exposure; a ``share`` is binomial with
probability :math:`\Lambda(\eta_{it})`, the amount being its denominator; a ``level`` is
:math:`\eta_{it}` itself, the amount being its weight.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.effects.design import Design

__all__ = ["DRAWN_COLUMNS", "Errors", "Shape", "plain_design"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# The columns of a drawn panel.
DRAWN_COLUMNS = ("unit", "cluster", "period", "adoption_period", "outcome", "amount")


@dataclass(frozen=True, slots=True)
class Errors:
    """Standard deviations of what is drawn, on the scale of the index.

    Attributes
    ----------
    unit
        Lasting differences between units, drawn besides the shape's levels.
    volume
        Lasting differences in the logarithm of the amount, for a share whose cases are drawn.
    cluster_shock, unit_shock
        Shocks that the units of a cluster share, and those of one unit.
    persistence
        Correlation of either shock with that of the period before.
    noise
        Shocks of one unit and period; overdispersion, for a count or a share.
    """

    unit: float = 0.0
    volume: float = 0.0
    cluster_shock: float = 0.0
    unit_shock: float = 0.0
    persistence: float = 0.0
    noise: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """See the module.

    Attributes
    ----------
    name
        What it is called.
    design
        How its panels are estimated; it names the columns of `DRAWN_COLUMNS`.
    clusters
        Cluster code of each unit, shape (units,).
    levels
        Shape (units,), on the scale of the index.
    path
        Shape (periods,), on the scale of the index.
    adoption
        Number of each unit's first treated period, the first period being 0; NaN for never. Shape
        (units,).
    amount
        Shape (units, periods).
    observed
        Probability that a cell is observed, shape (units, periods).
    errors
        See `Errors`.
    effect_size
        The full effect, on the scale of the index.
    build_up
        Periods after which an effect that grows has reached 63 per cent of its full size.
    selection
        None to leave adoption where it is. A number to deal the dates out anew in each draw,
        those adopting first being chosen with odds proportional to exp(selection * z), where z is
        the standardised log of expected volume: the level of volume decides, not its trend.
    dealt_to_clusters
        Whether dates are dealt to whole clusters.
    reached
        For a share: the amount then counts cases, of which those that go well are surveyed with
        the first probability and the others with the second. None if the amount is the denominator
        itself.
    """

    name: str
    design: Design
    clusters: IntArray
    levels: FloatArray
    path: FloatArray
    adoption: FloatArray
    amount: FloatArray
    observed: FloatArray
    errors: Errors
    effect_size: float
    build_up: float
    selection: float | None = None
    dealt_to_clusters: bool = False
    reached: tuple[float, float] | None = None

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.levels)

    @property
    def periods(self) -> int:
        """How many periods there are."""
        return len(self.path)

    @property
    def never_treated(self) -> float:
        """The share of units that never adopt."""
        return float(np.isnan(self.adoption).mean())

    def describe(self) -> str:
        """Say in a sentence what the shape is.

        Examples
        --------
        >>> from analysis.recover.built_in import districts
        >>> districts().describe()[:58]
        'districts: 16 units in 16 clusters over 84 periods, 3 coho'
        """
        dates = np.unique(self.adoption[~np.isnan(self.adoption)])
        counted = [str(int((self.adoption == date).sum())) for date in dates]
        dealt = "at their own dates" if self.selection is None else "dealt anew in each draw"
        return (
            f"{self.name}: {self.units} units in {len(np.unique(self.clusters))} clusters over "
            f"{self.periods} periods, {len(dates)} cohorts of {', '.join(counted)} units "
            f"({dealt}), {self.never_treated:.0%} never treated, "
            f"{1 - self.observed.mean():.1%} of cells missing; outcome: {self.design.scale}"
        )


def plain_design(design: Design) -> Design:
    """Write a design on the columns of a drawn panel.

    What a drawn panel has no columns for is left out: controls, further fixed effects, and the
    weights of a count.
    """
    return replace(
        design,
        outcome="outcome",
        unit=("unit",),
        period="period",
        treatment_column="adoption_period",
        cluster="cluster",
        weights="amount" if design.weights and design.scale != "count" else None,
        exposure="amount" if design.exposure else None,
        controls=(),
        absorb=(),
        fixed_effects=(),
    )
