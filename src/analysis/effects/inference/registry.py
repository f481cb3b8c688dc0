"""The methods of inference by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.effects.evidence import Influence, Own, Regression
from analysis.effects.inference.bootstrap import multiplier, wild
from analysis.effects.inference.methods import analytic, clustered, jackknife, no_inference
from analysis.effects.inference.randomization import randomization
from analysis.effects.inference.sandwiches import driscoll_kraay, reduced, two_way
from analysis.effects.inference.uncertainty import Case, Uncertainty
from analysis.errors import DesignError, Problem, did_you_mean

__all__ = ["METHODS", "Method", "get_method"]


@dataclass(frozen=True, slots=True)
class Method:
    """One row of the registry.

    Attributes
    ----------
    name
        What it is asked for by.
    label_en
        What a reader sees.
    evidence
        The kinds of evidence it can work on.
    needs
        The same in words.
    paper
        Where it is described.
    function
        Works out the uncertainty of all targets.
    from_residuals
        Whether it tells errors from what is left of the outcome once everything is fitted.
    """

    name: str
    label_en: str
    evidence: tuple[type, ...]
    needs: str
    paper: str
    function: Callable[[Case], Uncertainty]
    from_residuals: bool = True

    def fits(self, case: Case) -> bool:
        """Say whether the method can work on the evidence of a case."""
        return isinstance(case.effects.evidence, self.evidence)


ANY = (Regression, Influence, Own)

# To add a method, write its function and its row here; `choose` says when it is the default.
METHODS: tuple[Method, ...] = (
    Method("none", "None", ANY, "nothing", "", no_inference, from_residuals=False),
    Method(
        "analytic",
        "The authors' own formula",
        (Influence, Own),
        "an estimator that comes with a formula of its own",
        "that of the estimator",
        analytic,
    ),
    Method(
        "CR0",
        "Clustered, no small-sample factor",
        (Regression, Influence),
        "scores or influence functions",
        "Liang and Zeger (1986)",
        clustered,
    ),
    Method(
        "CR1",
        "Clustered",
        (Regression, Influence),
        "scores or influence functions",
        "Cameron and Miller (2015)",
        clustered,
    ),
    Method(
        "CR2",
        "Clustered, bias-reduced",
        (Regression,),
        "a regression",
        "Bell and McCaffrey (2002); Pustejovsky and Tipton (2018)",
        reduced,
    ),
    Method(
        "CR3",
        "Clustered, leverage as in a jackknife",
        (Regression,),
        "a regression",
        "Bell and McCaffrey (2002); Pustejovsky and Tipton (2018)",
        reduced,
    ),
    Method(
        "jackknife",
        "Cluster jackknife",
        ANY,
        "an estimate that exists without each cluster",
        "MacKinnon, Nielsen and Webb (2023)",
        jackknife,
    ),
    Method(
        "wild",
        "Wild cluster bootstrap, or its score version",
        (Regression,),
        "a linear regression or a Poisson regression",
        "Cameron, Gelbach and Miller (2008); Kline and Santos (2012)",
        wild,
    ),
    Method(
        "multiplier",
        "Multiplier bootstrap",
        (Influence,),
        "influence functions",
        "Callaway and Sant'Anna (2021)",
        multiplier,
    ),
    Method(
        "randomization",
        "Randomization of adoption dates",
        ANY,
        "adoption periods that could have fallen otherwise",
        "Young (2019); MacKinnon and Webb (2020); Roth and Sant'Anna (2023)",
        randomization,
        from_residuals=False,
    ),
    Method(
        "two_way",
        "Clustered by cluster and period",
        (Regression,),
        "a regression",
        "Cameron, Gelbach and Miller (2011)",
        two_way,
    ),
    Method(
        "driscoll_kraay",
        "Driscoll-Kraay",
        (Regression,),
        "a regression, and many periods",
        "Driscoll and Kraay (1998)",
        driscoll_kraay,
    ),
)


def get_method(name: str) -> Method:
    """Look up one method.

    Raises
    ------
    DesignError
        If there is no such method; the nearest name is given.
    """
    known = {method.name: method for method in METHODS}
    if name not in known:
        problem = Problem(f"no method is called {name!r}", "", did_you_mean(name, known))
        raise DesignError("the method of inference cannot be found", [problem])
    return known[name]
