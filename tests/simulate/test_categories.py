"""Would catch a targeting effect that is not in the cases, or mixes that are no mixes."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.contract.measures import targeting
from analysis.simulate.categories import draw_categories, draw_mix, expected_targeting
from analysis.simulate.constants import CATEGORY_WEIGHTS, MONTHS, TOPIC_FALL
from analysis.simulate.twin import Twin

SHAPE = (16, len(MONTHS))


@pytest.mark.parametrize("strength", [0.0, 1.5])
def test_mixes_add_up_to_one(strength: float) -> None:
    for mix in draw_mix(np.full(SHAPE, strength), np.random.default_rng(1)):
        assert (mix >= 0).all()
        assert np.allclose(mix.sum(axis=2), 1)


def test_programme_brings_staff_to_where_complaints_were() -> None:
    whole = np.full(SHAPE, 50_000)
    found = []
    for strength in (0.0, 1.0):
        mix = draw_mix(np.full(SHAPE, strength), np.random.default_rng(1))
        cases = draw_categories(whole, whole, mix, np.random.default_rng(2))
        found.append(targeting(cases)["targeting"].mean())
    assert found[1] - found[0] > 0.1


def test_expected_measure_is_near_the_measure_of_large_counts() -> None:
    """With counts so large that chance is gone, the average over draws is the measure itself."""
    whole = np.full(SHAPE, 10_000_000.0)
    mix = draw_mix(np.zeros(SHAPE), np.random.default_rng(1))
    expected = expected_targeting(whole, whole, mix, np.random.default_rng(2))
    demand, supply = mix
    before = np.mean([demand[:, 3 - lag : -lag] for lag in (1, 2, 3)], axis=0)
    direct = 1 - np.abs(supply[:, 3:] - before).sum(axis=2) / 2
    assert np.allclose(expected[:, 3:], direct, atol=0.001)


def test_topics_lower_their_category_city_wide(twin: Twin) -> None:
    """Education was a topic of 2021 and never again; it must fall against other categories."""
    cases = twin.categories.groupby(["category", "period"])["complaints"].sum().unstack("period")
    ratio = np.log(cases.loc["教育"] / cases.loc["其他"])
    fall = ratio.loc["2022-01":"2022-12"].mean() - ratio.loc["2020-01":"2020-12"].mean()
    assert fall == pytest.approx(TOPIC_FALL, abs=0.02)


def test_every_district_month_has_every_category(twin: Twin) -> None:
    assert len(twin.categories) == 16 * len(MONTHS) * len(CATEGORY_WEIGHTS)
