"""The default follows the clusters, says why, and refuses where nothing is valid."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.estimate import estimate
from analysis.errors import DesignError


def with_treated(panel, treated):
    """Let only the first so many units adopt, all in one period."""
    first = panel["adoption_period"].min()
    names = sorted(panel["unit"].unique())[:treated]
    chosen = panel["unit"].isin(names)
    always = pd.Series(first, index=panel.index, dtype=panel["adoption_period"].dtype)
    return panel.assign(adoption_period=always.where(chosen))


@pytest.mark.parametrize(
    ("units", "estimator", "method"),
    [
        (60, "twfe", "CR1"),
        (60, "callaway_santanna", "CR1"),
        (60, "poisson", "CR1"),
        (15, "twfe", "wild"),
        (15, "poisson", "wild"),
        (15, "imputation", "jackknife"),
        (15, "etwfe_poisson", "jackknife"),
        (60, "synthetic_did", "analytic"),
        (15, "synthetic_did", "jackknife"),
    ],
)
def test_the_numbers_of_clusters_and_the_estimator_decide(
    make_panel, count_design, units, estimator, method
):
    panel = make_panel(3, units=units, periods=12)
    design = dataclasses.replace(count_design, event_window=(-3, 3))
    result = estimate(panel, design, estimator)
    assert result.inference_name == method
    if method != "analytic":
        assert f"{units} clusters" in result.inference


def test_placebos_serve_few_treated_among_few(make_panel, count_design):
    """With more controls than treated the covariance of synthetic DiD is made for few."""
    panel = with_treated(make_panel(3, units=15, periods=8), 2)
    result = estimate(panel, count_design, "synthetic_did")
    assert result.inference_name == "analytic"
    assert "13 untreated" in result.inference
    assert "t with 12 degrees of freedom" in result.inference


def test_few_treated_clusters_are_randomized(make_panel, count_design):
    panel = with_treated(make_panel(3, units=12, periods=8), 2)
    result = estimate(panel, count_design, "twfe")
    assert result.inference_name == "randomization"
    assert "only 2 treated clusters" in result.inference


def test_one_treated_of_few_is_refused_with_a_way_out(make_panel, count_design):
    """With 12 possible assignments no p-value can be below 1/12."""
    panel = with_treated(make_panel(3, units=12, periods=8), 1)
    with pytest.raises(DesignError, match=r"12 ways only.*below 0\.083"):
        estimate(panel, count_design, "twfe")
    alone = estimate(panel, count_design, "twfe", inference="none")
    assert np.isfinite(alone.overall.value)
    assert np.isnan(alone.overall.standard_error)


def test_a_dose_in_few_clusters_is_refused(make_panel, count_design):
    panel = make_panel(3, units=12, periods=8)
    few = panel["unit"].isin(["street 000", "street 001"])
    panel = panel.assign(dose=panel["dose"].where(few, 0.0))
    design = dataclasses.replace(count_design, treatment="dose", treatment_column="dose")
    with pytest.raises(DesignError, match="get the dose"):
        estimate(panel, design, "twfe")


def test_four_clusters_are_refused(make_panel, count_design):
    panel = make_panel(3, units=12, periods=8, districts=4)
    design = dataclasses.replace(count_design, cluster="district")
    with pytest.raises(DesignError, match="4 clusters are fewer than 5"):
        estimate(panel, design, "twfe")
    assert estimate(panel, design, "twfe", inference="CR1").inference_name == "CR1"
