"""An event study as arrays: estimates around a reference and their covariance, checked once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.effects.result import Result
from analysis.errors import DesignError, Problem

__all__ = [
    "EventStudy",
    "Target",
    "covariance_problems",
    "event_study_of",
    "target_weights",
    "vcov_rank",
]

FloatArray = NDArray[np.float64]
Target = Literal["first", "average"] | int

# Relative to the largest eigenvalue: what rounding leaves of a zero.
ROUNDING = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class EventStudy:
    """Estimates by event time, the reference left out.

    Attributes
    ----------
    event_time
        Shape (k,), increasing.
    estimates
        Shape (k,).
    vcov
        Their covariance, shape (k, k).
    reference
        The event time that they are measured from.

    Raises
    ------
    DesignError
        With all problems together: shapes that do not fit, event times that do not increase or
        hold the reference, no event time before or none after it, a value that is not finite, or
        a matrix that is no covariance.

    Examples
    --------
    >>> study = EventStudy(np.array([-3, -2, 0]), np.array([0.1, 0.0, 0.4]), np.eye(3), -1)
    >>> study.leads, study.lags
    (2, 1)
    """

    event_time: FloatArray
    estimates: FloatArray
    vcov: FloatArray
    reference: float

    def __post_init__(self) -> None:
        problems = [*_time_problems(self), *covariance_problems(self.estimates, self.vcov)]
        if problems:
            raise DesignError("this is not an event study", problems)

    @property
    def leads(self) -> int:
        """How many estimates are before the reference."""
        return int((self.event_time < self.reference).sum())

    @property
    def lags(self) -> int:
        """How many estimates are after the reference."""
        return int((self.event_time > self.reference).sum())


def event_study_of(result: Result) -> EventStudy:
    """Take the event study out of a result.

    Parameters
    ----------
    result
        Of an estimator with effects by event time, all measured from the design's reference.

    Raises
    ------
    DesignError
        If it has none, they have no covariance, or they are not measured from one reference.
    """
    frame, vcov, reference = result.event_time, result.event_time_vcov, result.design.reference
    problem = None
    if frame is None:
        hint = "take an estimator of effects by event time"
        problem = Problem("it has no effects by event time", result.estimator, hint)
    elif vcov is None:
        hint = "take an inference that estimates a covariance"
        problem = Problem("its event times have no covariance", result.estimator, hint)
    elif reference not in frame.index or len(vcov) != len(frame) - 1:
        what = f"its {len(frame)} event times are not all measured from {reference}"
        problem = Problem(what, result.estimator, "take a design with base='universal'")
    if problem is not None or frame is None or vcov is None:
        raise DesignError("the result holds no event study", [problem] if problem else [])
    estimates = frame["value"].drop(index=reference)
    return EventStudy(
        event_time=estimates.index.to_numpy(dtype="float64"),
        estimates=estimates.to_numpy(dtype="float64"),
        vcov=np.asarray(vcov, dtype="float64"),
        reference=float(reference),
    )


def target_weights(study: EventStudy, target: Target) -> FloatArray:
    """Weigh the effects after the reference so that they make up a target.

    Parameters
    ----------
    study
        Its event times and the reference must be consecutive.
    target
        The effect at adoption (``first``), the mean of all effects from adoption on (``average``),
        or the effect at one event time.

    Raises
    ------
    DesignError
        If event times are not consecutive, or the target is not among those after the reference.

    Examples
    --------
    >>> study = EventStudy(np.array([-2, 0, 1]), np.zeros(3), np.eye(3), -1)
    >>> target_weights(study, "average").tolist()
    [0.5, 0.5]
    """
    times = np.sort(np.r_[study.event_time, study.reference])
    after = study.event_time[study.event_time > study.reference]
    problems = []
    if (np.diff(times) != 1).any():
        before_gap = times[int(np.argmax(np.diff(times) != 1))]
        hint = "changes between periods need every period: choose a window without gaps"
        problems.append(Problem(f"{before_gap + 1:g} is missing", "event_time", hint))
    wanted = after >= 0 if target == "average" else after == (0 if target == "first" else target)
    if not wanted.any():
        hint = "known are 'first', 'average' and the event times after the reference"
        problems.append(Problem(f"there is no effect {target!r}", "target", hint))
    if problems:
        raise DesignError("the event study cannot be bounded", problems)
    return np.asarray(wanted / wanted.sum())


def covariance_problems(values: FloatArray, vcov: FloatArray) -> Iterator[Problem]:
    """Say what keeps estimates of shape (k,) and a matrix from belonging together.

    A matrix with eigenvalues below zero is refused: no data have such a covariance, and cutting
    them off would change the answer silently. What rounding leaves of a zero is let pass.
    """
    count = len(values)
    if vcov.shape != (count, count):
        what = f"its shape is {vcov.shape}"
        yield Problem(what, "vcov", f"expected ({count}, {count}), one row for each estimate")
    elif not (np.isfinite(values).all() and np.isfinite(vcov).all()):
        yield Problem("a value is missing or infinite", "values or vcov", "leave such events out")
    elif not np.allclose(vcov, vcov.T, rtol=0, atol=ROUNDING * np.abs(vcov).max()):
        yield Problem("it is not symmetric", "vcov", "check its order of rows and columns")
    elif (np.diag(vcov) <= 0).any():
        where = int(np.argmin(np.diag(vcov)))
        hint = "leave out what is zero by normalisation, such as the reference"
        yield Problem(f"estimate {where} has no variance", "vcov", hint)
    else:
        eigenvalues = np.linalg.eigvalsh(vcov)
        if eigenvalues[0] < -ROUNDING * eigenvalues[-1]:
            what = f"it is not positive semidefinite: an eigenvalue is {eigenvalues[0]:.3g}"
            yield Problem(what, "vcov", "take another covariance: two-way clustering can give such")


def vcov_rank(vcov: FloatArray) -> int:
    """Count the linearly independent directions in which estimates vary.

    Clustered covariances have at most as many as there are clusters, less one.

    Examples
    --------
    >>> vcov_rank(np.array([[1.0, 1.0], [1.0, 1.0]]))
    1
    """
    eigenvalues = np.linalg.eigvalsh(vcov)
    return int((eigenvalues > ROUNDING * eigenvalues[-1]).sum())


def _time_problems(study: EventStudy) -> Iterator[Problem]:
    times = study.event_time
    if times.shape != study.estimates.shape:
        what = f"{len(times)} event times for {len(study.estimates)} estimates"
        yield Problem(what, "event_time", "expected one for each estimate")
    if (np.diff(times) <= 0).any():
        yield Problem("they do not increase", "event_time", "sort them, with their estimates")
    if (times == study.reference).any():
        hint = "leave it out of estimates and covariance"
        yield Problem(f"they hold the reference, {study.reference:g}", "event_time", hint)
    if not (times < study.reference).any():
        hint = "begin the event window earlier"
        yield Problem("there is none before the reference", "event_time", hint)
    if not (times > study.reference).any():
        hint = "end the event window later"
        yield Problem("there is none after the reference", "event_time", hint)
