"""The estimate over all sensible choices, and a joint test of all of them.

Simonsohn, Simmons and Nelson (2020): name every choice that could have been made otherwise with as
good reasons, estimate every combination, look at all of them in order of size, and ask whether so
many and so large effects would be found if there was none.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from analysis.effects.design import Design
from analysis.effects.estimate import estimate
from analysis.effects.inference.uncertainty import Choices
from analysis.errors import DesignError, Problem, did_you_mean, listing

__all__ = ["Option", "Specification", "SpecificationCurve", "specification_curve"]

# What an option sets: fields of the design, ``estimator``, or ``rows``, a column of the panel that
# is true in the rows to keep.
Option = Mapping[str, object]

NUMBERS = ["value", "standard_error", "lower", "upper", "p_value"]
# Two estimates whose numbers differ by a smaller share than this are one.
SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Specification:
    """One combination of choices.

    Attributes
    ----------
    options
        The option of each choice, by label; several where they make no difference.
    design
        What is estimated.
    estimator
        By which estimator.
    rows
        The column of the panel that is true in the rows to keep; None for all rows.
    """

    options: Mapping[str, tuple[str, ...]]
    design: Design
    estimator: str
    rows: str | None

    def keep(self, panel: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a panel that it is estimated on."""
        if self.rows is None:
            return panel
        if self.rows not in panel.columns:
            hint = did_you_mean(self.rows, [str(name) for name in panel.columns])
            problem = Problem(f"column {self.rows!r} is missing", "rows", hint)
            raise DesignError("the rows cannot be chosen", [problem])
        return panel[panel[self.rows].astype("bool")]


@dataclass(frozen=True, slots=True, eq=False)
class SpecificationCurve:
    """Estimates over the combinations of choices.

    Attributes
    ----------
    design
        The design that the options change.
    choices
        The options of each choice, by label, in the order given.
    estimates
        One row for each combination that could be estimated, the lowest first: a column for each
        choice with the label of its option (several if they make no difference), `value`,
        `standard_error`, `lower`, `upper`, `p_value`, `observations` and `clusters`.
    specifications
        The combinations, in the order of `estimates`.
    left_out
        The other combinations: a column for each choice, and `reason`.
    """

    design: Design
    choices: Mapping[str, tuple[str, ...]]
    estimates: pd.DataFrame
    specifications: tuple[Specification, ...]
    left_out: pd.DataFrame

    @property
    def median(self) -> float:
        """The median estimate."""
        return float(self.estimates["value"].median())


def specification_curve(
    panel: pd.DataFrame,
    design: Design,
    choices: Mapping[str, Mapping[str, Option]],
    *,
    estimator: str = "twfe",
    inference: str | Choices = "auto",
) -> SpecificationCurve:
    """Estimate every combination of choices.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design, estimator, inference
        What holds where no option says otherwise; see `analysis.effects.estimate.estimate`.
    choices
        By name, the options of each choice; by label, what each option sets: fields of the design,
        ``estimator``, or ``rows`` (a column that is true in the rows to keep). An option that sets
        nothing, ``{}``, leaves the design as it is.

    Returns
    -------
    SpecificationCurve
        A combination that cannot be estimated is listed with the reason. One that makes no
        difference, such as the comparison group for a regression that has none, is listed as the
        same as another, so that it does not count twice.

    Raises
    ------
    DesignError
        If an option sets something unknown, two choices set the same thing, or no combination can
        be estimated.

    Examples
    --------
    >>> rows = [(u, t, 3 if u in "ab" else None, len(u) + t * (u != "d")) for u in "abcd"
    ...         for t in (1, 2, 3, 4)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "y"])
    >>> late = panel.assign(late=panel["period"] > 1)
    >>> design = Design("y", "level", "adoption", "adoption", cluster="unit")
    >>> choices = {"periods": {"all": {}, "from 2": {"rows": "late"}}}
    >>> found = specification_curve(late, design, choices, inference="none")
    >>> found.estimates[["periods", "value"]].round(6).to_numpy().tolist()
    [['from 2', 0.75], ['all', 1.0]]
    """
    _check(choices)
    found: list[tuple[Specification, dict[str, object]]] = []
    left_out: list[dict[str, object]] = []
    for options in product(*(given.items() for given in choices.values())):
        labels = dict(zip(choices, (label for label, _ in options), strict=True))
        try:
            specification = _specify(labels, [option for _, option in options], design, estimator)
            numbers = _estimate(panel, specification, inference)
        except DesignError as refusal:
            left_out.append({**labels, "reason": _reason(refusal)})
            continue
        place = _same(specification, numbers, found)
        if place is None:
            found.append((specification, numbers))
        else:
            twin = found[place][0]
            first = ", ".join(given[0] for given in twin.options.values())
            left_out.append({**labels, "reason": f"the same estimate as {first}"})
            found[place] = (_merge(twin, labels), found[place][1])
    if not found:
        reasons = dict.fromkeys(str(row["reason"]) for row in left_out)
        raise DesignError("no combination can be estimated", [Problem(why) for why in reasons])
    found.sort(key=lambda pair: float(str(pair[1]["value"])))
    return SpecificationCurve(
        design=design,
        choices={name: tuple(given) for name, given in choices.items()},
        estimates=pd.DataFrame([{**_labels(one), **numbers} for one, numbers in found]),
        specifications=tuple(one for one, _ in found),
        left_out=pd.DataFrame(left_out, columns=[*choices, "reason"]),
    )


