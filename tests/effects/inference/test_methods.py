"""The jackknife measures chance, not that cohorts differ."""

import dataclasses

import numpy as np
import pytest

from analysis.effects.estimate import estimate


def cohorts_that_differ(make_panel, gap):
    """Sixteen districts; without noise, the late cohort's effect is larger by the gap."""
    panel = make_panel(3, units=16, periods=18, districts=16)
    late = panel["adoption_period"] == panel["adoption_period"].max()
    on = (panel["period"] >= panel["adoption_period"]).astype("float64")
    base = 0.3 + 0.01 * panel["unit"].str[-2:].astype("float64")
    return panel.assign(satisfaction_rate=base + on * (0.1 + gap * late))


@pytest.mark.parametrize("estimator", ["callaway_santanna", "imputation", "etwfe_logit"])
def test_no_noise_leaves_no_error_though_cohorts_differ(make_panel, rate_design, estimator):
    """Catches a jackknife in which cohorts' sizes change with the cluster that is left out."""
    design = dataclasses.replace(rate_design, weights=None)
    panel = cohorts_that_differ(make_panel, 0.2)
    result = estimate(panel, design, estimator, inference="jackknife")
    if estimator == "etwfe_logit":
        # Its trends are parallel in log odds, so these rates are not without noise for it.
        assert result.overall.standard_error < 0.02
        return
    assert result.overall.standard_error < 1e-9


def test_a_cohort_in_one_cluster_is_not_lost(make_panel, rate_design):
    """Without that cluster the cohort has no effect; the overall effect still has an error."""
    panel = cohorts_that_differ(make_panel, 0.2)
    late = panel["adoption_period"] == panel["adoption_period"].max()
    keep = ~late | (panel["unit"] == panel.loc[late, "unit"].iloc[0])
    design = dataclasses.replace(rate_design, weights=None)
    result = estimate(panel[keep], design, "callaway_santanna", inference="jackknife")
    assert np.isfinite(result.overall.standard_error)
    assert result.overall.standard_error > 0
