"""Contributions of units in imputation, against the paper's formula written out row by row."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimators.imputation import estimate_imputation

DESIGN = Design("y", "share", "adoption", "adoption", "unit", weights="weight", controls=("x",))


@pytest.fixture
def panel():
    draw = np.random.default_rng(4)
    rows = [(u, t, g) for u, g in enumerate([2, 2, 2, 3, 3, None, None]) for t in range(5)]
    panel = pd.DataFrame(rows, columns=["unit", "period", "adoption"])
    return panel.assign(
        y=draw.normal(size=35), x=draw.normal(size=35), weight=draw.uniform(1, 9, 35)
    )


def test_contributions_are_the_formula_of_the_paper(panel):
    """Catches a mean effect by cohort and period that is not weighted by squares of v, and a v
    that leaves out the estimation of controls. Estimates are linear in outcomes: adding one to a
    row's outcome moves them by exactly the row's v."""
    effects = estimate_imputation(panel, DESIGN)
    targets = effects.targets
    v = np.stack(
        [
            estimate_imputation(panel.assign(y=panel["y"] + (panel.index == row)), DESIGN)
            .targets["value"]
            .to_numpy()
            - targets["value"].to_numpy()
            for row in range(35)
        ]
    )
    treated = (panel["period"] >= panel["adoption"]).to_numpy()
    left = left_by_untreated_rows(panel, treated)
    for place in np.flatnonzero(~(targets["event_time"] < 0)):
        error = left.copy()
        for _, cell in panel[treated].groupby(["adoption", "period"]):
            squares = v[cell.index, place] ** 2
            if squares.sum() > 1e-20:
                error[cell.index] -= squares @ left[cell.index] / squares.sum()
        rows = pd.Series(v[:, place] * error)
        expected = rows.groupby(panel["unit"]).sum()
        found = effects.evidence.contributions[:, place]
        np.testing.assert_allclose(found, expected, atol=1e-10)


def left_by_untreated_rows(panel, treated):
    columns = np.hstack(
        [np.eye(7)[panel["unit"]], np.eye(5)[panel["period"]], panel[["x"]].to_numpy()]
    )
    root = np.sqrt(panel["weight"].to_numpy())[~treated]
    outcome = panel["y"].to_numpy()
    fitted = np.linalg.lstsq(
        columns[~treated] * root[:, None], outcome[~treated] * root, rcond=None
    )[0]
    return outcome - columns @ fitted


def test_cohorts_of_a_single_cluster_are_pointed_out(panel):
    panel = panel.assign(district=panel["adoption"].fillna(panel["unit"]))
    design = Design("y", "share", "adoption", "adoption", cluster="district")
    words = "2 of 2 cohorts lie in a single district each: the analytic errors miss how their"
    assert any(note.startswith(words) for note in estimate_imputation(panel, design).notes)
    assert not any("single" in note for note in estimate_imputation(panel, DESIGN).notes)
