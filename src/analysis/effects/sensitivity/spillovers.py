"""Spillovers: what the programme does to neighbours, and to the comparison with them.

If people or cases cross borders, untreated neighbours of treated places are no clean comparison:
an effect on them is taken off the estimate, or added to it. Butts (2021) proposes to let exposure
to treated neighbours have an effect of its own, and to compare with units out of reach.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.effects.columns import period_numbers
from analysis.effects.design import Design
from analysis.effects.inference.uncertainty import Choices
from analysis.effects.sensitivity.variants import across_designs, across_panels
from analysis.errors import DesignError, Problem, did_you_mean
from analysis.study.place import Tile

__all__ = ["neighbour_exposure", "neighbours_on_tiles", "spillovers", "without_neighbours"]

EXPOSURE, TREATED = "neighbours_treated", "own_treatment"


def spillovers(
    panel: pd.DataFrame,
    design: Design,
    neighbours: pd.DataFrame,
    by: str,
    *,
    estimator: str = "twfe",
    inference: str | Choices = "auto",
) -> pd.DataFrame:
    """Estimate the effect of a place's own treatment beside that of its neighbours.

    Parameters
    ----------
    panel, design, inference
        See `analysis.effects.estimate.estimate`.
    neighbours, by
        See `neighbour_exposure`.
    estimator
        A regression that takes a dose with controls: ``twfe``, or ``poisson`` for counts.

    Returns
    -------
    pandas.DataFrame
        Two rows, estimated together, with the columns of `analysis.effects.sensitivity.variants`:
        the effect of the own treatment with no neighbour treated, and that of all neighbours being
        treated.

    Raises
    ------
    DesignError
        If the neighbours are not those of the panel, or the design cannot be estimated.
    """
    exposed = panel.assign(
        **{
            TREATED: _treatment(panel, design),
            EXPOSURE: neighbour_exposure(panel, design, neighbours, by),
        }
    )
    designs = {
        label: dataclasses.replace(
            design,
            treatment="dose",
            treatment_column=treatment,
            controls=(*design.controls, control),
            anticipation=0,
        )
        for label, treatment, control in (
            ("own treatment", TREATED, EXPOSURE),
            ("all neighbours treated", EXPOSURE, TREATED),
        )
    }
    group = "Own treatment and that of neighbours together"
    return across_designs(exposed, designs, estimator, group=group, inference=inference)


def without_neighbours(
    panel: pd.DataFrame,
    design: Design,
    estimator: str,
    neighbours: pd.DataFrame,
    by: str,
    *,
    inference: str | Choices = "auto",
) -> pd.DataFrame:
    """Estimate without the units that are never treated but have a neighbour that is.

    Parameters
    ----------
    panel, design, estimator, inference
        See `analysis.effects.estimate.estimate`.
    neighbours, by
        See `neighbour_exposure`.

    Returns
    -------
    pandas.DataFrame
        One row.

    Raises
    ------
    DesignError
        If the neighbours are not those of the panel, no such unit exists, or none is left to
        compare with.
    """
    exposure = neighbour_exposure(panel, design, neighbours, by)
    keys = [panel[name] for name in design.unit]
    treated = _treatment(panel, design).ne(0).groupby(keys, observed=True).transform("any")
    reached = exposure.gt(0).groupby(keys, observed=True).transform("any")
    near = ~treated & reached
    if not near.any():
        hint = "the estimate is free of them as it stands"
        problem = Problem("no untreated unit has a treated neighbour", by, hint)
        raise DesignError("nothing can be left out", [problem])
    label = f"without {panel.loc[near, list(design.unit)].drop_duplicates().shape[0]} units"
    return across_panels(
        {f"{label} beside treated ones": panel[~near]},
        design,
        estimator,
        group="Untreated neighbours left out",
        inference=inference,
    )


def neighbour_exposure(
    panel: pd.DataFrame, design: Design, neighbours: pd.DataFrame, by: str
) -> pd.Series:
    """Work out to what degree each row's neighbours are treated in its period.

    Parameters
    ----------
    panel, design
        The panel, and the design whose treatment counts.
    neighbours
        Pairs of places that are neighbours, in columns `place` and `neighbour`; each pair counts
        both ways, and need be listed only once.
    by
        The panel's column of places: that of the units, or of what they lie in, such as
        ``district``. Units of one place are not each other's neighbours.

    Returns
    -------
    pandas.Series
        Between 0 and 1 for adoption, else in units of the dose: the mean over a place's
        neighbours of the mean treatment of their units in the period; 0 without neighbours.

    Raises
    ------
    DesignError
        If a column is missing, or a pair names a place that the panel does not have, or one place
        twice.

    Examples
    --------
    >>> rows = [(u, t, 2 if u == "a" else None) for u in "abc" for t in (1, 2)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption"])
    >>> design = Design("y", "share", "adoption", "adoption", cluster="unit")
    >>> pairs = pd.DataFrame({"place": ["a", "b"], "neighbour": ["b", "c"]})
    >>> neighbour_exposure(panel, design, pairs, by="unit").tolist()
    [0.0, 0.0, 0.0, 0.5, 0.0, 0.0]
    """
    problems = list(_problems(panel, neighbours, by))
    if problems:
        raise DesignError("the neighbours do not fit the panel", problems)
    pairs = neighbours[["place", "neighbour"]]
    swapped = pairs.set_axis(["neighbour", "place"], axis="columns")
    both = pd.concat([pairs, swapped]).drop_duplicates()
    rows = pd.DataFrame(
        {
            "place": panel[by].to_numpy(),
            "period": period_numbers(panel[design.period]),
            "treatment": _treatment(panel, design).to_numpy(),
        }
    )
    means = rows.groupby(["place", "period"], observed=True)["treatment"].mean().reset_index()
    seen = both.merge(means.rename(columns={"place": "neighbour"}), on="neighbour")
    exposure = seen.groupby(["place", "period"])["treatment"].mean()
    wanted = pd.MultiIndex.from_frame(rows[["place", "period"]])
    return pd.Series(exposure.reindex(wanted).fillna(0.0).to_numpy(), index=panel.index)


def neighbours_on_tiles(tiles: Sequence[Tile]) -> pd.DataFrame:
    """Take districts whose tiles share an edge for neighbours.

    A tile map is a sketch: districts that touch on the ground can be apart on it, and the other
    way round. A table of true borders is better where there is one.

    Parameters
    ----------
    tiles
        The tiles of a study.

    Returns
    -------
    pandas.DataFrame
        Columns `place` and `neighbour`, each pair once.
    """
    pairs = [
        (one.district, other.district)
        for place, one in enumerate(tiles)
        for other in tiles[place + 1 :]
        if abs(one.row - other.row) + abs(one.column - other.column) == 1
    ]
    return pd.DataFrame(pairs, columns=["place", "neighbour"])


def _problems(panel: pd.DataFrame, neighbours: pd.DataFrame, by: str) -> Iterator[Problem]:
    if by not in panel.columns:
        hint = did_you_mean(by, [str(name) for name in panel.columns])
        yield Problem(f"column {by!r} is missing", "panel", hint)
    missing = [name for name in ("place", "neighbour") if name not in neighbours.columns]
    for name in missing:
        yield Problem(f"column {name!r} is missing", "neighbours", "expected place and neighbour")
    if missing or by not in panel.columns:
        return
    known = set(panel[by])
    named = [*neighbours["place"].tolist(), *neighbours["neighbour"].tolist()]
    for place in dict.fromkeys(named):
        if place not in known:
            hint = did_you_mean(str(place), [str(name) for name in known])
            yield Problem(f"the panel has no {by} {place!r}", "neighbours", hint)
    alone = neighbours["place"] == neighbours["neighbour"]
    for place in neighbours.loc[alone, "place"].tolist():
        hint = "a place is not its own neighbour; delete the row"
        yield Problem(f"{place!r} stands on both sides", "neighbours", hint)


def _treatment(panel: pd.DataFrame, design: Design) -> pd.Series:
    if design.treatment == "dose":
        return panel[design.treatment_column]
    adoption = period_numbers(panel[design.treatment_column])
    treated = period_numbers(panel[design.period]) >= adoption
    return pd.Series(np.asarray(treated, dtype="float64"), index=panel.index)
