r"""Randomization inference: adoption dates are dealt out anew, and everything is estimated again.

If the dates fell by chance and the programme changed nothing for anyone, every other way in which
they could have fallen would have left the same outcomes, so that the estimates under all of them
are the distribution of the estimate. The test holds exactly with any number of clusters (Young
2019), which is why it serves when few of them are treated (MacKinnon and Webb 2020).

What is compared is the estimate itself, not its t ratio. Both are exact under that null; only the
t ratio would also hold, with many treated clusters, under the weaker null that effects are zero on
average (Roth and Sant'Anna 2023). But with few treated clusters its standard error is as bad as
those that randomization is to replace, and with many there are other methods.

The interval holds every constant effect b that the test does not reject once b is taken out of the
treated rows. With :math:`T_a(b)` the estimate under assignment a and o the data's own assignment,
b is kept if :math:`|T_a(b)| \geq |T_o(b)|` in more than 5 per cent of the assignments. Estimates
that are linear in the outcome are straight lines in b, known from two runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.columns import period_numbers
from analysis.effects.evidence import Influence, Regression
from analysis.effects.inference.assignments import Deal, deal_adoption
from analysis.effects.inference.uncertainty import LEVEL, Case, Uncertainty
from analysis.errors import DesignError

__all__ = ["invert_lines", "randomization", "share_as_large"]

FloatArray = NDArray[np.float64]

DRAWS = 999
KEYS = ["kind", "averaging", "cohort", "period", "event_time"]
# Two estimates that differ by less than rounding are a tie, and ties count as large.
TIE = 1e-9
# A target whose own line is flatter than this does not respond to an effect: one before adoption.
FLAT = 1e-6
# Where lines bend, an end is found once it moves by less than this share of the standard error.
SETTLED = 0.01
MOST_ROUNDS = 5


def randomization(case: Case) -> Uncertainty:
    """Test and bound all targets by dealing the adoption periods out anew.

    Adoption is dealt among clusters if it is constant within them, else among units: in all
    distinct ways if there are 2,000 or fewer, else in 999 random draws. Assignments under which
    the panel cannot be estimated are left out, which keeps the test exact, because that does not
    depend on the outcome's values.

    The standard error is the standard deviation of the estimate over assignments, the estimated
    overall effect taken out of the treated rows first. P-values are two-sided, and count the
    data's own assignment. Effects before adoption have a p-value but no interval, since no
    constant effect after adoption moves them. For a Poisson or other model that is not linear in
    the outcome, the lines are drawn through estimates with the overall effect and the ends of its
    interval taken out, until these ends settle. A logit model, and differences of counts, have no
    constant effect that could be taken out, and get no interval.

    Raises
    ------
    DesignError
        If the treatment is a dose, or there is only one way to deal adoption out.
    """
    deal = deal_adoption(case.panel, case.design, case.effects.sample, case.choices.draws or DRAWS)
    runs = _estimate_without(case, deal, 0.0)
    p_value = share_as_large(runs)
    words = f"randomization of adoption among {deal.among}, {deal.words}"
    if failed := int(np.isnan(runs).all(axis=1).sum()):
        words += f" ({failed} of which cannot be estimated)"
    if _has_no_constant_effect(case):
        unknown = np.full(len(case.values), np.nan)
        words += "; standard error: standard deviation of the estimates over assignments"
        return _uncertainty(case, runs, unknown, unknown, p_value, words)
    lower, upper, without = _bound(case, deal, runs)
    words += (
        ", interval by inverting the test for a constant effect; standard error: standard "
        "deviation of the estimates over assignments, the overall effect taken out first"
    )
    return _uncertainty(case, without, lower, upper, p_value, words)


def share_as_large(runs: FloatArray) -> FloatArray:
    """Return the share of assignments whose estimate is at least as far from zero as the first's.

    Parameters
    ----------
    runs
        Estimates of T targets under R assignments, shape (R, T), the data's own in the first row;
        NaN where one could not be made. A target that is always zero has no p-value.

    Examples
    --------
    >>> share_as_large(np.array([[3.0], [-3.0], [1.0], [2.0]])).tolist()
    [0.5]
    """
    known = ~np.isnan(runs)
    large = known & (np.abs(np.nan_to_num(runs)) >= np.abs(runs[0]) * (1 - TIE))
    share = large.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    varies = (np.nan_to_num(runs) != 0).any(axis=0) & known[0]
    return np.where(varies, share, np.nan)


def invert_lines(constant: FloatArray, slope: FloatArray) -> tuple[float, float]:
    """Find the ends of the interval of effects b that are not rejected.

    Parameters
    ----------
    constant, slope
        The estimate under each of R assignments is ``constant - slope * b`` once an effect b is
        taken out of the treated rows; shape (R,), the data's own assignment first.

    Returns
    -------
    tuple
        Infinite where no effect is rejected; NaN if the data's own estimate does not respond to
        an effect.

    Notes
    -----
    With m = constant[0] / slope[0], the estimate, an assignment with a flatter slope is at least
    as far from zero as the data's own for all b between the two roots of
    ``|constant - slope b| = |constant[0] - slope[0] b|``, which lie on both sides of m, and for no
    other. So the p-value falls from 1 at m outwards, a step at each root.

    Examples
    --------
    >>> invert_lines(np.array([2.0, 0.5, -0.5]), np.array([1.0, 0.0, 0.0]))
    (-inf, inf)
    >>> invert_lines(np.array([2.0] + 39 * [0.5]), np.array([1.0] + 39 * [0.0]))
    (1.5, 2.5)
    """
    if not abs(slope[0]) > FLAT:
        return np.nan, np.nan
    known = ~np.isnan(constant) & ~np.isnan(slope)
    flatter = known & (np.abs(slope) < np.abs(slope[0]) * (1 - TIE))
    flatter[0] = False
    first, second = (
        (constant[flatter] + sign * constant[0]) / (slope[flatter] + sign * slope[0])
        for sign in (-1.0, 1.0)
    )
    steep = np.full(int(known.sum() - flatter.sum()), np.inf)
    lower = np.sort(np.concatenate([np.minimum(first, second), -steep]))
    upper = np.sort(np.concatenate([np.maximum(first, second), steep]))[::-1]
    # The p-value is above 5 per cent while more assignments than these are as extreme.
    allowed = int(np.floor(round((1 - LEVEL) * len(lower), 9)))
    return float(lower[allowed]), float(upper[allowed])


def _estimate_without(case: Case, deal: Deal, effect: float) -> FloatArray:
    """Estimate the targets under all assignments, an effect taken out first; shape (R, T)."""
    name, design = case.design.outcome, case.design
    adoption = period_numbers(deal.panel[deal.column])
    treated = period_numbers(deal.panel[design.period]) >= adoption
    outcome = deal.panel[name].to_numpy(dtype="float64", na_value=np.nan)
    # An effect on a count is a ratio.
    ratio, difference = np.exp(-effect * treated), effect * treated
    cleaned = outcome * ratio if design.scale == "count" else outcome - difference
    panels = deal.panels(deal.panel.assign(**{name: cleaned}))
    return np.stack([_estimate(case, panel) for panel in panels])


def _estimate(case: Case, panel: pd.DataFrame) -> FloatArray:
    """Estimate the targets on a panel, shape (T,); NaN where one cannot be."""
    wanted = case.effects.targets[KEYS].reset_index(drop=True)
    try:
        found = case.estimator(panel, case.design).targets.reset_index(drop=True)
    except DesignError:
        return np.full(len(wanted), np.nan)
    if not found[KEYS].equals(wanted):
        found = wanted.merge(found, on=KEYS, how="left", validate="one_to_one")
    return found["value"].to_numpy(dtype="float64")


def _has_no_constant_effect(case: Case) -> bool:
    evidence = case.effects.evidence
    if not isinstance(evidence, Regression):
        return False
    # A difference taken out of counts would leave negative ones.
    return evidence.link == "logit" or (evidence.link == "log" and case.design.scale != "count")


def _bound(case: Case, deal: Deal, runs: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the ends of the targets' intervals, and all estimates without the overall effect.

    `runs` are the estimates under all assignments with nothing taken out.
    """
    headline = _headline(case)
    middle = float(case.effects.targets["value"].iloc[headline])
    step = float(_spread(runs)[headline]) or 1.0
    lines = _Lines.through(0.0, runs, step, _estimate_without(case, deal, step))
    lower, upper = lines.ends()
    if _is_linear(case):
        return lower, upper, lines.at(middle)
    without = _estimate_without(case, deal, middle)
    spread = float(_spread(without)[headline])
    ends = []
    for side, end, direction in ((0, lower[headline], -1), (1, upper[headline], 1)):
        far = float(end) if np.isfinite(end) else middle + 2 * direction * spread
        for _ in range(MOST_ROUNDS):
            lines = _Lines.through(middle, without, far, _estimate_without(case, deal, far))
            found = lines.ends()[side]
            moved = abs(found[headline] - far)
            if not np.isfinite(moved) or moved <= SETTLED * spread:
                break
            far = float(found[headline])
        ends.append(found)
    return ends[0], ends[1], without


