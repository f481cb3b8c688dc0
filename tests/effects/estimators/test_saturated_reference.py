"""Sun-Abraham and extended Mundlak estimates against R's fixest and etwfe."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimate import estimate

REFERENCE = Path(__file__).parents[1] / "reference"

# Both sides solve the same equations; fixest stops iterating at 2e-12.
SAME = 1e-9
# marginaleffects, which etwfe calls, differentiates numerically.
NUMERICAL = 5e-6
KINDS = {"period": "event_time", "cohort": "cohort", "calendar": "calendar"}
COLUMNS = {
    "castle": ("sid", "year", "g"),
    "mpdta": ("countyreal", "year", "first.treat"),
    "sim3_anticipation_dose": ("unit", "t", "g"),
}
COMMITTED = json.loads((REFERENCE / "saturated.json").read_text(encoding="utf-8"))
CASES = [
    (name, package, setting)
    for name in COMMITTED
    for package in COMMITTED[name]
    for setting in COMMITTED[name][package]
]


def read(folder, name):
    """Read a panel; units that never adopt are coded 0 in the files."""
    adoption = COLUMNS[name][2]
    data = pd.read_csv(folder / f"{name}.csv")
    data = data.assign(**{adoption: data[adoption].replace(0, np.nan)})
    return data.assign(g_ant=data[adoption] - 2)


def design_of(name, setting):
    """Turn the words of a reference value's key into a design."""
    words = setting.replace("~", " ").split()
    said = dict(word.split("=", 1) for word in words if word.startswith(("cl=", "cgroup=", "w=")))
    unit, period, adoption = COLUMNS[name]
    # The values by cluster of sim3's etwfe date adoption two periods early.
    early = name.startswith("sim3") and "cgroup" in setting and said["cl"] != unit
    poisson = "family=poisson" in setting
    return Design(
        words[0],
        "level" if poisson else "share",
        "adoption",
        "g_ant" if early else adoption,
        cluster=said["cl"],
        unit=(unit,),
        period=period,
        weights=said.get("w"),
        comparison={"never": "never"}.get(said.get("cgroup"), "notyet"),
        controls=("lpop",) if "lpop" in words else (),
        anticipation=2 if "ref.p=-3" in setting else 0,
        fixed_effects=((unit,), (period,)) if "ivar=" in setting else (),
    )


def assert_same(found, at, expected, tolerance):
    found = found.loc[at]
    np.testing.assert_allclose(found["value"], expected["estimate"], rtol=SAME)
    np.testing.assert_allclose(found["standard_error"], expected["se"], rtol=tolerance)


@pytest.mark.parametrize(("name", "package", "setting"), CASES)
def test_estimates_and_errors(name, package, setting):
    """Catches wrong shares in an average, a wrong count of parameters, a shifted reference."""
    expected = COMMITTED[name][package][setting]
    estimator = "sun_abraham" if package == "sunab_fixest" else "etwfe"
    tolerance = SAME if package == "sunab_fixest" else NUMERICAL
    result = estimate(read(REFERENCE, name), design_of(name, setting), estimator, "CR1")
    assert result.overall.value == pytest.approx(expected["att"]["estimate"], rel=SAME)
    assert result.overall.standard_error == pytest.approx(expected["att"]["se"], rel=tolerance)
    for kind, attribute in KINDS.items():
        if kind in expected:
            frame = getattr(result, attribute)
            assert_same(frame, expected[kind]["at"], expected[kind], tolerance)


def read_mpdta(folder):
    """Read county employment, also as a count, with the reference values of all packages."""
    data = read(folder, "mpdta")
    held = json.loads((folder / "mpdta.json").read_text(encoding="utf-8"))["mpdta"]
    return data.assign(emp=np.exp(data["lemp"])), held


def test_sun_abraham_on_mpdta(shared_reference):
    """In every setting that has reference values."""
    data, held = read_mpdta(shared_reference)
    for setting, expected in held["sunab_fixest"].items():
        result = estimate(data, design_of("mpdta", setting), "sun_abraham", "CR1")
        (value,), (error,) = expected["att"]["estimate"], expected["att"]["se"]
        assert result.overall.value == pytest.approx(value, rel=SAME), setting
        assert result.overall.standard_error == pytest.approx(error, rel=SAME), setting
        for kind, block in (("event_time", "period"), ("cohort", "cohort")):
            at = [float(label.split("::")[1]) for label in expected[block]["estimate"]]
            values = {part: list(expected[block][part].values()) for part in ("estimate", "se")}
            assert_same(getattr(result, kind), at, values, SAME)


def test_etwfe_on_mpdta(shared_reference):
    """In every setting, with controls, fixed effects of units and counts among them."""
    data, held = read_mpdta(shared_reference)
    blocks = {"event_time": ("event", "event"), "cohort": ("group", "g")}
    blocks["calendar"] = ("calendar", "year")
    for setting, expected in held["etwfe"].items():
        estimator = "etwfe_poisson" if "poisson" in setting else "etwfe"
        result = estimate(data, design_of("mpdta", setting), estimator, "CR1")
        value, error = expected["simple"]["estimate"], expected["simple"]["se"]
        assert result.overall.value == pytest.approx(value, rel=SAME), setting
        assert result.overall.standard_error == pytest.approx(error, rel=NUMERICAL), setting
        for kind, (block, label) in blocks.items():
            values = pd.DataFrame(expected[block])
            values = values[values["estimate"] != 0]
            assert_same(getattr(result, kind), values[label], values, NUMERICAL)


def test_unit_effects_instead_of_cohort_effects_change_the_error_only():
    """Catches fixed effects of a design that are passed over; true in a balanced panel."""
    data, setting = read(REFERENCE, "castle"), "l_homicide ~ 0 cgroup=notyet cl=sid"
    design = design_of("castle", setting)
    units = dataclasses.replace(design, fixed_effects=(("sid",), ("year",)))
    cohort, unit = (estimate(data, one, "etwfe", "CR1").overall for one in (design, units))
    assert unit.value == pytest.approx(cohort.value, rel=1e-12)
    ratio = np.sqrt((550 - 20 - 6 - 10) / (550 - 20 - 1 - 10))
    assert unit.standard_error == pytest.approx(cohort.standard_error * ratio, rel=1e-10)
