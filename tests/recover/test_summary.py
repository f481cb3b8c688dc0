"""Summaries by hand, and their Monte Carlo errors against brute force."""

import numpy as np
import pandas as pd
import pytest

from analysis.recover.replicate import ROW_COLUMNS
from analysis.recover.summary import refusals, summarise


def rows(values: np.ndarray, **changes: object) -> pd.DataFrame:
    count = len(values)
    columns = {
        "replication": np.arange(count),
        "effect": "constant",
        "estimator": "twfe",
        "inference": "auto",
        "method": "wild",
        "kind": "overall",
        "averaging": "regression",
        "event_time": np.nan,
        "headline": True,
        "value": values,
        "standard_error": 0.5,
        "lower": values - 1,
        "upper": values + 1,
        "p_value": 0.01,
        "truth": 1.0,
        "reason": "",
    }
    return pd.DataFrame(columns | changes)[list(ROW_COLUMNS)].astype(ROW_COLUMNS)


VALUES = np.array([0.0, 0.5, 1.0, 2.5, 1.5])


def test_figures_by_hand() -> None:
    found = summarise(rows(VALUES)).iloc[0]
    assert found["bias"] == pytest.approx(0.1)
    assert found["rmse"] == pytest.approx(np.sqrt((1 + 0.25 + 0 + 2.25 + 0.25) / 5))
    assert found["spread"] == pytest.approx(np.std(VALUES, ddof=1))
    assert found["coverage"] == pytest.approx(0.8)
    assert found["power"] == 1.0
    assert np.isnan(found["size"])
    assert found["length"] == 2.0
    assert found["methods"] == "wild"


def test_monte_carlo_errors_are_the_jackknifes() -> None:
    found = summarise(rows(VALUES)).iloc[0]
    errors = VALUES - 1
    without = [np.delete(errors, place) for place in range(5)]
    for name, statistic in {
        "rmse": lambda left: np.sqrt(np.mean(left**2)),
        "spread": lambda left: np.std(left, ddof=1),
        "bias": np.mean,
    }.items():
        parts = np.array([statistic(left) for left in without])
        expected = np.sqrt(4 / 5 * ((parts - parts.mean()) ** 2).sum())
        assert found[f"{name}_error"] == pytest.approx(expected)


def test_rejections_are_size_without_an_effect() -> None:
    found = summarise(rows(VALUES, effect="none", p_value=[0.01, 0.2, 0.05, 0.04, 0.9])).iloc[0]
    assert found["size"] == pytest.approx(0.4)
    assert np.isnan(found["power"])


def test_a_share_of_none_is_not_taken_for_certain() -> None:
    found = summarise(rows(VALUES, effect="none", p_value=0.5)).iloc[0]
    assert (found["size"], found["size_error"] > 0) == (0.0, True)


def test_refusals_count_and_do_not_enter_averages() -> None:
    failed = rows(np.full(3, np.nan), reason="no method", kind="", method="", headline=False)
    both = pd.concat([rows(VALUES), failed.assign(replication=[5, 6, 7])])
    found = summarise(both)
    assert len(found) == 1
    assert found.loc[0, ["replications", "refused"]].tolist() == [8, 3 / 8]
    assert found.loc[0, "bias"] == pytest.approx(0.1)
    assert refusals(both).iloc[0][["reason", "replications"]].tolist() == ["no method", 3]


def test_an_estimator_that_always_refuses_has_a_row() -> None:
    """Catches one that silently vanishes from the table."""
    found = summarise(rows(np.full(3, np.nan), reason="never", kind="", headline=False))
    assert found[["headline", "refused"]].to_numpy().tolist() == [[True, 1.0]]


def test_intervals_that_are_missing_or_unbounded_are_counted() -> None:
    lower = [-1.0, np.nan, -np.inf, 1.5, 0.5]
    upper = [1.0, np.nan, np.inf, 3.5, 2.5]
    found = summarise(rows(VALUES, lower=lower, upper=upper)).iloc[0]
    assert found["without_interval"] == pytest.approx(0.2)
    assert found["unbounded"] == pytest.approx(0.2)
    assert found["coverage"] == pytest.approx(3 / 4)
    assert found["length"] == pytest.approx(2.0)


def test_headlines_come_first_and_what_auto_chose_is_counted() -> None:
    other = rows(VALUES, kind="event_time", averaging="", event_time=0.0, headline=False)
    mixed = rows(VALUES, method=["wild", "CR1", "wild", "wild", "wild"])
    found = summarise(pd.concat([other, mixed]))
    assert found["kind"].tolist() == ["overall", "event_time"]
    assert found.loc[0, "methods"] == "wild (4), CR1 (1)"
