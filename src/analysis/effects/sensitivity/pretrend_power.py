r"""What a test of pre-trends would have found, and what passing it does to estimates.

Roth (2022), "Pretest with Caution". The usual pre-test is passed if no lead differs from zero by
more than 1.96 standard errors. It is set against a linear violation of parallel trends,
:math:`\delta_t = slope \cdot (t - reference)`: how likely the test would find it, and where
estimates would be on average, did it not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize, stats

from analysis.effects.result import Result
from analysis.effects.sensitivity.event_study import EventStudy, event_study_of, vcov_rank
from analysis.effects.sensitivity.passing import passing
from analysis.errors import DesignError, Problem

__all__ = ["PretrendPower", "pretest_power", "pretrend_power", "slope_for_power"]

FloatArray = NDArray[np.float64]

THRESHOLD = 1.96
SLOPE_PRECISION = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class PretrendPower:
    """A linear violation of parallel trends, before a pre-test and after it.

    Attributes
    ----------
    slope
        Of the violation, in the unit of the estimates a period.
    power
        Chance that the pre-test finds it: that some lead is significant.
    bayes_factor
        Chance of passing the pre-test under the violation, relative to that under parallel trends:
        how much less likely a passed test makes the violation.
    likelihood_ratio
        Density of the leads as estimated under the violation, relative to that under parallel
        trends.
    event_time
        Indexed by `event_time`, the reference included with zeros: `value` and `standard_error` as
        estimated; `trend`, the violation; `after_pretest`, the estimate to expect under the
        violation, without any effect, if the pre-test is passed.
    reference
        The event time that others are measured from.
    """

    slope: float
    power: float
    bayes_factor: float
    likelihood_ratio: float
    event_time: pd.DataFrame
    reference: int


def pretrend_power(
    study: EventStudy | Result, *, slope: float | None = None, power: float = 0.5
) -> PretrendPower:
    """Say what the pre-test makes of a linear violation of parallel trends.

    Parameters
    ----------
    study
        An event study, or the result of one.
    slope
        Of the violation; None for the one that the pre-test finds with chance `power`.
    power
        See `slope_for_power`.

    Returns
    -------
    PretrendPower
        Chances are good to 1e-5, and the same at every call; see `passing`.

    Raises
    ------
    DesignError
        If a result holds no event study, the covariance of the leads is singular, or as in
        `slope_for_power`.

    Examples
    --------
    >>> times, values = np.array([-3, -2, 0]), np.array([0.1, 0.0, 0.4])
    >>> found = pretrend_power(EventStudy(times, values, 0.01 * np.eye(3), -1), slope=0.1)
    >>> found.event_time["trend"].tolist()
    [-0.2, -0.1, 0.0, 0.1]
    >>> bool(found.event_time.loc[0, "after_pretest"] == 0.1)  # independent of the leads
    True
    """
    study = event_study_of(study) if isinstance(study, Result) else study
    _refuse(_rank_problems(study))
    if slope is None:
        slope = slope_for_power(study, power)
    leads = study.leads
    trend = slope * (study.event_time - study.reference)
    before = study.vcov[:leads, :leads]
    chance, expected = passing(trend[:leads], before, THRESHOLD)
    chance_without, _ = passing(np.zeros(leads), before, THRESHOLD)
    onwards = study.vcov[leads:, :leads] @ np.linalg.solve(before, expected - trend[:leads])
    density = stats.multivariate_normal(np.zeros(leads), before)
    found = study.estimates[:leads]
    frame = pd.DataFrame(
        {
            "value": study.estimates,
            "standard_error": np.sqrt(np.diag(study.vcov)),
            "trend": trend,
            "after_pretest": np.r_[expected, trend[leads:] + onwards],
        },
        index=pd.Index(study.event_time, name="event_time"),
    )
    frame.loc[study.reference] = 0.0
    frame.index = frame.index.astype("int64")
    return PretrendPower(
        slope=float(slope),
        power=1 - chance,
        bayes_factor=chance / chance_without,
        likelihood_ratio=float(
            np.exp(density.logpdf(found - trend[:leads]) - density.logpdf(found))
        ),
        event_time=frame.sort_index(),
        reference=int(study.reference),
    )


def pretest_power(study: EventStudy, slope: float) -> float:
    """Give the chance that the pre-test finds a linear violation of this slope.

    Examples
    --------
    >>> study = EventStudy(np.array([-2, 0]), np.zeros(2), np.eye(2), -1)
    >>> round(pretest_power(study, 0.0), 6), round(pretest_power(study, 1.96), 6)
    (0.049996, 0.500044)
    """
    leads = study.leads
    trend = slope * (study.event_time[:leads] - study.reference)
    chance, _ = passing(trend, study.vcov[:leads, :leads], THRESHOLD)
    return 1 - chance


def slope_for_power(study: EventStudy, power: float = 0.5) -> float:
    """Find the slope, above zero, that the pre-test finds with a given chance.

    Raises
    ------
    DesignError
        If the power is not between that against no violation at all, which is the size of the
        test, and one; or the covariance of the leads is singular.

    Examples
    --------
    >>> study = EventStudy(np.array([-2, 0]), np.zeros(2), np.eye(2), -1)
    >>> round(slope_for_power(study, 0.5), 3)
    1.96
    """
    _refuse(_rank_problems(study))
    size = pretest_power(study, 0.0)
    if not size < power < 1:
        what = f"it is {power}"
        hint = f"the test finds something with chance {size:.3f} if trends are parallel"
        raise DesignError("no slope has this power", [Problem(what, "power", hint)])
    # A slope of so many standard errors of the most precise lead is found nearly surely.
    unit = float(np.sqrt(np.diag(study.vcov)[: study.leads].min()))
    far = unit
    while pretest_power(study, far) <= power:
        far *= 2
    root = optimize.brentq(
        lambda slope: pretest_power(study, slope) - power,
        0.0,
        far,
        xtol=SLOPE_PRECISION * unit,
        rtol=SLOPE_PRECISION,
    )
    return float(root)


def _rank_problems(study: EventStudy) -> Iterator[Problem]:
    leads = study.leads
    rank = vcov_rank(study.vcov[:leads, :leads])
    if rank < leads:
        what = f"the {leads} leads vary in {rank} directions only"
        hint = "there are too few clusters: begin the event window later"
        yield Problem(what, "vcov", hint)


def _refuse(problems: Iterator[Problem]) -> None:
    if found := list(problems):
        raise DesignError("the power of the pre-test cannot be computed", found)
