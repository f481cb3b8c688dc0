"""Tests that several effects are all zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.errors import DesignError, Problem

__all__ = ["JointTest", "refuse_singular", "wald_test"]

FloatArray = NDArray[np.float64]

# A covariance whose smallest eigenvalue is a smaller share of its largest is singular.
SINGULAR = 1e-12


@dataclass(frozen=True, slots=True)
class JointTest:
    """A test that several effects are all zero.

    Attributes
    ----------
    statistic
        F.
    degrees_numerator, degrees_denominator
        Degrees of freedom of F.
    p_value
        Of the test.
    """

    statistic: float
    degrees_numerator: int
    degrees_denominator: float
    p_value: float


def wald_test(values: FloatArray, vcov: FloatArray, degrees: float) -> JointTest:
    """Test that all values are zero, by the F distribution.

    With few clusters and many values it rejects too often; `bias_reduced.htz_test` does not.

    Parameters
    ----------
    values
        Shape (q,).
    vcov
        Their covariance, shape (q, q).
    degrees
        Of freedom of the denominator, G - 1 with G clusters; infinite for chi-squared.

    Raises
    ------
    DesignError
        If the covariance is singular.

    Examples
    --------
    >>> wald_test(np.array([1.0, 2.0]), np.eye(2), np.inf).statistic
    2.5
    """
    refuse_singular(vcov)
    statistic = float(values @ np.linalg.solve(vcov, values)) / len(values)
    p_value = float(stats.f.sf(statistic, len(values), degrees))
    return JointTest(statistic, len(values), degrees, p_value)


def refuse_singular(vcov: FloatArray) -> None:
    """Check that no effect follows from the others.

    Raises
    ------
    DesignError
        If the covariance is singular, or there is nothing to test.
    """
    hint = "leave out effects that others imply, or test fewer of them than there are clusters"
    if len(vcov) == 0 or not np.isfinite(vcov).all():
        hint = "choose effects that have a standard error"
        problem = Problem("there is none, or one without a covariance", "effects", hint)
    else:
        values = np.linalg.eigvalsh(vcov)
        if values[0] > SINGULAR * values[-1]:
            return
        problem = Problem("their covariance is singular", "effects", hint)
    raise DesignError("the effects cannot be tested jointly", [problem])
