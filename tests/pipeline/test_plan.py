"""The plan: complete, consistent, and known without running anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.pipeline.code import Library
from analysis.pipeline.parameters import EffectParameters
from analysis.pipeline.plan import plan_level_step, plan_steps
from analysis.pipeline.step import Step
from analysis.study.load import list_studies, load_study

ROOT = Path(__file__).parents[2]
STUDIES = ROOT / "notebooks" / "studies"


@pytest.fixture(scope="module")
def real_plan(library: Library) -> tuple[Step, ...]:
    studies = [load_study(name, STUDIES) for name in list_studies(STUDIES)]
    return plan_steps(ROOT, studies, library)


def test_the_toy_plan_has_each_kind_of_step(toy_plan: dict[str, Step]) -> None:
    assert list(toy_plan) == [
        "toy/01_clean",
        "toy/02_describe",
        "toy/03_effect-street-complaints",
        "toy/03_effect-street-repeat_share",
        "toy/04_robustness-street-complaints",
        "toy/05_recovery",
        "toy/06_summary",
        "toy/07_sensitivity-street-complaints",
        "toy/ledger",
        "numbers",
        "paper",
    ]


def test_there_is_one_effect_for_each_level_and_outcome(real_plan: tuple[Step, ...]) -> None:
    wanted = {
        (("study", name), ("level", level.name), ("outcome", outcome), ("estimators", "level"))
        for name in list_studies(STUDIES)
        for level in load_study(name, STUDIES).level
        for outcome in level.outcomes
    }
    assert {step.parameters for step in real_plan if step.notebook == "03_effect"} == wanted


@pytest.mark.parametrize("notebook", ["04_robustness", "07_sensitivity"])
def test_checks_are_run_for_the_outcomes_that_levels_name(
    real_plan: tuple[Step, ...], notebook: str
) -> None:
    wanted = {
        (name, level.name, outcome)
        for name in list_studies(STUDIES)
        for level in load_study(name, STUDIES).level
        for outcome in level.robustness
    }
    found = [dict(step.parameters) for step in real_plan if step.notebook == notebook]
    assert {(run["study"], run["level"], run["outcome"]) for run in found} == wanted
    assert {run["estimator"] for run in found} == {"main"}


def test_a_trial_is_named_apart_from_what_is_planned(toy: Path, library: Library) -> None:
    """Would catch a trial that overwrites the results of the planned run."""
    study = load_study("toy", toy / "notebooks" / "studies")
    planned = {step.file for step in plan_steps(toy, [study], library)}
    parameters = EffectParameters("toy", "street", "complaints", "imputation, two_stage")
    trial = plan_level_step(toy, study, library, "03_effect", parameters)
    assert trial.file == "03_effect-street-complaints-imputation-two_stage"
    assert trial.file not in planned


def test_only_studies_with_a_known_truth_are_recovered(real_plan: tuple[Step, ...]) -> None:
    recovered = {step.study for step in real_plan if step.notebook == "05_recovery"}
    assert recovered == {n for n in list_studies(STUDIES) if load_study(n, STUDIES).truth}


def test_no_two_steps_make_the_same_file(real_plan: tuple[Step, ...]) -> None:
    made = [path for step in real_plan for path in (*step.products, step.record) if path]
    assert len(made) == len(set(made))


def test_steps_come_after_those_they_depend_on(real_plan: tuple[Step, ...]) -> None:
    made: set[Path] = set()
    everything = {p for step in real_plan for p in (*step.products, step.record) if p}
    for step in real_plan:
        assert {p for p in (*step.inputs, *step.records) if p in everything} <= made
        made |= {p for p in (*step.products, step.record) if p}


def test_what_is_simulated_says_so_in_the_notebooks_title(real_plan: tuple[Step, ...]) -> None:
    for step in real_plan:
        if step.kind == "notebook":
            simulated = load_study(step.study, STUDIES).simulated
            assert ("Simulated" in step.subtitle) == simulated


def test_the_paper_reads_its_sources_and_not_its_own_products(toy: Path, library: Library) -> None:
    made = ("figures/a.svg", "tables/a.json", "numbers.json", "paper.pdf", "supplement.pdf")
    for name in (*made, "uses.json", ".hidden"):
        (toy / "paper" / name).parent.mkdir(exist_ok=True)
        (toy / "paper" / name).touch()
    paper = plan_steps(toy, [], library)[-1]
    assert {path.as_posix() for path in paper.inputs} == {
        "paper/numbers.json",
        "paper/paper.typ",
        "requirements.txt",
    }


def test_the_supplement_is_made_where_it_has_a_source(toy: Path, library: Library) -> None:
    """Catches a product that is declared and never made, which would stop a compendium's run."""
    uses = Path("paper/uses.json")
    assert plan_steps(toy, [], library)[-1].products == (Path("paper/paper.pdf"), uses)
    (toy / "paper" / "supplement.typ").touch()
    paper = plan_steps(toy, [], library)[-1]
    assert Path("paper/supplement.typ") in paper.inputs
    made = (Path("paper/paper.pdf"), Path("paper/supplement.pdf"), uses)
    assert paper.products == made
