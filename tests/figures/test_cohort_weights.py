"""The weights of cohorts, beside what each cohort had of the treatment."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimate import estimate
from analysis.errors import DataError
from analysis.figures.cohort_weights import (
    cohort_weights_frame,
    draw_cohort_weights,
    treated_shares,
)
from analysis.study.schema import Study

RATE = Design(
    "resolution_rate",
    "share",
    "adoption",
    "adoption_period",
    cluster="unit",
    weights="resolution_rate_weight",
)
COUNT = Design("complaints", "count", "adoption", "adoption_period", cluster="unit")


def test_shares_are_of_months_and_of_cases(panel: pd.DataFrame) -> None:
    """Eighteen months of the first street's, twelve of the second's; the third never adopts."""
    shares = treated_shares(panel, COUNT)
    assert list(shares) == ["Share of the treated months", "Share of the cases in them"]
    months, cases = shares.values()
    np.testing.assert_allclose(months, [18 / 30, 12 / 30])
    treated = panel[panel["period"] >= panel["adoption_period"]]
    first = treated.loc[treated["unit"] == "甲街道", "complaints"].sum()
    assert cases.iloc[0] == pytest.approx(first / treated["complaints"].sum())


def test_shares_of_a_rate_are_by_its_weights(panel: pd.DataFrame) -> None:
    [share] = treated_shares(panel, RATE).values()
    treated = panel[panel["period"] >= panel["adoption_period"]]
    by_street = treated.groupby("adoption_period")["resolution_rate_weight"].sum()
    np.testing.assert_allclose(share, by_street / by_street.sum())


def test_an_average_over_treated_months_lies_on_the_lines(
    panel: pd.DataFrame, real_study: Study
) -> None:
    """Would catch cohorts or estimators mixed up."""
    frame = cohort_weights_frame(
        [estimate(panel, COUNT, name, "CR1") for name in ("twfe", "imputation")]
    )
    shares = treated_shares(panel, COUNT)
    months = shares["Share of the treated months"]
    np.testing.assert_allclose(frame.loc["Imputation"], months)
    assert not np.allclose(frame.loc["Two-way fixed effects"], months)
    figure = draw_cohort_weights(frame, shares, study=real_study)
    assert [axes.get_title() for axes in figure.axes] == ["2019-07", "2020-01"]


def test_no_weights_are_refused(real_study: Study) -> None:
    with pytest.raises(DataError, match="no estimator has weights of cohorts"):
        draw_cohort_weights(pd.DataFrame(), {}, study=real_study)
