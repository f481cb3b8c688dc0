"""Experiments can be stopped, repeated, made larger and spread, and give the same results."""

import io
from dataclasses import replace
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from joblib._parallel_backends import LokyBackend

from analysis.errors import DesignError, ParameterError, Problem
from analysis.recover import experiment as module
from analysis.recover import replicate as one
from analysis.recover.batches import Batch
from analysis.recover.built_in import districts
from analysis.recover.experiment import Experiment, run_experiment
from analysis.recover.replicate import ROW_COLUMNS


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_SIZE", 2)


def small(**changes: object) -> Experiment:
    chosen = Experiment(districts(), 4, ("none", "constant"), ("twfe", "poisson"), ("CR1", "none"))
    return replace(chosen, **changes)


def test_rows_are_complete_and_in_order() -> None:
    rows = run_experiment(small())
    assert rows.columns.tolist() == list(ROW_COLUMNS)
    keys = rows[["effect", "estimator", "replication", "inference"]].drop_duplicates()
    assert len(keys) == 2 * 2 * 4 * 2
    assert keys["effect"].unique().tolist() == ["none", "constant"]
    inside = keys[(keys["effect"] == "none") & (keys["estimator"] == "poisson")]
    assert inside["replication"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_truth_and_recovery() -> None:
    """A constant effect is estimated without bias, and the truth is the one that was planted."""
    rows = run_experiment(small(effects=("constant",), estimators=("twfe",), draws=20))
    np.testing.assert_allclose(rows["truth"], -0.15)
    error = rows.loc[rows["inference"] == "CR1", "value"] + 0.15
    assert abs(error.mean()) < 4 * error.std() / np.sqrt(20)


def test_all_estimators_and_effects_see_the_same_shocks() -> None:
    """Catches seeds that depend on the estimator, which would add noise to comparisons."""
    rows = run_experiment(small(inferences=("none",), estimators=("twfe",)))
    values = rows.pivot(index="replication", columns="effect", values="value")
    np.testing.assert_allclose(values["constant"] - values["none"], -0.15, atol=0.002)


@pytest.mark.slow
def test_the_number_of_workers_does_not_change_results() -> None:
    pd.testing.assert_frame_equal(run_experiment(small()), run_experiment(small(), workers=2))


@pytest.mark.slow
def test_a_backend_that_cannot_hand_back_results_one_by_one_is_used_all_the_same() -> None:
    """Ray's is such a backend; processes stand in for it, since threads share their warnings."""
    expected = run_experiment(small())
    joblib.register_parallel_backend("lists", _Lists)
    with joblib.parallel_config(backend="lists", n_jobs=2):
        pd.testing.assert_frame_equal(run_experiment(small()), expected)


def test_a_stopped_run_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = run_experiment(small())
    computed: list[Batch] = []
    compute = module._run_batch

    def stop_after_three(place: int, batch: Batch) -> tuple[int, pd.DataFrame]:
        if len(computed) == 3:
            raise KeyboardInterrupt
        computed.append(batch)
        return compute(place, batch)

    monkeypatch.setattr(module, "_run_batch", stop_after_three)
    with pytest.raises(KeyboardInterrupt):
        run_experiment(small(), cache=tmp_path)
    kept = list(tmp_path.rglob("*.csv"))
    assert len(kept) in {2, 3}  # one more may have been done when the run was stopped
    seen: list[tuple[int, int, int]] = []
    monkeypatch.setattr(module, "_run_batch", compute)
    again = run_experiment(small(), cache=tmp_path, report=lambda *told: seen.append(told))
    pd.testing.assert_frame_equal(again, expected)
    assert seen[0] == (16, 2 * len(kept), 0)
    assert seen[-1] == (16, 2 * len(kept), 16 - 2 * len(kept))


def test_what_is_kept_is_not_computed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run_experiment(small(), cache=tmp_path)

    def refuse(place: int, batch: Batch) -> None:
        raise AssertionError("it was computed again")

    with monkeypatch.context() as patch:
        patch.setattr(module, "_run_batch", refuse)
        pd.testing.assert_frame_equal(run_experiment(small(), cache=tmp_path), first)
        for changed in ({"seed": 1}, {"size": 0.1}, {"inferences": ("CR0",)}):
            with pytest.raises(AssertionError, match="computed again"):
                run_experiment(small(**changed), cache=tmp_path)
        shape = replace(districts(), selection=0.0)
        with pytest.raises(AssertionError, match="computed again"):
            run_experiment(small(shape=shape), cache=tmp_path)
    more = run_experiment(small(draws=6), cache=tmp_path)
    early = more[more["replication"] < 4].reset_index(drop=True)
    pd.testing.assert_frame_equal(early, first)


def test_an_estimator_that_fails_is_recorded_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Catches one bad panel that ends a run of hours."""
    found = one.infer

    def refuse_once(case: object, estimator: str) -> object:
        if case.choices.method == "CR1" and case.effects.sample.outcome[0] > 0:
            raise DesignError("it refuses", [Problem("too few", "unit")])
        return found(case, estimator)

    monkeypatch.setattr(one, "infer", refuse_once)
    rows = run_experiment(small(estimators=("twfe",), effects=("none",)))
    assert set(rows.loc[rows["inference"] == "CR1", "reason"]) == {"it refuses: too few"}
    assert set(rows.loc[rows["inference"] == "none", "reason"]) == {""}

    def break_down(name: str) -> object:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(one, "get_estimator", lambda name: _Broken())
    rows = run_experiment(small(estimators=("twfe",), effects=("none",)))
    assert set(rows["reason"]) == {"ZeroDivisionError: by zero"}


class _Lists(LokyBackend):
    supports_return_generator = False


class _Broken:
    @staticmethod
    def function(panel: object, design: object) -> None:
        raise ZeroDivisionError("by\n zero")


def test_wrong_names_are_reported_together() -> None:
    with pytest.raises(ParameterError) as caught:
        Experiment(districts(), 1, ("growin",), ("twfes", "fractional_logit"), ("CR11",))
    text = str(caught.value)
    for part in ("draws are 1", "mean 'growing'", "mean 'twfe'", "mean 'CR1'"):
        assert part in text


def test_kept_numbers_are_read_back_to_the_last_digit(tmp_path: Path) -> None:
    rows = run_experiment(small())
    text = io.StringIO()
    rows.to_csv(text, index=False)
    run_experiment(small(), cache=tmp_path)
    pd.testing.assert_frame_equal(run_experiment(small(), cache=tmp_path), rows, check_exact=True)
