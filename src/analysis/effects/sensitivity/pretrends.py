"""Joint tests that nothing happened before adoption.

A test that does not reject is weak comfort: it may lack power, and it conditions later results on
having passed (Roth 2022); see `analysis.effects.sensitivity.pretrend_power`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.effects.design import Design
from analysis.effects.evidence import Regression
from analysis.effects.inference.bias_reduced import htz_test
from analysis.effects.inference.joint import JointTest, wald_test
from analysis.effects.registry import get_estimator
from analysis.effects.result import Result
from analysis.errors import DesignError, Problem

__all__ = ["few_clusters_pre_trend_test", "pre_trend_test"]

REFUSED = "pre-trends cannot be tested"


def pre_trend_test(result: Result) -> JointTest:
    """Test jointly that an event study's effects before its reference are all zero.

    A Wald test on the covariance of the result's own inference, with G - 1 degrees of freedom.
    With few clusters it rejects too often; `few_clusters_pre_trend_test` does not.

    Parameters
    ----------
    result
        Of an estimator with effects by event time.

    Raises
    ------
    DesignError
        If the result is not an event study, its event times have no covariance, or it has no more
        clusters than effects to test.
    """
    if result.event_time is None:
        problem = Problem("the result has no event times", result.estimator, "use an event study")
        raise DesignError(REFUSED, [problem])
    if result.event_time_vcov is None:
        what = f"inference {result.inference_name!r} gives the event times no covariance"
        raise DesignError(REFUSED, [Problem(what, result.estimator, "take another inference")])
    times = result.event_time[result.event_time["standard_error"] > 0]
    leads = np.flatnonzero(times.index < result.design.reference)
    degrees = result.clusters - 1
    if not 0 < len(leads) <= degrees:
        what = f"{len(leads)} effects cannot be tested together with {result.clusters} clusters"
        problem = Problem(what, "event_window", "shorten the event window")
        raise DesignError(REFUSED, [problem])
    vcov = result.event_time_vcov[np.ix_(leads, leads)]
    return wald_test(times["value"].to_numpy()[leads], vcov, degrees)


def few_clusters_pre_trend_test(panel: pd.DataFrame, design: Design, estimator: str) -> JointTest:
    """Test the same with few clusters, by CR2 and Hotelling's T-squared (HTZ).

    Parameters
    ----------
    panel, design
        See `analysis.effects.estimate.estimate`.
    estimator
        One whose event times are coefficients of a linear regression.

    Returns
    -------
    JointTest
        Its degrees of freedom come from the design (Pustejovsky and Tipton 2018).

    Raises
    ------
    DesignError
        If the estimator is not of that kind, or there are too few clusters for so many effects.
    """
    effects = get_estimator(estimator).function(panel.reset_index(drop=True), design)
    evidence, targets = effects.evidence, effects.targets
    if not isinstance(evidence, Regression) or evidence.link != "identity" or not evidence.linear:
        hint = "take 'twfe_event_study', or test the result by its own covariance"
        problem = Problem("its event times are not linear in coefficients", estimator, hint)
        raise DesignError(REFUSED, [problem])
    leads = (targets["kind"] == "event_time") & (targets["event_time"] < design.reference)
    if not leads.any():
        what = "there is no effect before adoption"
        raise DesignError(REFUSED, [Problem(what, estimator, "use an event study")])
    contrasts = evidence.gradient[leads.to_numpy()]
    return htz_test(evidence.fit, effects.sample.effects, contrasts)
