"""The built-in shapes are those of the simulated city."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.errors import ParameterError
from analysis.recover.built_in import built_in_shape, districts, streets
from analysis.recover.shape import plain_design
from analysis.simulate.constants import COHORTS, MONTHS
from analysis.simulate.paths import city_counts


def test_districts_are_sixteen_in_three_waves() -> None:
    shape = districts()
    dates, members = np.unique(shape.adoption, return_counts=True)
    assert (shape.units, shape.periods) == (16, len(MONTHS))
    assert members.tolist() == [4, 4, 3, 5]
    assert [str(MONTHS[int(date)]) for date in dates[:3]] == ["2020-07", "2021-10", "2023-04"]


def test_streets_adopt_in_the_cohorts_of_the_twin() -> None:
    shape = streets()
    _, members = np.unique(shape.adoption, return_counts=True)
    assert members[:-1].tolist() == [cohort.streets for cohort in COHORTS]
    assert len(np.unique(shape.clusters)) == 16
    assert shape.never_treated == pytest.approx(0.28, abs=0.005)


@pytest.mark.parametrize("make", [districts, streets])
def test_expected_complaints_are_those_of_the_city(make) -> None:
    """Catches levels or months that do not add up to the published volumes."""
    shape = make()
    unit = shape.errors.unit
    mean = np.exp(shape.levels[:, np.newaxis] + shape.path + unit**2 / 2)
    np.testing.assert_allclose(mean.sum(axis=0), city_counts()["complaints"], rtol=1e-9)
    np.testing.assert_allclose(make("share").amount.sum(axis=0), city_counts()["complaints"])


def test_districts_err_less_than_their_streets_but_share_as_much() -> None:
    assert districts().errors.unit_shock < streets().errors.unit_shock
    assert districts().errors.cluster_shock == streets().errors.cluster_shock


def test_wrong_names_are_reported_together() -> None:
    with pytest.raises(ParameterError) as caught:
        built_in_shape("street", "level")
    assert "did you mean 'streets'?" in str(caught.value)
    assert "no outcome of scale 'level'" in str(caught.value)


def test_a_plain_design_names_only_columns_of_a_drawn_panel() -> None:
    share = replace(districts("share").design, controls=("a",), absorb=(("b", "period"),))
    plain = plain_design(share)
    assert (plain.controls, plain.absorb, plain.weights) == ((), (), "amount")
    count = replace(districts().design, weights="w", exposure="people")
    assert (plain_design(count).weights, plain_design(count).exposure) == (None, "amount")
