"""All outcomes together: the estimates of each, and p-values that allow for their number."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.estimate import estimate
from analysis.effects.refusals import Refusals
from analysis.effects.sensitivity.outcomes import all_outcomes
from analysis.errors import DesignError


@pytest.mark.parametrize("estimator", ["twfe", "imputation"])
def test_each_outcome_is_estimated_as_alone(estimator, make_panel, count_design, rate_design):
    panel = make_panel(1)
    table = all_outcomes(panel, [count_design, rate_design], estimator, draws=199)
    for row, design in zip(table.to_dict("records"), [count_design, rate_design], strict=True):
        overall = estimate(panel, design, estimator).overall
        assert (row["outcome"], row["value"], row["p_value"]) == (
            design.outcome,
            overall.value,
            overall.p_value,
        )


def test_many_outcomes_without_an_effect_are_held_to_more(make_panel, rate_design):
    """Catches p-values that are not adjusted, and outcomes whose clusters are mixed up."""
    panel = make_panel(4, effect=0.0)
    draw = np.random.default_rng(3)
    names = [f"noise_{number}" for number in range(8)]
    for name in names:
        panel[name] = panel["satisfaction_rate"] + draw.normal(0, 0.05, len(panel))
    designs = [dataclasses.replace(rate_design, outcome=name) for name in names]
    table = all_outcomes(panel, designs, "twfe", draws=499)
    assert (table["adjusted"] > table["p_value"] - 0.05).all()
    assert table["adjusted"].min() > table["p_value"].min()
    one = all_outcomes(panel, designs[:1], "twfe", draws=499)
    assert one["adjusted"].item() == pytest.approx(one["p_value"].item(), abs=0.07)


def test_an_estimator_without_contributions_is_refused(make_panel, rate_design):
    unweighted = dataclasses.replace(rate_design, weights=None)
    with pytest.raises(DesignError, match="clusters' contributions are not known"):
        all_outcomes(make_panel(1), [unweighted], "synthetic_did")


def test_an_outcome_that_never_changes_is_noted_and_the_others_stay(make_panel, rate_design):
    """Catches p-values adjusted for an outcome that was not tested."""
    panel = make_panel(1).assign(flat=0.5)
    flat = dataclasses.replace(rate_design, outcome="flat")
    refusals = Refusals()
    found = all_outcomes(panel, [flat, rate_design], "twfe", draws=199, refusals=refusals)
    pd.testing.assert_frame_equal(found, all_outcomes(panel, [rate_design], "twfe", draws=199))
    assert [one.what for one in refusals.noted] == ["flat"]
    with pytest.raises(DesignError, match="none of the outcomes can be estimated"):
        all_outcomes(panel, [flat], "twfe", refusals=Refusals())
