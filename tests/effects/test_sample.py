"""Which rows are estimated on, why others are not, and what is refused with which words."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.sample import draw_sample, period_numbers
from analysis.errors import DesignError


def small(**changes):
    panel = pd.DataFrame(
        {
            "unit": list("aaabbbccc"),
            "period": [1, 2, 3] * 3,
            "adoption_period": [2.0] * 3 + [3.0] * 3 + [np.nan] * 3,
            "complaints": [5, 4, 3, 6, 5, 4, 7, 7, 8],
            "weight": 1.0,
        }
    )
    return panel.assign(**changes)


DESIGN = Design("complaints", "count", "adoption", "adoption_period", cluster="unit")


def test_treatment_and_event_time_follow_adoption():
    sample = draw_sample(small(), DESIGN, "level")
    assert sample.treatment.tolist() == [0, 1, 1, 0, 0, 1, 0, 0, 0]
    assert sample.event_time[:6].tolist() == [-1, 0, 1, -2, -1, 0]
    assert np.isnan(sample.event_time[6:]).all()


@pytest.mark.parametrize(
    ("changes", "form", "reason", "count"),
    [
        ({"complaints": [5, 4, None, 6, 5, 4, 7, 7, 8]}, "level", "outcome missing", 1),
        ({"complaints": [5, 4, 0, 6, 5, 4, 7, 7, 8]}, "log", "zero outcome", 1),
        ({"complaints": [0, 0, 0, 6, 5, 4, 7, 7, 8]}, "count", "only zeros", 3),
        ({"adoption_period": [0] * 3 + [3] * 3 + [np.nan] * 3}, "level", "before the panel", 3),
        ({"adoption_period": [1] * 3 + [3] * 3 + [np.nan] * 3}, "level", "every observed", 3),
        ({"complaints": [None, None, 3, 6, 5, 4, 7, 7, 8]}, "level", "only observation", 1),
    ],
)
def test_each_dropped_row_has_its_reason(changes, form, reason, count):
    """Catches rows that vanish without being counted, or are counted twice."""
    panel = small(**changes)
    if reason == "only observation":
        # With its other months missing, a's last month would be a unit of its own; and treated.
        panel["adoption_period"] = [np.nan] * 3 + [3] * 3 + [np.nan] * 3
    sample = draw_sample(panel, DESIGN, form)
    [found] = [number for words, number in sample.dropped.items() if reason in words]
    assert found == count
    assert sample.observations + sum(sample.dropped.values()) == len(panel)


def test_rows_without_weight_are_dropped():
    design = dataclasses.replace(DESIGN, weights="weight")
    panel = small(weight=[1, 1, 1, 1, 1, 1, 0, None, 1], complaints=range(9))
    assert draw_sample(panel, design, "level").dropped == {
        "weight zero or missing": 2,
        "only observation of a fixed effect": 1,
    }


def test_rows_names_the_places_in_the_panel():
    panel = small(complaints=[5, None, 3, 6, 5, 4, 7, 7, 8])
    assert draw_sample(panel, DESIGN, "level").rows.tolist() == [0, 2, 3, 4, 5, 6, 7, 8]


def test_an_effect_that_another_implies_is_left_out():
    panel = small(category="x")
    design = dataclasses.replace(DESIGN, absorb=(("category", "period"), ("category",)))
    assert len(draw_sample(panel, design, "level").effects) == 2


def test_missing_columns_are_named_together_with_the_nearest():
    design = dataclasses.replace(DESIGN, outcome="complaint", cluster="distrikt")
    with pytest.raises(DesignError) as caught:
        draw_sample(small(), design, "level")
    message = str(caught.value)
    assert "column 'complaint' is missing" in message
    assert "did you mean 'complaints'?" in message
    assert "column 'distrikt' is missing" in message


@pytest.mark.parametrize(
    ("changes", "form", "words"),
    [
        ({"period": [1, 2, 2] * 3}, "level", "6 rows share unit and period, the first of them a"),
        ({"adoption_period": [2, 3, 3] * 3}, "level", "changes within unit a; b; c"),
        ({"cluster": list("xyxyxyxyx")}, "level", "changes within unit"),
        ({"complaints": list("abcdefghi")}, "level", "not numbers"),
        ({"complaints": [-1, 4, 3, 6, 5, 4, 7, 7, 8]}, "count", "negative values"),
        ({"unit": [None, *"aabbbccc"]}, "level", "1 rows have no value"),
        ({"complaints": 5}, "level", "the same value in every row"),
        ({"adoption_period": np.nan}, "level", "the treatment is 0 in every row"),
        ({"complaints": np.nan}, "level", "no rows are left"),
        ({"cluster": "x"}, "level", "fewer than two clusters"),
    ],
)
def test_what_cannot_be_estimated_is_refused(changes, form, words):
    design = dataclasses.replace(DESIGN, cluster="cluster" if "cluster" in changes else "unit")
    with pytest.raises(DesignError, match=words):
        draw_sample(small(**changes), design, form)


def test_a_panel_without_rows_is_refused_in_words():
    """Catches the error of an array library, after a filter that let nothing through."""
    with pytest.raises(DesignError, match="the panel has no rows"):
        draw_sample(small().iloc[:0], DESIGN, "level")


def test_problems_of_one_stage_are_reported_together():
    panel = small(adoption_period=[2, 3, 3] * 3, complaints=list("abcdefghi"))
    with pytest.raises(DesignError) as caught:
        draw_sample(panel, DESIGN, "level")
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    "periods",
    [
        pd.Series(pd.PeriodIndex(["2024-12", "2025-01"], freq="M")),
        pd.Series(pd.to_datetime(["2024-12-31", "2025-01-01"])),
        pd.Series([2024, 2025]),
    ],
)
def test_consecutive_periods_differ_by_one(periods):
    assert np.diff(period_numbers(periods)).tolist() == [1]


@pytest.mark.parametrize("window", [(0, 5), (-1, 3), (-3, -2)])
def test_a_window_without_reference_is_no_design(window):
    with pytest.raises(DesignError, match="event_window"):
        dataclasses.replace(DESIGN, event_window=window)
