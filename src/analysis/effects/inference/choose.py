"""The default: which method of inference is valid with these clusters, and why."""

from __future__ import annotations

from analysis.effects.evidence import Own, Regression
from analysis.effects.inference.assignments import count_assignments
from analysis.effects.inference.uncertainty import Case
from analysis.errors import DesignError, Problem

__all__ = ["FEWEST_CLUSTERS", "FEW_CLUSTERS", "FEW_TREATED", "choose"]

# The number that Angrist and Pischke (2009, ch. 8) give and Cameron and Miller (2015) discuss:
# with fewer clusters, t tests on CR1 errors reject true nulls too often.
FEW_CLUSTERS = 40
# With fewer treated clusters the restricted wild cluster bootstrap hardly ever rejects, and
# clustered errors far too often (MacKinnon and Webb 2018).
FEW_TREATED = 4
# With fewer clusters no method here has a known size.
FEWEST_CLUSTERS = 5
# A test at five per cent needs at least twenty equally likely assignments.
FEWEST_ASSIGNMENTS = 20


def choose(case: Case) -> tuple[str, str]:
    """Choose a method of inference from the evidence and the number of (treated) clusters.

    Parameters
    ----------
    case
        The effects and what they were made from.

    Returns
    -------
    tuple
        The method's name, and why it was chosen, in words.

    Raises
    ------
    DesignError
        If no method is valid; the hint says how to have the estimate without inference.

    Notes
    -----
    An estimator with a covariance of its own keeps it where that is valid. With many clusters,
    clustered errors and t with G - 1 degrees of freedom. With few, the restricted wild cluster
    bootstrap for a linear regression and its score version for one Poisson coefficient, and the
    cluster jackknife for everything else. With few treated clusters, randomization of adoption
    dates.
    """
    sample, evidence = case.effects.sample, case.effects.evidence
    clusters, treated = sample.cluster_count, sample.treated_cluster_count
    if isinstance(evidence, Own) and (evidence.valid_with_few or clusters >= FEW_CLUSTERS):
        return "analytic", "the estimator has a covariance of its own"
    if clusters < FEWEST_CLUSTERS:
        what = f"{clusters} clusters are fewer than {FEWEST_CLUSTERS}"
        raise _refusal(what, case)
    if treated < FEW_TREATED:
        return _with_few_treated(case, treated)
    counted = f"{clusters} clusters, {treated} of them treated"
    if clusters >= FEW_CLUSTERS:
        return "CR1", f"chosen because {counted}, are enough for clustered errors"
    few = f"chosen because {counted}, are fewer than {FEW_CLUSTERS}"
    if isinstance(evidence, Regression) and _can_be_bootstrapped(evidence):
        return "wild", few
    return "jackknife", few


def _with_few_treated(case: Case, treated: int) -> tuple[str, str]:
    few = f"only {treated} treated clusters, fewer than {FEW_TREATED}"
    if case.design.treatment == "dose":
        raise _refusal(f"{few}, get the dose", case)
    if (ways := count_assignments(case.effects.sample)) < FEWEST_ASSIGNMENTS:
        what = f"{few}: their adoption could have fallen in {ways} ways only, so that no p-value"
        raise _refusal(f"{what} can be below {1 / ways:.2g}", case)
    return "randomization", f"chosen because there are {few}"


def _can_be_bootstrapped(evidence: Regression) -> bool:
    one_coefficient = evidence.gradient.shape == (1, 1)
    return evidence.link == "identity" or (evidence.link == "log" and one_coefficient)


def _refusal(what: str, case: Case) -> DesignError:
    hint = "take inference='none' for the estimate alone, or name a method and defend it"
    problem = Problem(what, case.design.cluster, hint)
    return DesignError("no method of inference is valid with so few clusters", [problem])
