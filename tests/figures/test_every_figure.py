"""What must hold of every figure: nothing is cut off, and simulated data are marked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis.effects.design import Design
from analysis.effects.estimate import estimate
from analysis.effects.result import Result
from analysis.effects.sensitivity.regression_weights import weights_by_event_time
from analysis.figures.adoption import draw_adoption
from analysis.figures.cohort_weights import (
    cohort_weights_frame,
    draw_cohort_weights,
    treated_shares,
)
from analysis.figures.dose import binned_residuals, draw_dose
from analysis.figures.estimates import draw_estimates
from analysis.figures.event_study import draw_event_studies, draw_event_study
from analysis.figures.initiators import draw_initiators
from analysis.figures.monthly_cases import draw_monthly_cases
from analysis.figures.published_rates import draw_published_rates, monthly_rates
from analysis.figures.recovery import draw_recovery
from analysis.figures.result import draw_result
from analysis.figures.tile_map import draw_tile_map
from analysis.figures.timeline import draw_timeline
from analysis.figures.volumes import draw_volumes, yearly_cases
from analysis.figures.weights_by_month import draw_weights_by_month
from analysis.study.schema import Study

Draw = Callable[[Study, pd.DataFrame], Figure]


def event_study(study: Study, panel: pd.DataFrame) -> Figure:
    truth = pd.DataFrame({"event_time": range(61), "value": -0.1})
    return draw_event_study(event_study_result(panel), study=study, truth=truth)


def panel_design() -> Design:
    return Design("complaints", "count", "adoption", "adoption_period", cluster="unit")


def event_study_result(panel: pd.DataFrame) -> Result:
    return estimate(panel, panel_design(), "twfe_event_study", "CR1")


def event_studies(study: Study, panel: pd.DataFrame) -> Figure:
    names = ("twfe_event_study", "imputation")
    results = [estimate(panel, panel_design(), name, "CR1") for name in names]
    truth = pd.DataFrame({"event_time": range(61), "value": -0.1})
    return draw_event_studies(results, study=study, truth=truth)


def cohort_weights(study: Study, panel: pd.DataFrame) -> Figure:
    names = ("twfe", "imputation", "etwfe_poisson")
    results = [estimate(panel, panel_design(), name, "CR1") for name in names]
    shares = treated_shares(panel, panel_design())
    return draw_cohort_weights(cohort_weights_frame(results), shares, study=study)


def many_cohort_weights(study: Study, panel: pd.DataFrame) -> Figure:
    cohorts = pd.period_range("2020-01", periods=6, freq="M")
    share = pd.Series(1 / 6, index=cohorts)
    label = "Two-way fixed effects with unit trends"
    weights = pd.DataFrame([share.to_numpy()], index=[label], columns=cohorts)
    return draw_cohort_weights(weights, {"Share": share}, study=study)


def weights_by_month(study: Study, panel: pd.DataFrame) -> Figure:
    return draw_weights_by_month(weights_by_event_time(panel, panel_design()), study=study)


def event_study_alone(study: Study, panel: pd.DataFrame) -> Figure:
    return draw_result(event_study_result(panel))


def estimates(study: Study, panel: pd.DataFrame) -> Figure:
    frame = pd.DataFrame(
        {
            "label": ["Two-way fixed effects", "Poisson", "Without 门头沟区", "Too few clusters"],
            "value": [-0.12, -0.10, -0.15, np.nan],
            "lower": [-0.2, -0.2, -0.2, np.nan],
            "upper": [-0.1, 0.1, -0.1, np.nan],
            "group": ["Estimator", "Estimator", "Leave one out", "Leave one out"],
        }
    )
    return draw_estimates(frame, study=study, truth=-0.11, unit="percentage points")


def recovery(study: Study, panel: pd.DataFrame) -> Figure:
    frame = pd.DataFrame(
        [
            (outcome, estimator, 0.02, -0.01, 0.05, 0.03)
            for outcome in ("complaints", "satisfaction_rate", "consultation_share")
            for estimator in ("Two-way fixed effects", "Event study", "Poisson")
        ],
        columns=["outcome", "estimator", "value", "lower", "upper", "truth"],
    )
    return draw_recovery(frame, study=study)


def volumes(study: Study, panel: pd.DataFrame) -> Figure:
    published = pd.DataFrame(
        {
            "year": [2019, 2020],
            "value": [0.6, 7.0],
            "low": [0.5, 7.0],
            "high": [0.7, 7.0],
            "basis": ["published", "worked out"],
        }
    )
    return draw_volumes(published, {"Published": published}, yearly_cases(panel), study=study)


def published_rates(study: Study, panel: pd.DataFrame) -> Figure:
    months = pd.PeriodIndex(["2019-01", "2020-12"], freq="M")
    published = pd.DataFrame(
        {
            "measure": "resolution_rate",
            "first_month": months,
            "last_month": months,
            "value": [0.5, 0.99],
            "disputed": [False, True],
        }
    )
    monthly = monthly_rates(panel, ["resolution_rate"])
    return draw_published_rates(published, monthly, study=study)


def tile_map(study: Study, panel: pd.DataFrame) -> Figure:
    values = pd.Series({tile.district: float(tile.row) for tile in study.tile})
    values.iloc[3] = np.nan
    return draw_tile_map(values, study=study, label="Complaints per 1,000 residents")


def adoption(study: Study, panel: pd.DataFrame) -> Figure:
    return draw_adoption(panel, study=study)


def monthly_cases(study: Study, panel: pd.DataFrame) -> Figure:
    cases = panel.groupby("period")[["complaints", "proactive_cases"]].sum()
    return draw_monthly_cases(cases, study=study, lowest="proactive_cases")


def initiators(study: Study, panel: pd.DataFrame) -> Figure:
    shares = pd.DataFrame(
        {
            "resident": [0.5, 0.1],
            "proactive": [0.4, 0.9],
            "system": [0.1, 0.0],
            "cases": [1_234_567, 10],
            "kept": [True, False],
        },
        index=["General comments on a programme or a policy of the city", "Sign repair"],
    )
    return draw_initiators(shares, study=study)


def dose(study: Study, panel: pd.DataFrame) -> Figure:
    level = study.level[0]
    with_dose = panel.assign(dose=np.log1p(panel["proactive_cases"].astype(float)), category="a")
    return draw_dose(binned_residuals(with_dose, level), study=study)


MARKED: list[Draw] = [
    event_study,
    event_studies,
    cohort_weights,
    many_cohort_weights,
    weights_by_month,
    estimates,
    recovery,
    volumes,
    published_rates,
    adoption,
    monthly_cases,
    initiators,
    dose,
]


def timeline(study: Study, panel: pd.DataFrame) -> Figure:
    dates = [event.date for stage in study.stage for event in stage.milestone]
    return draw_timeline(pd.DataFrame({"date": dates}), study=study)


def texts(figure: Figure) -> list[Text]:
    hidden = hidden_ticks(figure)
    found = figure.findobj(lambda artist: isinstance(artist, Text) and id(artist) not in hidden)
    return [text for text in found if isinstance(text, Text) and text.get_text().strip()]


def hidden_ticks(figure: Figure) -> set[int]:
    """Find the tick labels beyond the limits, which matplotlib keeps but does not draw."""
    hidden = set()
    for axis in [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)]:
        low, high = sorted(axis.get_view_interval())
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            if not low <= tick.get_loc() <= high:
                hidden |= {id(tick.label1), id(tick.label2)}
    return hidden


@pytest.mark.parametrize(
    "draw", [*MARKED, event_study_alone, tile_map, timeline], ids=lambda draw: draw.__name__
)
def test_no_text_is_cut_off(draw: Draw, simulated_study: Study, panel: pd.DataFrame) -> None:
    """Would catch a label that runs over the edge of the figure."""
    figure = draw(simulated_study, panel)
    width, height = figure.bbox.width, figure.bbox.height
    for text in texts(figure):
        box = text.get_window_extent()
        inside = box.x0 > -1 and box.y0 > -1 and box.x1 < width + 1 and box.y1 < height + 1
        assert inside, f"{text.get_text()!r} is cut off"


@pytest.mark.parametrize("draw", [*MARKED, tile_map], ids=lambda draw: draw.__name__)
def test_simulated_data_are_marked_in_every_panel(
    draw: Draw, simulated_study: Study, panel: pd.DataFrame
) -> None:
    """Would catch a figure of the twin that could pass for one of the city."""
    figure = draw(simulated_study, panel)
    panels = [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]
    for axes in panels:
        assert any("Simulated" in text.get_text() for text in axes.texts)


@pytest.mark.parametrize("draw", MARKED, ids=lambda draw: draw.__name__)
def test_real_data_are_not_marked(draw: Draw, real_study: Study, panel: pd.DataFrame) -> None:
    """Would catch real results that are called simulated."""
    assert not any("imulated" in text.get_text() for text in texts(draw(real_study, panel)))


def test_published_facts_are_not_marked(simulated_study: Study, panel: pd.DataFrame) -> None:
    """Would catch the city's own history being called simulated."""
    figure = timeline(simulated_study, panel)
    assert not any("imulated" in text.get_text() for text in texts(figure))
