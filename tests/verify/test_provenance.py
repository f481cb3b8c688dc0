"""Provenance: each file that is not the one that the committed runs used is named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from analysis.verify.provenance import check_sources, compare_runs
from analysis.verify.state import State

MakeState = Callable[..., State]

FILES = {
    "notebooks/02_describe.py": "source",
    "notebooks/studies/toy.toml": "study",
    "requirements.txt": "lock",
    "data/raw/toy/reports.csv": "raw",
    "src/analysis/effects/factors.py": "code",
    "data/processed/toy/panel.csv": "panel",
}
PANEL = "data/processed/toy/panel.csv"
INPUTS = ("data/raw/toy/reports.csv", PANEL)


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def state(make_state: MakeState) -> State:
    """A state whose files are those that its ledger records."""
    made = make_state(
        "tree",
        source=hashed("source"),
        study=hashed("study"),
        lock=hashed("lock"),
        inputs={name: hashed(FILES[name]) for name in INPUTS},
        code={"src/analysis/effects/factors.py": hashed("code")},
    )
    records = {"data/processed/toy/exhibits/02_describe.json": "{}"}
    for name, text in (FILES | records).items():
        (made.root / name).parent.mkdir(parents=True, exist_ok=True)
        (made.root / name).write_text(text, encoding="utf-8")
    return made


def failed(state: State) -> list[str]:
    return [v.id for v in check_sources(state) if v.outcome == "FAIL"]


def test_the_files_that_were_used_pass(state: State) -> None:
    assert failed(state) == []
    assert {v.id for v in check_sources(state)} >= FILES.keys()


@pytest.mark.parametrize("name", FILES)
def test_a_changed_or_missing_file_is_named(state: State, name: str) -> None:
    (state.root / name).write_text("changed", encoding="utf-8")
    assert failed(state) == [name]
    (state.root / name).unlink()
    assert failed(state) == [name]


def test_the_runs_that_used_it_are_named(state: State) -> None:
    (state.root / "requirements.txt").write_text("changed", encoding="utf-8")
    (found,) = (v for v in check_sources(state) if v.outcome == "FAIL")
    assert found.reason == "it is not the file from which 'toy/02_describe' was made"
    assert (found.committed, found.made) == (hashed("lock")[:12], hashed("changed")[:12])


def test_a_run_with_other_parameters_fails(make_state: MakeState) -> None:
    before = make_state("a", parameters={"study": "toy"})
    after = make_state("b", parameters={"study": "toy", "level": "street"})
    assert [(v.kind, v.outcome) for v in compare_runs(before, after, "rerun")] == [("run", "FAIL")]


def test_a_module_that_is_newly_used_is_named(make_state: MakeState) -> None:
    before = make_state("a", code={"src/analysis/a.py": "x"})
    after = make_state("b", code={"src/analysis/a.py": "x", "src/analysis/b.py": "y"})
    found = [v for v in compare_runs(before, after, "rerun") if v.outcome == "FAIL"]
    assert [v.id for v in found] == ["src/analysis/b.py"]


def test_a_panel_is_judged_by_its_exhibits_but_not_between_two_runs_here(
    make_state: MakeState,
) -> None:
    before, after = make_state("a", inputs={PANEL: "x"}), make_state("b", inputs={PANEL: "y"})

    def outcome(check: str) -> list[str]:
        verdicts = compare_runs(before, after, check)  # type: ignore[arg-type]
        return [v.outcome for v in verdicts if v.id == PANEL]

    assert outcome("rerun") == ["EXPLAINED"]
    assert outcome("second run") == ["FAIL"]