def _headline(case: Case) -> int:
    targets = case.effects.targets
    wanted = case.design.estimand or case.effects.headline
    rows = (targets["kind"] == "overall") & (targets["averaging"] == wanted)
    return int(np.flatnonzero(rows)[0])


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Estimates as straight lines in the effect that is taken out, each of shape (R, T)."""

    constant: FloatArray
    slope: FloatArray

    @classmethod
    def through(
        cls, effect: float, runs: FloatArray, other: float, other_runs: FloatArray
    ) -> _Lines:
        slope = (runs - other_runs) / (other - effect)
        return cls(runs + slope * effect, slope)

    def at(self, effect: float) -> FloatArray:
        return self.constant - self.slope * effect

    def ends(self) -> tuple[FloatArray, FloatArray]:
        pairs = [invert_lines(*line) for line in zip(self.constant.T, self.slope.T, strict=True)]
        lower, upper = np.array(pairs).T
        return lower, upper


def _is_linear(case: Case) -> bool:
    evidence = case.effects.evidence
    if isinstance(evidence, Regression):
        return evidence.linear and evidence.link == "identity"
    return isinstance(evidence, Influence)


def _spread(runs: FloatArray) -> FloatArray:
    """Return the standard deviation over assignments that could be estimated, shape (T,)."""
    known = ~np.isnan(runs)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, runs, 0.0).sum(axis=0) / count
    squares = np.where(known, (runs - mean) ** 2, 0.0).sum(axis=0)
    return np.asarray(np.sqrt(squares / count))


def _uncertainty(
    case: Case,
    runs: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    p_value: FloatArray,
    words: str,
) -> Uncertainty:
    fixed = (np.nan_to_num(runs) == 0).all(axis=0)
    times = np.flatnonzero(case.effects.targets["kind"] == "event_time")
    complete = runs[:, times][~np.isnan(runs[:, times]).any(axis=1)]
    return Uncertainty(
        standard_error=_spread(runs),
        lower=np.where(fixed, case.values, lower),
        upper=np.where(fixed, case.values, upper),
        p_value=p_value,
        event_time_vcov=np.cov(complete.T, bias=True).reshape(times.size, times.size)
        if times.size and len(complete) > 1
        else None,
        degrees=np.inf,
        words=words,
    )