def _check(choices: Mapping[str, Mapping[str, Option]]) -> None:
    problems = list(_problems(choices))
    if problems:
        raise DesignError("the choices cannot be combined", problems)


def _problems(choices: Mapping[str, Mapping[str, Option]]) -> Iterator[Problem]:
    known = [field.name for field in dataclasses.fields(Design)] + ["estimator", "rows"]
    setters: dict[str, list[str]] = {}
    if not choices:
        yield Problem("there is no choice", "choices", "name one or more, each with its options")
    for name, options in choices.items():
        if not options:
            yield Problem("it has no options", name, "give each option a label")
        if name in [*NUMBERS, "observations", "clusters", "reason"]:
            yield Problem("a choice cannot have this name", name, "it is a column of the estimates")
        for what in dict.fromkeys(what for option in options.values() for what in option):
            setters.setdefault(what, []).append(name)
            if what not in known:
                hint = did_you_mean(what, known)
                yield Problem(f"an option sets {what!r}, which is unknown", name, hint)
    for what, names in setters.items():
        if len(names) > 1:
            hint = "let one choice set it, in combined options"
            yield Problem(f"{listing(names)} both set it", what, hint)


def _specify(
    labels: Mapping[str, str], options: list[Option], design: Design, estimator: str
) -> Specification:
    changes = {what: value for option in options for what, value in option.items()}
    chosen = str(changes.pop("estimator", estimator))
    rows = changes.pop("rows", None)
    changed = dataclasses.replace(design, **changes)  # type: ignore[arg-type]
    options_by_choice = {name: (label,) for name, label in labels.items()}
    return Specification(options_by_choice, changed, chosen, None if rows is None else str(rows))


def _estimate(
    panel: pd.DataFrame, specification: Specification, inference: str | Choices
) -> dict[str, object]:
    kept = specification.keep(panel)
    result = estimate(kept, specification.design, specification.estimator, inference)
    return dataclasses.asdict(result.overall) | {
        "observations": result.observations,
        "clusters": result.clusters,
    }


def _reason(refusal: DesignError) -> str:
    return "; ".join(
        f"{one.where}: {one.what}" if one.where else one.what for one in refusal.problems
    )


def _same(
    specification: Specification,
    numbers: Mapping[str, object],
    found: list[tuple[Specification, dict[str, object]]],
) -> int | None:
    """Find the place of a specification by the same estimator with the same numbers."""
    mine = np.array([numbers[name] for name in NUMBERS], dtype="float64")
    for place, (other, others) in enumerate(found):
        theirs = np.array([others[name] for name in NUMBERS], dtype="float64")
        alike = np.allclose(mine, theirs, rtol=SAME, atol=0, equal_nan=True)
        if alike and other.estimator == specification.estimator:
            return place
    return None


def _merge(one: Specification, labels: Mapping[str, str]) -> Specification:
    merged = {
        name: given if labels[name] in given else (*given, labels[name])
        for name, given in one.options.items()
    }
    return dataclasses.replace(one, options=merged)


def _labels(one: Specification) -> dict[str, str]:
    return {name: " or ".join(given) for name, given in one.options.items()}
