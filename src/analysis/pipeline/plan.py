"""The plan: studies and notebooks expanded into steps, before anything runs.

The plan is data. Each step names all it reads and all it writes, so the engine can tell what is
stale and a reader can see what depends on what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from analysis.errors import Problem, RunError, did_you_mean, listing
from analysis.pipeline.code import NOTEBOOK_RUNNER, Library
from analysis.pipeline.documents import DOCUMENTS, USES, document_file, documents_of
from analysis.pipeline.parameters import (
    CleanParameters,
    DescribeParameters,
    EffectParameters,
    LevelParameters,
    Parameters,
    RecoveryParameters,
    RobustnessParameters,
    SensitivityParameters,
    SummaryParameters,
)
from analysis.pipeline.step import Kind, Step
from analysis.study.schema import Study

__all__ = [
    "LEDGERS",
    "NUMBERS",
    "PAPER",
    "check_inputs",
    "plan_level_step",
    "plan_steps",
    "select_steps",
]

LEDGERS = Path("paper/ledger")
NUMBERS = Path("paper/numbers.json")
# All that is made where every document has its source.
PAPER = (*(document_file(name) for name in DOCUMENTS), USES)
# Written after a run, and no part of the documents.
ABOUT = (Path("paper/exhibits.md"), Path("paper/runtime.json"))
LOCK = Path("requirements.txt")

# What a module of the library reads besides the data it is given.
RESOURCES = {"analysis.figures.fonts": Path("paper/fonts")}

# The module that carries out each kind of step; an edit of what it uses makes the step stale too.
PERFORMED_BY: dict[Kind, str] = {
    "notebook": NOTEBOOK_RUNNER,
    "ledger": "analysis.ledger.assemble",
    "numbers": "analysis.ledger.assemble",
    "paper": "analysis.pipeline.paper",
}


def plan_steps(root: Path, studies: Sequence[Study], library: Library) -> tuple[Step, ...]:
    """Expand studies into all steps from raw data to the paper.

    Parameters
    ----------
    root
        The top folder of the compendium.
    studies
        All its studies.
    library
        The import graph of the library, from which the code of each step is read.

    Returns
    -------
    tuple of Step
        In an order in which they could run one after the other.
    """
    notebooks = [step for study in studies for step in _plan_study(root, study, library)]
    records = tuple(step.record for step in notebooks if step.record is not None)

    def code(kind: Kind) -> tuple[Path, ...]:
        return _files(root, library, library.used_by([PERFORMED_BY[kind]]))

    ledgers = [_ledger_step(study, notebooks, code("ledger")) for study in studies]
    written = tuple(path for ledger in ledgers for path in ledger.products)
    described = tuple(_study_file(study) for study in studies)
    inputs = (*written, *described)
    numbers = Step("numbers", "numbers", inputs, (), code("numbers"), (NUMBERS,))
    sources = (NUMBERS, *written, LOCK, *_paper_sources(root))
    documents = tuple(document_file(name) for name in documents_of(root))
    paper = Step("paper", "paper", sources, records, code("paper"), (*documents, USES))
    return (*notebooks, *ledgers, numbers, paper)


def plan_level_step(
    root: Path, study: Study, library: Library, notebook: str, parameters: LevelParameters
) -> Step:
    """Plan one run of a notebook about an outcome of a level, whether the study asks for it or not.

    Parameters
    ----------
    root, library
        See `plan_steps`.
    study
        The study.
    notebook, parameters
        What is run, with which parameters.
    """
    inputs = [_panel(study, parameters.level), *_truth(study)]
    return _notebook_step(root, study, library, notebook, parameters, inputs)


def _plan_study(root: Path, study: Study, library: Library) -> list[Step]:
    raw = _files_below(root, Path("data/raw") / study.name)
    published = _files_below(root, Path("data/raw/published")) if study.published else []
    tables = _cleaned_tables(study)

    def step(
        notebook: str,
        parameters: Parameters,
        inputs: Iterable[Path],
        *,
        tables: Iterable[Path] = (),
        records: Iterable[Path] = (),
    ) -> Step:
        return _notebook_step(
            root, study, library, notebook, parameters, inputs, tables=tables, records=records
        )

    def of_level(notebook: str, parameters: LevelParameters) -> Step:
        return plan_level_step(root, study, library, notebook, parameters)

    clean = step("01_clean", CleanParameters(study.name), raw, tables=tables)
    describe = step("02_describe", DescribeParameters(study.name), [*raw, *published, *tables])
    effects, checks, sensitivity = [], [], []
    for level in study.level:
        for outcome in level.outcomes:
            name = (study.name, level.name, outcome)
            effects.append(of_level("03_effect", EffectParameters(*name)))
        for outcome in level.robustness:
            name = (study.name, level.name, outcome)
            checks.append(of_level("04_robustness", RobustnessParameters(*name)))
            sensitivity.append(of_level("07_sensitivity", SensitivityParameters(*name)))
    steps = [clean, describe, *effects, *checks]
    if study.truth:
        steps.append(step("05_recovery", RecoveryParameters(study.name), []))
    records = [effect.record for effect in effects if effect.record is not None]
    steps.append(step("06_summary", SummaryParameters(study.name), [], records=records))
    return [*steps, *sensitivity]


def _ledger_step(study: Study, notebooks: Iterable[Step], code: tuple[Path, ...]) -> Step:
    own = [step for step in notebooks if step.study == study.name and step.record is not None]
    inputs = [path for step in own for path in (step.inputs[0], step.products[0])]
    return Step(
        name=f"{study.name}/ledger",
        kind="ledger",
        inputs=tuple(dict.fromkeys(inputs)),
        records=tuple(step.record for step in own if step.record is not None),
        # It names all the code that its exhibits were made with.
        code=tuple(sorted({*code, *(path for step in own for path in step.code)})),
        products=(LEDGERS / f"{study.name}.json",),
        study=study.name,
    )


def _notebook_step(
    root: Path,
    study: Study,
    library: Library,
    notebook: str,
    parameters: Parameters,
    inputs: Iterable[Path],
    *,
    tables: Iterable[Path] = (),
    records: Iterable[Path] = (),
) -> Step:
    source = Path("notebooks", f"{notebook}.py")
    used = frozenset[str]()
    if (root / source).is_file():
        used = library.used_by_notebook(root / source)
    resources = [
        file
        for module, folder in RESOURCES.items()
        if module in used
        for file in _files_below(root, folder)
    ]
    file = f"{notebook}-{parameters.run}" if parameters.run else notebook
    executed = Path("notebooks/executed", study.name, file)
    return Step(
        name=f"{study.name}/{file}",
        kind="notebook",
        inputs=tuple(dict.fromkeys([source, _study_file(study), LOCK, *inputs, *resources])),
        records=tuple(records),
        code=_files(root, library, used | library.used_by([PERFORMED_BY["notebook"]])),
        products=(
            executed.with_name(f"{file}.ipynb"),
            executed.with_name(f"{file}.html"),
            *tables,
        ),
        record=_processed(study, "exhibits", f"{file}.json"),
        study=study.name,
        notebook=notebook,
        parameters=tuple(asdict(parameters).items()),
        subtitle=_subtitle(study, parameters),
    )


def _subtitle(study: Study, parameters: Parameters) -> str:
    parts = [study.title_en]
    match parameters:
        case LevelParameters(level=level, outcome=outcome):
            parts += [study.get_level(level).title_en, outcome.replace("_", " ")]
    match study.access:
        case "simulated":
            parts.append("Simulated")
        case "restricted":
            parts.append("Restricted data, not for publication")
    return " · ".join(parts)


def _study_file(study: Study) -> Path:
    return Path("notebooks/studies", f"{study.name}.toml")


def _cleaned_tables(study: Study) -> tuple[Path, ...]:
    panels = [_panel(study, level.name) for level in study.level]
    return (*panels, _processed(study, "cleaning_ledger.csv"), *_truth(study))


def _truth(study: Study) -> list[Path]:
    return [_processed(study, "truth.csv")] if study.truth else []


def _panel(study: Study, level: str) -> Path:
    return _processed(study, f"panel_{level}.csv")


def _processed(study: Study, *parts: str) -> Path:
    return Path("data", "processed", study.name, *parts)


def _paper_sources(root: Path) -> list[Path]:
    made = [Path("paper/figures"), Path("paper/tables"), LEDGERS, NUMBERS, *PAPER, *ABOUT]
    return [
        path
        for path in _files_below(root, Path("paper"))
        if not any(path.is_relative_to(place) for place in made)
    ]


def _files_below(root: Path, folder: Path) -> list[Path]:
    # Hidden files are an editor's or the operating system's.
    found = (path for path in (root / folder).rglob("*") if path.is_file())
    below = (path.relative_to(root) for path in found)
    return sorted(path for path in below if not any(part.startswith(".") for part in path.parts))


def _files(root: Path, library: Library, modules: Iterable[str]) -> tuple[Path, ...]:
    paths = [library.file(module) for module in sorted(modules)]
    return tuple(p.relative_to(root) if p.is_relative_to(root) else p for p in paths)


def select_steps(steps: Sequence[Step], wanted: Callable[[Step], bool]) -> tuple[Step, ...]:
    """Keep the steps that are wanted and every step that they depend on.

    Parameters
    ----------
    steps
        A whole plan.
    wanted
        Says of a step whether it is wanted.
    """
    maker = {path: step for step in steps for path in (*step.products, step.record)}
    kept: dict[str, Step] = {}
    waiting = [step for step in steps if wanted(step)]
    while waiting:
        step = waiting.pop()
        kept[step.name] = step
        needed = (maker.get(path) for path in (*step.inputs, *step.records))
        waiting += [other for other in needed if other is not None and other.name not in kept]
    return tuple(step for step in steps if step.name in kept)


def check_inputs(root: Path, steps: Sequence[Step]) -> None:
    """Check that every file that no step makes is there.

    Raises
    ------
    RunError
        Naming each missing file, the steps that need it and the file that it may be meant for.
    """
    made = {path for step in steps for path in step.products}
    needed: dict[Path, list[str]] = {}
    for step in steps:
        for path in step.inputs:
            if path not in made and not (root / path).is_file():
                needed.setdefault(path, []).append(step.name)
    problems = []
    for path, names in needed.items():
        folder = (root / path).parent
        present = [file.name for file in folder.glob("*")] if folder.is_dir() else []
        what = f"the file is missing; {listing(names[:3])} need it"
        problems.append(Problem(what, path.as_posix(), did_you_mean(path.name, present)))
    if problems:
        raise RunError("the run cannot start", problems)
