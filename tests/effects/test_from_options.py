"""From options to a panel and a design."""

import pytest

from analysis.effects.from_options import PanelOptions, load_panel
from analysis.errors import ParameterError


@pytest.fixture
def options(tmp_path, make_panel):
    path = tmp_path / "panel.csv"
    make_panel(3).to_csv(path, index=False)
    return {"file": path, "unit": ("unit",), "period": "period", "outcome": "complaints"}


def test_a_count_estimator_settles_the_scale(options):
    given = PanelOptions(**options, adoption="adoption_period")
    assert load_panel(given, "poisson")[1].scale == "count"
    assert load_panel(given, "twfe")[1].scale == "level"


def test_every_word_reaches_the_design(options):
    given = PanelOptions(
        **options,
        adoption="adoption_period",
        scale="share",
        cluster="district",
        weights="satisfaction_rate_weight",
        controls=("satisfaction_rate",),
        comparison="never",
        base="varying",
        adjustment="regression",
        anticipation=2,
        estimand="cohort",
        event_window=(-6, 6),
        lags=3,
        leads=1,
        absorb=(("district", "period"),),
        seed=7,
    )
    design = load_panel(given)[1]
    for name in ("cluster", "weights", "controls", "comparison", "base", "adjustment", "seed"):
        assert getattr(design, name) == getattr(given, name)
    assert (design.anticipation, design.estimand, design.event_window) == (2, "cohort", (-6, 6))
    assert (design.lags, design.leads) == (3, 1)
    assert design.absorb == (("district", "period"),)


def test_one_treatment_must_be_named(options):
    with pytest.raises(ParameterError, match="no treatment is given"):
        load_panel(PanelOptions(**options))
    both = PanelOptions(**options, adoption="adoption_period", dose="satisfaction_rate")
    with pytest.raises(ParameterError, match="'--adoption' and '--dose' are given"):
        load_panel(both)


def test_a_unit_of_several_columns_needs_a_cluster(options):
    given = PanelOptions(**(options | {"unit": ("district", "unit")}), adoption="adoption_period")
    with pytest.raises(ParameterError, match="name the column at whose level"):
        load_panel(given)
