"""Imputation and two-stage estimates against R's didimputation and did2s."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from analysis.effects.design import Design
from analysis.effects.estimators.first_stage import fit_first_stage
from analysis.effects.estimators.imputation import estimate_imputation
from analysis.effects.estimators.two_stage import estimate_two_stage
from analysis.effects.inference.fit import cluster_sums
from analysis.effects.untreated_outcome import UntreatedOutcome, indicators

REFERENCE = Path(__file__).parents[1] / "reference"

# Both sides solve the same equations; fixest stops iterating at 2e-12.
SAME = 1e-9

COLUMNS = {
    "castle": ("sid", "year", "g"),
    "mpdta": ("countyreal", "year", "first.treat"),
    "sim3_anticipation_dose": ("unit", "t", "g"),
}
ESTIMATORS = {"did2s": estimate_two_stage, "didimputation": estimate_imputation}
COMMITTED = json.loads((REFERENCE / "imputed.json").read_text(encoding="utf-8"))
CASES = [
    (name, package, setting)
    for name in ("castle", "sim3_anticipation_dose")
    for package in ESTIMATORS
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
    said = dict(part.split("=", 1) for part in setting.split(" ") if "=" in part)
    unit, period, adoption = COLUMNS[name]
    early = "Dant" in setting or "g_ant" in setting
    pretrends = said.get("pretrends")
    return Design(
        setting.split(" ")[0],
        "share",
        "adoption",
        "g_ant" if early else adoption,
        cluster=said["cl"],
        unit=(unit,),
        period=period,
        weights=said.get("w"),
        event_window=(int(pretrends.split(":")[0]), 99) if pretrends else None,
    )


def tidy(effects):
    """Give each target the standard error of the packages: no small-sample factor."""
    sums = cluster_sums(effects.evidence.contributions, effects.evidence.clusters)
    return effects.targets.assign(se=np.sqrt((sums**2).sum(axis=0)))


def assert_agrees(panel, design, package, expected):
    found = tidy(ESTIMATORS[package](panel, design))
    if "event_time" in expected:
        found = found[found["kind"] == "event_time"].set_index("event_time")
        if package == "didimputation" and design.event_window is None:
            found = found[found.index >= 0]
        assert sorted(found.index) == sorted(expected["event_time"])
        found = found.loc[expected["event_time"]]
    else:
        found = found[found["averaging"] == "cells"]
    np.testing.assert_allclose(found["value"], expected["estimate"], rtol=SAME)
    if not (package == "didimputation" and design.weights):
        np.testing.assert_allclose(found["se"], expected["se"], rtol=SAME)


@pytest.mark.parametrize(("name", "package", "setting"), CASES)
def test_committed_values(name, package, setting):
    expected = COMMITTED[name][package][setting]
    assert_agrees(read(REFERENCE, name), design_of(name, setting), package, expected)


@pytest.mark.parametrize("name", COLUMNS)
def test_all_values(shared_reference, name):
    """Every setting of both packages, those that drop units with one untreated row included."""
    values = json.loads((shared_reference / f"{name}.json").read_text(encoding="utf-8"))[name]
    panel = read(shared_reference, name)
    for package in ESTIMATORS:
        for setting, given in values[package].items():
            design = design_of(name, setting)
            used = panel
            if "perfect_fit" in setting:
                unit, period, _ = COLUMNS[name]
                untreated = ~(panel[period] >= panel[design.treatment_column])
                counts = untreated.groupby(panel[unit]).transform("sum")
                used = panel[counts != 1]
            assert_agrees(used, design, package, as_committed(given))


def as_committed(given):
    """Write a reference value in the form of the committed file."""
    estimate, se = given["estimate"], given["se"]
    if isinstance(estimate, dict):
        times = [int(name.split("::")[1]) for name in estimate]
        return {"event_time": times, "estimate": list(estimate.values()), "se": list(se.values())}
    if isinstance(given.get("term"), list):
        rows = [row for row in zip(given["term"], estimate, se, strict=True) if row[1] is not None]
        times, estimate, se = zip(*rows, strict=True)
        return {"event_time": [int(time) for time in times], "estimate": estimate, "se": se}
    return {"estimate": np.atleast_1d(estimate), "se": np.atleast_1d(se)}


def test_design_with_anticipation_imputes_like_an_earlier_adoption():
    """Periods of anticipation have effects of their own and are no part of the overall one."""
    expected = COMMITTED["sim3_anticipation_dose"]["didimputation"]
    expected = expected["y g=g_ant cl=unit fixest.fixef.rm=none horizon=TRUE pretrends=-6:-1"]
    panel = read(REFERENCE, "sim3_anticipation_dose")
    design = Design("y", "share", "adoption", "g", "unit", ("unit",), "t", anticipation=2)
    design = dataclasses.replace(design, event_window=(-8, 99))
    found = tidy(estimate_imputation(panel, design))
    by_time = found[found["kind"] == "event_time"].set_index("event_time")
    by_time = by_time.loc[np.array(expected["event_time"]) - 2.0]
    np.testing.assert_allclose(by_time["value"], expected["estimate"], rtol=SAME)
    np.testing.assert_allclose(by_time["se"], expected["se"], rtol=SAME)
    overall = found.loc[found["averaging"] == "cells", "value"].item()
    after = panel["t"] >= panel["g"]
    sizes = (panel["t"] - panel["g"])[after].value_counts()
    times = by_time[by_time.index >= 0]["value"]
    assert overall == pytest.approx((times * sizes).sum() / sizes.sum(), rel=SAME)


@pytest.mark.parametrize("horizon", [None, *range(6)])
def test_squared_weights_are_all_that_separates_us_from_didimputation(horizon):
    """With weights squared inside the weights v, as the package has them, errors agree too."""
    panel = read(REFERENCE, "castle")
    kind = "static" if horizon is None else "horizon=TRUE"
    setting = f"l_homicide g=g cl=sid w=popwt fixest.fixef.rm=none {kind}"
    expected = COMMITTED["castle"]["didimputation"][setting]
    first = fit_first_stage(panel, design_of("castle", setting))
    sample, weights = first.sample, first.sample.weights
    chosen = sample.event_time >= 0 if horizon is None else sample.event_time == horizon
    load = np.where(chosen, weights, 0.0) / weights[chosen].sum()
    cells = pd.DataFrame({"w": weights**2, "we": weights**2 * first.effects})
    sums = cells.groupby([sample.adoption, sample.period], dropna=False).transform("sum")
    deviations = load * (first.effects - sums["we"].to_numpy() / sums["w"].to_numpy())
    squared = UntreatedOutcome(sample.effects, np.empty((550, 0)), weights**2, first.untreated)
    loads = sparse.csr_array((load * weights)[:, None])
    own = indicators(sample.units).T @ deviations
    shares = squared.error_shares(first.effects / weights, loads, sample.units)[:, 0]
    error = np.sqrt(((own - shares) ** 2).sum())
    wanted = expected["se"] if horizon is None else expected["se"][horizon]
    assert error == pytest.approx(wanted, rel=SAME)
