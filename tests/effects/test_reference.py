"""Agreement with the numbers of R's fixest, which computes the same estimators."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.registry import estimate

CARRIED = Path(__file__).parent / "reference"
FURTHER = Path(__file__).parents[3] / "shared" / "reference"
FIXEST = "cluster_{}_default_ssc(K.adj=T,K.fixef=nonnested,G.adj=T)"

# Both sides solve the same equations in double precision; fixest stops iterating at 2e-12.
SAME = 1e-9

SIM3 = pd.read_csv(CARRIED / "sim3_anticipation_dose.csv")
EXPECTED = json.loads((CARRIED / "sim3_anticipation_dose.json").read_text(encoding="utf-8"))
SIM3_DESIGN = Design("y", "share", "dose", "dose", cluster="unit", unit=("unit",), period="t")


@pytest.mark.parametrize(
    "expected", EXPECTED["static"], ids=lambda row: f"{row['regressor']}-by-{row['cluster']}"
)
def test_static_twfe(expected):
    design = dataclasses.replace(
        SIM3_DESIGN, treatment_column=expected["regressor"], cluster=expected["cluster"]
    )
    overall = estimate(SIM3, design, "twfe").overall
    assert overall.value == pytest.approx(expected["estimate"], rel=SAME)
    assert overall.standard_error == pytest.approx(expected["standard_error"], rel=SAME)
    if expected["cluster"] == "unit":
        # With 60 clusters; the 12 coarser ones are tested by the bootstrap instead.
        assert overall.p_value == pytest.approx(expected["p_value"], rel=SAME, abs=1e-15)


def test_event_study():
    expected = EXPECTED["event_study"]
    design = dataclasses.replace(
        SIM3_DESIGN, treatment="adoption", treatment_column="g", event_window=(-16, 15)
    )
    # Units that never adopt are coded 0 in the file.
    result = estimate(SIM3.assign(g=SIM3["g"].replace(0, np.nan)), design, "twfe_event_study")
    frame = result.event_time.drop(index=-1)
    assert frame.index.tolist() == expected["event_time"]
    np.testing.assert_allclose(frame["value"], expected["estimate"], rtol=SAME)
    np.testing.assert_allclose(frame["standard_error"], expected["standard_error"], rtol=SAME)
    np.testing.assert_allclose(
        np.sqrt(np.diag(result.event_time_vcov)), frame["standard_error"], rtol=1e-12
    )


CASTLE_DESIGN = Design(
    "l_homicide",
    "share",
    "adoption",
    "g",
    cluster="sid",
    unit=("sid",),
    period="year",
    event_window=(-9, 5),
)


@pytest.fixture
def castle():
    if not FURTHER.is_dir():
        pytest.skip(f"the further reference values are not beside the project, in {FURTHER.name}/")
    data = pd.read_csv(FURTHER / "castle.csv")
    values = json.loads((FURTHER / "castle.json").read_text(encoding="utf-8"))["castle"]
    return data.assign(g=data["g"].replace(0, np.nan)), values


@pytest.mark.parametrize("weights", [None, "popwt"])
def test_castle_doctrine_linear(castle, weights):
    data, values = castle
    design = dataclasses.replace(CASTLE_DESIGN, weights=weights)
    suffix = f" w={weights}" if weights else ""
    static = values["twfe_feols"][f"l_homicide~post{suffix} | sid+year"]
    overall = estimate(data, design, "twfe").overall
    assert overall.value == pytest.approx(static["estimate"]["post"], rel=SAME)
    expected = static["se"][FIXEST.format("sid")]["post"]
    assert overall.standard_error == pytest.approx(expected, rel=SAME)
    expected = static["pvalue"][FIXEST.format("sid")]["post"]
    assert overall.p_value == pytest.approx(expected, rel=SAME)
    dynamic = values["event_study_feols"][f"l_homicide~i(rel,ref=c(-1,-1000)){suffix} | sid+year"]
    frame = estimate(data, design, "twfe_event_study").event_time
    for time, value in frame["value"].drop(index=-1).items():
        assert value == pytest.approx(dynamic["estimate"][f"rel::{time}"], rel=SAME)


def test_castle_doctrine_poisson(castle):
    data, values = castle
    design = dataclasses.replace(CASTLE_DESIGN, outcome="homicide_c", scale="count")
    expected = values["fepois"]["homc~post | sid+year"]
    overall = estimate(data, design, "poisson").overall
    assert overall.value == pytest.approx(expected["estimate"]["post"], rel=SAME)
    error = expected["se"][FIXEST.format("sid")]["post"]
    assert overall.standard_error == pytest.approx(error, rel=SAME)
