"""Event studies are checked once, with all problems together."""

import dataclasses

import numpy as np
import pytest

from analysis.effects.estimate import estimate
from analysis.effects.sensitivity.event_study import EventStudy, event_study_of, vcov_rank
from analysis.errors import DesignError

TIMES = np.array([-3.0, -2.0, 0.0])


def test_a_result_gives_its_estimates_without_the_reference(castle_result):
    """Catches a covariance that is one place off its estimates."""
    study = event_study_of(castle_result)
    frame = castle_result.event_time.drop(index=-1)
    assert study.event_time.tolist() == frame.index.tolist() == [-4, -3, -2, 0, 1, 2, 3]
    assert (study.leads, study.lags) == (3, 4)
    np.testing.assert_allclose(np.sqrt(np.diag(study.vcov)), frame["standard_error"], rtol=1e-12)


def test_anticipation_moves_the_reference(castle, castle_design):
    design = dataclasses.replace(castle_design, anticipation=1)
    study = event_study_of(estimate(castle, design, "twfe_event_study"))
    assert (study.reference, study.leads, study.lags) == (-2, 2, 5)


def test_a_static_result_is_refused(castle, castle_design):
    with pytest.raises(DesignError, match="twfe: it has no effects by event time"):
        event_study_of(estimate(castle, castle_design, "twfe"))


def test_effects_without_a_covariance_are_refused(castle_result):
    with pytest.raises(DesignError, match="its event times have no covariance"):
        event_study_of(dataclasses.replace(castle_result, event_time_vcov=None))


def test_effects_measured_from_changing_bases_are_refused(castle_result):
    """Catches bounds on estimates that have no common reference, which mean something else."""
    wider = np.eye(len(castle_result.event_time_vcov) + 1)
    with pytest.raises(DesignError, match="base='universal'"):
        event_study_of(dataclasses.replace(castle_result, event_time_vcov=wider))


def test_all_problems_are_reported_together():
    with pytest.raises(DesignError) as caught:
        EventStudy(np.array([2.0, 0.0]), np.zeros(3), np.eye(2), -1)
    message = str(caught.value)
    for part in ("2 event times for 3", "do not increase", "none before", r"its shape is (2, 2)"):
        assert part in message


@pytest.mark.parametrize(
    ("vcov", "words"),
    [
        (np.array([[1, 0.5, 0], [0, 1, 0], [0, 0, 1]]), "not symmetric"),
        (np.diag([1.0, 0.0, 1.0]), "estimate 1 has no variance"),
        (np.array([[1, 2, 0], [2, 1, 0], [0, 0, 1.0]]), "not positive semidefinite"),
        (np.diag([1.0, np.nan, 1.0]), "missing or infinite"),
    ],
)
def test_what_is_no_covariance_is_refused(vcov, words):
    with pytest.raises(DesignError, match=words):
        EventStudy(TIMES, np.zeros(3), vcov, -1)


def test_rounding_below_zero_is_let_pass():
    """Catches refusing every clustered covariance of low rank for its rounding errors."""
    factor = np.array([[1.0, 2.0, 3.0]])
    vcov = factor.T @ factor - 1e-12 * np.eye(3)
    assert EventStudy(TIMES, np.zeros(3), vcov, -1).leads == 2
    assert vcov_rank(vcov) == 1
