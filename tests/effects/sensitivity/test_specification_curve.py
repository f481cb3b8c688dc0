"""All combinations are estimated or listed with a reason, and tested together."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimate import estimate
from analysis.effects.sensitivity.joint_specifications import joint_specifications
from analysis.effects.sensitivity.specification_curve import specification_curve
from analysis.errors import DesignError

DESIGN = Design("y", "level", "adoption", "g", cluster="unit", seed=2)


def draw_panel(effect, seed=1, units=7, periods=6):
    draw = np.random.default_rng(seed)
    adoption = np.where(np.arange(units) < 3, 3.0, np.nan)
    period = np.tile(np.arange(periods), units)
    adopted = np.repeat(adoption, periods)
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "period": period,
            "g": adopted,
            "size": np.repeat(draw.uniform(1, 3, units), periods),
            "late": period > 0,
            "y": draw.normal(size=units * periods) + effect * (period >= adopted),
        }
    )


CHOICES = {
    "weights": {"none": {}, "size": {"weights": "size"}},
    "rows": {"all": {}, "from 1": {"rows": "late"}},
}


def test_every_combination_is_what_its_options_say():
    """Catches options that are crossed, and an order that does not follow the estimates."""
    panel = draw_panel(1.0)
    curve = specification_curve(panel, DESIGN, CHOICES, inference="CR1")
    found = curve.estimates.set_index(["weights", "rows"])
    assert len(found) == 4
    assert curve.left_out.empty
    weighted = dataclasses.replace(DESIGN, weights="size")
    expected = estimate(panel[panel["late"]], weighted, "twfe", "CR1").overall
    row = found.loc[("size", "from 1")]
    assert row["value"] == expected.value
    assert row["p_value"] == expected.p_value
    assert curve.estimates["value"].is_monotonic_increasing
    for label, one in zip(curve.estimates["weights"], curve.specifications, strict=True):
        assert one.design.weights == (None if label == "none" else "size")
    assert curve.median == pytest.approx(np.median(found["value"]))


def test_what_cannot_be_estimated_is_listed_with_its_reason():
    """Catches combinations that vanish without a word."""
    choices = {
        "model": {"least squares": {}, "Poisson": {"estimator": "poisson"}},
        "anticipation": {"none": {}, "negative": {"anticipation": -1}},
    }
    curve = specification_curve(draw_panel(1.0), DESIGN, choices, inference="CR1")
    assert len(curve.estimates) == 1
    reasons = curve.left_out.set_index(["model", "anticipation"])["reason"]
    assert len(reasons) == 3
    assert "it cannot take outcomes of scale 'level'" in reasons[("Poisson", "none")]
    assert "anticipation is -1" in reasons[("least squares", "negative")]


def test_a_choice_that_makes_no_difference_does_not_count_twice():
    choices = {"comparison": {"never": {"comparison": "never"}, "notyet": {}}} | CHOICES
    curve = specification_curve(draw_panel(1.0), DESIGN, choices, inference="CR1")
    assert len(curve.estimates) == 4
    assert set(curve.estimates["comparison"]) == {"never or notyet"}
    assert curve.left_out["reason"].str.startswith("the same estimate as never, ").all()


def test_errors_in_the_choices_are_all_named():
    choices = {
        "weights": {"a": {"wieghts": "size"}, "b": {"cluster": "unit"}},
        "clusters": {"c": {"cluster": "size"}},
        "value": {"d": {}},
        "empty": {},
    }
    with pytest.raises(DesignError) as caught:
        specification_curve(draw_panel(1.0), DESIGN, choices)
    message = str(caught.value)
    assert "did you mean 'weights'?" in message
    assert "'weights' and 'clusters' both set it" in message
    assert "a choice cannot have this name" in message
    assert "empty: it has no options" in message


def test_if_nothing_can_be_estimated_the_reasons_are_raised():
    choices = {"rows": {"a": {"rows": "lat"}}}
    with pytest.raises(DesignError, match=r"column 'lat' is missing"):
        specification_curve(draw_panel(1.0), DESIGN, choices)


def test_a_large_effect_is_the_most_extreme_assignment_of_all():
    """Seven units, three of which adopt: 35 assignments, and the data's own is one of them."""
    panel = draw_panel(9.0)
    curve = specification_curve(panel, DESIGN, CHOICES, inference="CR1")
    joint = joint_specifications(panel, curve, draws=20)
    assert joint.median_p_value == pytest.approx(1 / 35)
    assert joint.average_z_p_value == pytest.approx(1 / 35)
    assert joint.share == 1.0
    assert joint.median == pytest.approx(curve.median)
    assert "all 35 distinct assignments" in joint.words


@pytest.mark.slow
def test_without_an_effect_the_joint_test_has_its_exact_size():
    """Each assignment as the data's own: p-values are the ranks 1/10 ... 10/10."""
    panel = draw_panel(0.0, units=5, periods=4)
    p_values = []
    for one in range(5):
        for other in range(one):
            adopted = panel["unit"].isin([one, other])
            dealt = panel.assign(g=np.where(adopted, 2.0, np.nan))
            curve = specification_curve(dealt, DESIGN, CHOICES, inference="CR1")
            joint = joint_specifications(dealt, curve, draws=9)
            p_values.append((joint.median_p_value, joint.average_z_p_value))
    ranks = np.arange(1, 11) / 10
    for found in np.array(p_values).T:
        np.testing.assert_allclose(np.sort(found), ranks)


def test_a_dose_has_no_joint_test():
    panel = draw_panel(1.0).assign(dose=lambda rows: rows["unit"] * rows["period"] / 10)
    design = dataclasses.replace(DESIGN, treatment="dose", treatment_column="dose")
    curve = specification_curve(panel, design, CHOICES, inference="CR1")
    with pytest.raises(DesignError, match="a dose cannot be dealt out anew"):
        joint_specifications(panel, curve)
    choices = {"dates": {"real": {}, "other": {"treatment_column": "h"}}}
    two = panel.assign(h=np.where(panel["unit"] == 5, 2.0, np.nan))
    curve = specification_curve(two, DESIGN, choices, inference="CR1")
    with pytest.raises(DesignError, match="they have treatments"):
        joint_specifications(two, curve)
