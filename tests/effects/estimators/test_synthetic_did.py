"""Synthetic difference-in-differences on panels: cohorts, known truth, inference and errors."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimators.synthetic_did import estimate_synthetic_did
from analysis.errors import DesignError

DESIGN = Design("y", "share", "adoption", "adoption", cluster="unit")


def staggered(seed=1, units=30, periods=16, treated=(2, 3), noise=0.1, effect=2.0, spread=1.0):
    """Draw y = interactive effects of two factors + effect * (1 + event time / 10) + noise."""
    draw = np.random.default_rng(seed)
    dates = np.full(units, np.nan)
    dates[: treated[0]] = 9
    dates[treated[0] : sum(treated)] = 12
    factors = np.cumsum(draw.normal(size=(2, periods)), axis=1)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    loads = 0.5 + spread * draw.uniform(-0.5, 0.5, size=(units, 2))
    event_time = period - dates[unit]
    gain = np.where(event_time >= 0, effect * (1 + event_time / 10), 0.0)
    y = (loads @ factors).ravel() + gain + noise * draw.normal(size=units * periods)
    return pd.DataFrame(
        {"unit": unit, "district": unit // 2, "period": period, "adoption": dates[unit], "y": y}
    )


def values(effects, kind):
    rows = effects.targets[effects.targets["kind"] == kind]
    key = {"overall": "averaging", "calendar": "period"}.get(kind, kind)
    return rows.set_index(key)["value"]


def test_cohorts_are_fitted_apart_and_averaged_by_treated_cells():
    panel = staggered()
    both = estimate_synthetic_did(panel, DESIGN)
    apart = [
        estimate_synthetic_did(
            panel[panel["adoption"].isna() | (panel["adoption"] == date)].reset_index(drop=True),
            DESIGN,
        )
        for date in (9, 12)
    ]
    alone = np.array([values(one, "overall")["cells"] for one in apart])
    np.testing.assert_allclose(values(both, "cohort"), alone, rtol=1e-12)
    cells = np.array([2 * 7, 3 * 4])
    assert values(both, "overall")["cells"] == pytest.approx(alone @ cells / cells.sum())
    assert values(both, "overall")["cohort"] == pytest.approx(alone @ [2 / 5, 3 / 5])
    first = [values(one, "event_time")[0] for one in apart]
    assert values(both, "event_time")[0] == pytest.approx((2 * first[0] + 3 * first[1]) / 5)
    assert both.cohort_weights.to_dict() == pytest.approx({9: 14 / 26, 12: 12 / 26})


def test_recovers_the_truth_where_trends_are_parallel():
    """Catches effects that are measured from the wrong periods: any weights do if there is none."""
    found = estimate_synthetic_did(staggered(noise=0.0, spread=0.0), DESIGN)
    times = values(found, "event_time")
    np.testing.assert_allclose(times, 2 * (1 + times.index / 10), rtol=1e-10)


def test_comes_closer_to_the_truth_where_trends_are_not_parallel():
    """Catches weights that are not used, or are used on the wrong units or periods."""
    gaps = []
    for seed in range(20):
        panel = staggered(seed, treated=(4, 0), effect=0.0)
        means = panel.groupby([panel["unit"] < 4, panel["period"] >= 9])["y"].mean().unstack()
        unweighted = np.diff(np.diff(means, axis=0), axis=1).item()
        found = values(estimate_synthetic_did(panel, DESIGN), "overall")["cells"]
        gaps.append([found, unweighted])
    synthetic, unweighted = np.sqrt(np.mean(np.square(gaps), axis=0))
    assert synthetic < 0.5 * unweighted


def test_placebo_errors_cover_the_truth():
    """Catches errors that are off by a factor, such as a variance of a single cell."""
    truth = np.average(2 * (1 + np.r_[np.arange(7), np.arange(4)] / 10), weights=[2] * 7 + [3] * 4)
    misses = []
    for seed in range(25):
        found = estimate_synthetic_did(staggered(seed, periods=16, noise=0.5), DESIGN)
        gap = values(found, "overall")["cells"] - truth
        misses.append(gap / np.sqrt(found.evidence.vcov[0, 0]))
    # The root mean square of 25 standard normal draws is between 0.6 and 1.4 but for 1 in 1000.
    assert 0.6 < np.sqrt(np.mean(np.square(misses))) < 1.4


def test_inference_by_clusters_of_assignment():
    panel = staggered(units=36, treated=(2, 4))
    by_unit = estimate_synthetic_did(panel, DESIGN)
    by_district = estimate_synthetic_did(panel, dataclasses.replace(DESIGN, cluster="district"))
    assert "200 placebo estimates among 30 untreated clusters (unit)" in by_unit.evidence.words
    assert "among 15 untreated clusters (district)" in by_district.evidence.words
    pd.testing.assert_frame_equal(by_unit.targets, by_district.targets)
    mixed = panel.assign(district=panel["unit"] % 6)
    found = estimate_synthetic_did(mixed, dataclasses.replace(DESIGN, cluster="district"))
    assert "among 30 untreated units" in found.evidence.words


def test_jackknife_if_there_are_no_more_controls_than_treated():
    panel = staggered(units=9, treated=(2, 3))
    found = estimate_synthetic_did(panel, DESIGN)
    assert found.evidence.words.startswith("jackknife over clusters (unit)")
    assert np.isfinite(found.evidence.vcov).all()
    single = estimate_synthetic_did(staggered(units=7, treated=(1, 3)), DESIGN)
    assert np.isnan(single.evidence.vcov[0, 0])


def test_the_same_seed_gives_the_same_errors_and_rows_any_order():
    panel = staggered()
    mixed = panel.sample(frac=1, random_state=3).reset_index(drop=True)
    one, same = (estimate_synthetic_did(data, DESIGN) for data in (panel, mixed))
    other = estimate_synthetic_did(panel, dataclasses.replace(DESIGN, seed=1))
    np.testing.assert_array_equal(one.evidence.vcov, same.evidence.vcov)
    pd.testing.assert_frame_equal(one.targets, same.targets)
    assert one.evidence.vcov[0, 0] != other.evidence.vcov[0, 0]


def test_anticipation_dates_weights_early_and_is_not_averaged():
    panel = staggered()
    early = estimate_synthetic_did(panel.assign(adoption=panel["adoption"] - 2), DESIGN)
    found = estimate_synthetic_did(panel, dataclasses.replace(DESIGN, anticipation=2))
    np.testing.assert_allclose(values(found, "event_time"), values(early, "event_time"))
    assert values(found, "event_time").index.min() == -2
    after = found.targets.query("kind == 'group_time' and event_time >= 0")
    weights = after["cohort"].map({9.0: 2, 12.0: 3})
    mean = np.average(after["value"], weights=weights)
    assert values(found, "overall")["cells"] == pytest.approx(mean)


def test_controls_are_taken_out():
    """Catches coefficients that are estimated with treated rows, or controls that do nothing."""
    panel = staggered(noise=0.01)
    draw = np.random.default_rng(5)
    panel["rain"] = draw.normal(size=len(panel)) + (panel["period"] >= panel["adoption"])
    without = estimate_synthetic_did(panel, DESIGN)
    panel["y"] += 3 * panel["rain"]
    found = estimate_synthetic_did(panel, dataclasses.replace(DESIGN, controls=("rain",)))
    gap = values(found, "overall")["cells"] - values(without, "overall")["cells"]
    assert abs(gap) < 0.1


def test_errors_name_what_is_missing():
    panel = staggered()
    gaps = panel[~((panel["unit"] == 7) & panel["period"].isin([3, 4]))]
    with pytest.raises(DesignError, match="1 of 30 units lack periods: 7 lacks 3, 4"):
        estimate_synthetic_did(gaps.reset_index(drop=True), DESIGN)
    treated = panel[panel["adoption"].notna()].reset_index(drop=True)
    with pytest.raises(DesignError, match="every unit adopts"):
        estimate_synthetic_did(treated, DESIGN)
    with pytest.raises(DesignError, match="takes no weights"):
        estimate_synthetic_did(panel, dataclasses.replace(DESIGN, weights="period"))
    early = panel.assign(adoption=panel["adoption"].where(panel["adoption"].isna(), 1))
    with pytest.raises(DesignError, match="no cohort has two periods before"):
        estimate_synthetic_did(early, DESIGN)


def test_cohorts_that_adopt_too_early_are_counted():
    panel = staggered()
    panel.loc[panel["unit"] < 2, "adoption"] = 1
    found = estimate_synthetic_did(panel, DESIGN)
    reason = "cohort with fewer than two periods before treatment"
    assert found.sample.dropped == {reason: 2 * 16}
