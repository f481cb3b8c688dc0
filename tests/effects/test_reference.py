"""Agreement with the numbers of R's fixest, which computes the same estimators."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimate import estimate

REFERENCE = Path(__file__).parent / "reference"

# Both sides solve the same equations in double precision; fixest stops iterating at 2e-12.
SAME = 1e-9

SIM3 = pd.read_csv(REFERENCE / "sim3_anticipation_dose.csv")
EXPECTED = json.loads((REFERENCE / "sim3_anticipation_dose.json").read_text(encoding="utf-8"))
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


# Units that never adopt are coded 0 in the file.
CASTLE = pd.read_csv(REFERENCE / "castle.csv").replace({"g": {0: np.nan}})
OF_CASTLE = json.loads((REFERENCE / "castle.json").read_text(encoding="utf-8"))
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


def assert_same(overall, expected):
    assert overall.value == pytest.approx(expected["estimate"], rel=SAME)
    assert overall.standard_error == pytest.approx(expected["standard_error"], rel=SAME)
    assert overall.p_value == pytest.approx(expected["p_value"], rel=SAME)


@pytest.mark.parametrize("weights", ["", "popwt"])
def test_real_data_with_and_without_weights(weights):
    """Catches weights that enter the estimate and not its error, or the other way round."""
    design = dataclasses.replace(CASTLE_DESIGN, weights=weights or None)
    assert_same(estimate(CASTLE, design, "twfe").overall, OF_CASTLE["linear"][weights])
    expected = OF_CASTLE["event_study"][weights]
    frame = estimate(CASTLE, design, "twfe_event_study").event_time.drop(index=-1)
    assert frame.index.tolist() == expected["event_time"]
    np.testing.assert_allclose(frame["value"], expected["estimate"], rtol=SAME)
    np.testing.assert_allclose(frame["standard_error"], expected["standard_error"], rtol=SAME)


def test_poisson_on_real_counts():
    design = dataclasses.replace(CASTLE_DESIGN, outcome="homicide_c", scale="count")
    assert_same(estimate(CASTLE, design, "poisson").overall, OF_CASTLE["poisson"])
