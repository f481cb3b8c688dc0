"""The Goodman-Bacon decomposition against R's bacondecomp, and where it does not apply."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimate import estimate
from analysis.effects.sensitivity.bacon import decompose
from analysis.errors import DesignError

REFERENCE = Path(__file__).parents[1] / "reference"
COMMITTED = json.loads((REFERENCE / "bacon.json").read_text(encoding="utf-8"))

# Means of the same numbers in another order.
SAME = 1e-11

PANELS = {
    "castle": ("l_homicide", "sid", "year", "g"),
    "sim3_anticipation_dose": ("y", "unit", "t", "g"),
    "mpdta": ("lemp", "countyreal", "year", "first.treat"),
}


def panel_and_design(name, folder=REFERENCE):
    outcome, unit, period, adoption = PANELS[name]
    panel = pd.read_csv(folder / f"{name}.csv")
    panel = panel.assign(**{adoption: panel[adoption].replace(0, np.nan)})
    options = {"cluster": unit, "unit": (unit,), "period": period}
    return panel, Design(outcome, "share", "adoption", adoption, **options)


def assert_same(found, expected):
    columns = ["treated", "untreated", "estimate", "weight"]
    known = pd.DataFrame(expected["two_by_twos"])[columns].astype("float64")
    known = known.rename(columns={"untreated": "control"})
    both = found.comparisons.merge(known, on=["treated", "control"], suffixes=("", "_known"))
    assert len(both) == len(known) == len(found.comparisons)
    np.testing.assert_allclose(both["estimate"], both["estimate_known"], rtol=SAME)
    np.testing.assert_allclose(both["weight"], both["weight_known"], rtol=SAME)
    assert found.coefficient == pytest.approx(expected["twfe"], rel=SAME)


@pytest.mark.parametrize("name", ["castle", "sim3_anticipation_dose"])
def test_comparisons_are_those_of_r(name):
    """bacondecomp 0.1.3."""
    assert_same(decompose(*panel_and_design(name)), COMMITTED[name])


def test_comparisons_are_those_of_r_on_mpdta(shared_reference):
    known = json.loads((shared_reference / "mpdta.json").read_text(encoding="utf-8"))["mpdta"]
    found = decompose(*panel_and_design("mpdta", shared_reference))
    assert_same(found, known["bacon_decomposition"]["lemp~D"])


def test_types_sum_up():
    found = decompose(*panel_and_design("castle"))
    assert found.by_type.index.tolist() == [
        "treated_vs_never",
        "earlier_vs_later",
        "later_vs_earlier",
    ]
    assert found.by_type["weight"].sum() == pytest.approx(1, rel=1e-12)
    total = (found.by_type["weight"] * found.by_type["estimate"]).sum()
    assert total == pytest.approx(found.coefficient, rel=1e-9)


def test_months_before_1970_and_row_order_do_not_matter(make_panel):
    """Catches a cohort numbered zero, which the library takes for never treated."""
    panel = make_panel(units=12, periods=9).assign(y=lambda rows: rows["satisfaction_rate"])
    design = Design("y", "share", "adoption", "adoption_period", cluster="unit")
    once = decompose(panel, design)
    shift = panel["adoption_period"].dropna().min().ordinal
    earlier = panel.assign(
        period=panel["period"] - shift, adoption_period=panel["adoption_period"] - shift
    ).sample(frac=1, random_state=0)
    again = decompose(earlier, design)
    assert 0.0 in again.comparisons["treated"].to_list()
    np.testing.assert_allclose(again.comparisons["weight"], once.comparisons["weight"], rtol=1e-12)
    np.testing.assert_allclose(
        again.comparisons["estimate"], once.comparisons["estimate"], rtol=1e-9, atol=1e-12
    )


def test_counts_are_decomposed_in_logarithms(make_panel):
    """Catches parts of another coefficient than the one that the estimator reports."""
    panel = make_panel(units=30, periods=12)
    design = Design("complaints", "count", "adoption", "adoption_period", cluster="unit")
    expected = estimate(panel, design, "twfe").overall.value
    assert decompose(panel, design).coefficient == pytest.approx(expected, rel=1e-9)


def test_adoption_after_the_end_is_never(make_panel):
    panel = make_panel(units=12, periods=9)
    design = Design("satisfaction_rate", "share", "adoption", "adoption_period", cluster="unit")
    never = panel["adoption_period"].isna()
    later = panel.assign(
        adoption_period=panel["adoption_period"].where(~never, panel["period"].max() + 5)
    )
    once, again = decompose(panel, design), decompose(later, design)
    pd.testing.assert_frame_equal(once.comparisons, again.comparisons)


def test_what_it_is_not_for_is_refused_together():
    panel, design = panel_and_design("castle")
    design = dataclasses.replace(
        design, weights="popwt", controls=("unemployrt",), absorb=(("region", "year"),)
    )
    with pytest.raises(DesignError) as caught:
        decompose(panel, design)
    assert [problem.where for problem in caught.value.problems] == [
        "popwt",
        "unemployrt",
        "absorb, fixed_effects",
    ]


def test_an_unbalanced_panel_is_refused_with_what_is_missing():
    panel, design = panel_and_design("castle")
    with pytest.raises(DesignError, match="2 of 50 x 11 units and periods are missing") as caught:
        decompose(panel.drop(index=[3, 77]), design)
    assert "balanced" in str(caught.value)


def test_a_single_cohort_alone_is_refused():
    panel, design = panel_and_design("castle")
    with pytest.raises(DesignError, match="all units adopt at the same time"):
        decompose(panel[panel["g"] == 2006], design)
