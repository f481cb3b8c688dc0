"""Effects of a dose that goes up and down, by de Chaisemartin and D'Haultfoeuille."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.design import Comparison

__all__ = ["DosePanel", "Switching", "estimate_switching"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class DosePanel:
    """A panel of m units over T periods.

    Attributes
    ----------
    periods
        Numbers of the periods, ascending, shape (T,).
    outcome, dose, weights
        Shape (m, T); outcome and dose are NaN where a unit is not observed, its weight is 0.
    first_dose
        The dose of each unit in its first period, shape (m,).
    switch
        Place of the first period in which a unit's dose differs from its first one, or may already
        act; T if there is none, shape (m,).
    step
        By how much the dose differs when it first does, 0 for units that never switch, shape (m,).
    began
        Number of the period that has event time 0, NaN for units that never switch, shape (m,).
    clusters
        Cluster codes of the units, shape (m,).
    """

    periods: FloatArray
    outcome: FloatArray
    dose: FloatArray
    weights: FloatArray
    first_dose: FloatArray
    switch: IntArray
    step: FloatArray
    began: FloatArray
    clusters: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Switching:
    """What came of it.

    Attributes
    ----------
    event_time
        Ascending, shape (E,); negative ones are placebos, the period of reference is among them.
    effect
        Of having switched to a higher dose, in the unit of the outcome, shape (E,).
    contributions
        Of each unit to the errors of the effects, shape (m, E).
    total
        Effect of one more unit of the dose in one period, that on later periods included.
    total_contributions
        Of each unit to its error, shape (m,).
    total_weights
        What weight the total gives to the effects on each unit, shape (m,).
    switchers, compared
        How many units switch, and how many of them have an effect after they did.
    cells
        What the effects are averages of, shape (C, 4): of units that switch together, one row for
        each event time with `began`, `event_time`, their mean effect and its weight.
    """

    event_time: FloatArray
    effect: FloatArray
    contributions: FloatArray
    total: float
    total_contributions: FloatArray
    total_weights: FloatArray
    switchers: int
    compared: int
    cells: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Cell:
    """Units that switch together, so many periods before or after they did, and their controls.

    `members` are places of units, shape (k,); `switched` says which of them switched; `gain` is
    the signed and weighted sum of the effects on those, `contributions` (k,) is to its error;
    `weight` and `doses` are what the effects and the changes of the dose weigh.
    """

    began: float
    event_time: float
    members: IntArray
    switched: BoolArray
    gain: float
    contributions: FloatArray
    weight: float
    doses: float


def estimate_switching(panel: DosePanel, comparison: Comparison) -> Switching:
    r"""Compare units that change their dose with units that still have the same dose.

    Unit g has the dose :math:`D_{g1}` until it changes for the first time in period :math:`F_g`.
    From then on,

    .. math:: DID_{g,\ell} = Y_{g,F_g-1+\ell} - Y_{g,F_g-1}
              - \text{mean of the same among } \{h: D_{h1} = D_{g1}, F_h > F_g - 1 + \ell\}

    estimates what the path of its dose, rather than a constant one, did to the outcome. The effect
    at event time :math:`\ell - 1` is the mean of :math:`S_g DID_{g,\ell}` over units, with
    :math:`S_g = 1` if the dose first went up and -1 if it went down. Before, the change from
    :math:`F_g - 1` back to :math:`F_g - 1 - \ell`, with the same controls, is a placebo, which
    should be zero. The total divides the sum of all effects by the sum of all changes of the dose,
    :math:`S_g (D_{g,t} - D_{g1})`, in the same units and periods (de Chaisemartin and
    D'Haultfoeuille 2024, sections 3 and 4). Units count by their weight in period
    :math:`F_g - 1 + \ell`.

    A unit contributes to the error what its change of the outcome differs from the mean of its
    cohort (same first dose, same :math:`F_g`, same dose then) or of the controls, times
    :math:`\sqrt{n / (n - 1)}` for n clusters in it; where that is a single cluster, from the mean
    of the cohort and its controls together (ibid., section 5 of the web appendix).

    Parameters
    ----------
    panel
        No unit's dose is both above and below its first one.
    comparison
        ``never`` takes as controls only units that never switch.

    Examples
    --------
    >>> panel = DosePanel(
    ...     periods=np.array([1.0, 2.0, 3.0]),
    ...     outcome=np.array([[1.0, 5.0, 3.0], [2.0, 3.0, 4.0]]),
    ...     dose=np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]),
    ...     weights=np.ones((2, 3)),
    ...     first_dose=np.zeros(2),
    ...     switch=np.array([1, 3]),
    ...     step=np.array([1.0, 0.0]),
    ...     began=np.array([2.0, np.nan]),
    ...     clusters=np.array([0, 1]),
    ... )
    >>> found = estimate_switching(panel, "notyet")
    >>> found.event_time.tolist(), found.effect.tolist(), found.total
    ([-1.0, 0.0, 1.0], [0.0, 3.0, 0.0], 3.0)
    """
    units = len(panel.outcome)
    began = np.unique(panel.began[~np.isnan(panel.began)])
    times = np.unique(panel.periods[:, None] - began)
    gains, weights = np.zeros(len(times)), np.zeros(len(times))
    contributions = np.zeros((units, len(times)), order="F")
    total, doses = 0.0, 0.0
    total_contributions, total_weights = np.zeros(units), np.zeros(units)
    compared = np.zeros(units, dtype=np.bool_)
    cells = []
    for cell in _cells(panel, comparison):
        place = int(np.searchsorted(times, cell.event_time))
        cells.append((cell.began, cell.event_time, cell.gain / cell.weight, cell.weight))
        gains[place] += cell.gain
        weights[place] += cell.weight
        contributions[cell.members, place] += cell.contributions
        if cell.event_time >= 0:
            total += cell.gain
            doses += cell.doses
            total_contributions[cell.members] += cell.contributions
            on = cell.members[cell.switched]
            total_weights[on] += cell.weight / len(on)
            compared[on] = True
    found = weights > 0
    return Switching(
        event_time=times[found],
        effect=gains[found] / weights[found],
        contributions=contributions[:, found] / weights[found],
        total=total / doses if doses else np.nan,
        total_contributions=total_contributions / doses if doses else total_contributions,
        total_weights=total_weights / max(total_weights.sum(), 1.0),
        switchers=int((~np.isnan(panel.began)).sum()),
        compared=int(compared.sum()),
        cells=np.array(cells, dtype="float64").reshape(-1, 4),
    )


def _cells(panel: DosePanel, comparison: Comparison) -> Iterator[_Cell]:
    """Make the cells: units with the same first dose that switch in the same period."""
    last = len(panel.periods)
    for dose in np.unique(panel.first_dose):
        alike = np.flatnonzero(panel.first_dose == dose)
        switching = alike[(panel.switch[alike] >= 1) & (panel.switch[alike] < last)]
        for began in np.unique(panel.began[switching]):
            together = switching[panel.began[switching] == began]
            switch = int(panel.switch[together[0]])
            for period in range(switch, last):
                still = panel.switch[alike] > period
                if comparison == "never":
                    still = panel.switch[alike] == last
                yield from _compare(panel, together, alike[still], switch - 1, period)


def _compare(
    panel: DosePanel, together: IntArray, still: IntArray, base: int, period: int
) -> Iterator[_Cell]:
    """Compare after the switch, as long before it, and (trivially) in the period of reference."""
    steps = period - base
    ends = [period]
    ends += [base] if steps == 1 else []
    ends += [base - steps] if base >= steps else []
    for end in ends:
        members = np.concatenate([together, still])
        change = panel.outcome[members, end] - panel.outcome[members, base]
        used = ~np.isnan(change) & (panel.weights[members, period] > 0)
        switched = (np.arange(len(members)) < len(together))[used]
        if not switched.any() or switched.all():
            continue
        members, change = members[used], change[used]
        weight = panel.weights[members, period]
        sign = np.where(switched, np.sign(panel.step[members]), 0.0)
        signed = sign * weight
        control = np.where(switched, 0.0, weight / weight[~switched].sum())
        gone = panel.dose[members, period] - panel.first_dose[members]
        began = float(panel.began[together[0]])
        yield _Cell(
            began=began,
            event_time=float(panel.periods[end] - began),
            members=members,
            switched=switched,
            gain=float(signed @ change - signed.sum() * (control @ change)),
            contributions=(signed - signed.sum() * control)
            * _deviations(panel, members, switched, change, weight),
            weight=float(weight[switched].sum()),
            doses=float(signed @ gone),
        )


def _deviations(
    panel: DosePanel, members: IntArray, switched: BoolArray, change: FloatArray, weight: FloatArray
) -> FloatArray:
    """Subtract from each change the mean of its kind, adjusted for having been estimated."""
    # Controls have no step yet; NaN keeps them apart.
    _, kinds = np.unique(np.where(switched, panel.step[members], np.nan), return_inverse=True)
    clusters = panel.clusters[members]
    own = _centre(change, weight, kinds, clusters)
    if not np.isnan(own).any():
        return own
    together = _centre(change, weight, np.zeros_like(kinds), clusters)
    # With a single cluster there is nothing to estimate a mean from: the whole change counts.
    return np.where(np.isnan(own), np.where(np.isnan(together), change, together), own)


def _centre(
    change: FloatArray, weight: FloatArray, kinds: IntArray, clusters: IntArray
) -> FloatArray:
    """Deviations from the mean of a kind, times the root of n / (n - 1); NaN for one cluster."""
    means = np.bincount(kinds, weight * change) / np.bincount(kinds, weight)
    width = int(clusters.max()) + 1
    counts = np.bincount(np.unique(kinds * width + clusters) // width).astype("float64")
    counts[counts < 2] = np.nan
    return np.asarray((change - means[kinds]) * np.sqrt(counts / (counts - 1))[kinds])
