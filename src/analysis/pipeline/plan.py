"""The plan: studies and notebooks expanded into steps, before anything runs.

The plan is data. Each step names all it reads and all it writes, so the engine can tell what is
stale and a reader can see what depends on what.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from analysis.pipeline.code import NOTEBOOK_RUNNER, Library
from analysis.pipeline.documents import (
    DOCUMENTS,
    REPORTS,
    USES,
    document_file,
    documents_of,
    report_files,
)
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
from analysis.pipeline.study_files import (
    cleaned_tables,
    ingested_files,
    panel_file,
    processed_file,
    study_file,
    truth_files,
)
from analysis.study.schema import Study

__all__ = [
    "LEDGERS",
    "NUMBERS",
    "PAPER",
    "plan_level_step",
    "plan_steps",
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
    "ingest": "analysis.tickets.ingest",
    "report": "analysis.pipeline.report",
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

    def code(kind: Kind) -> tuple[Path, ...]:
        return _code_of(root, library, kind)

    ledgers = [_ledger_step(study, notebooks, code("ledger")) for study in studies]
    reports = [
        _report_step(root, study, ledger, code("report"))
        for study, ledger in zip(studies, ledgers, strict=True)
        if study.report
    ]
    in_paper = [study for study in studies if not study.report]
    written = tuple(_ledger(study) for study in in_paper)
    inputs = (*written, *(study_file(study) for study in in_paper))
    numbers = Step("numbers", "numbers", inputs, (), code("numbers"), (NUMBERS,))
    sources = (NUMBERS, *written, LOCK, *_paper_sources(root))
    treated = {study.name for study in in_paper}
    records = tuple(s.record for s in notebooks if s.record is not None and s.study in treated)
    documents = tuple(document_file(name) for name in documents_of(root))
    paper = Step("paper", "paper", sources, records, code("paper"), (*documents, USES))
    return (*notebooks, *ledgers, *reports, numbers, paper)


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
    inputs = [panel_file(study, parameters.level), *truth_files(study)]
    return _notebook_step(root, study, library, notebook, parameters, inputs)


def _plan_study(root: Path, study: Study, library: Library) -> list[Step]:
    raw = _files_below(root, Path("data/raw") / study.name)
    published = _files_below(root, Path("data/raw/published")) if study.published else []
    tables = cleaned_tables(study)

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

    ingested = ingested_files(study)
    clean = step("01_clean", CleanParameters(study.name), [*raw, *ingested], tables=tables)
    described = [*raw, *published, *ingested, *tables]
    describe = step("02_describe", DescribeParameters(study.name), described)
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
    ingest = [_ingest_step(root, study, raw, library)] if study.tickets else []
    return [*ingest, *steps, *sensitivity]


def _ingest_step(root: Path, study: Study, raw: Iterable[Path], library: Library) -> Step:
    return Step(
        name=f"{study.name}/ingest",
        kind="ingest",
        inputs=(study_file(study), LOCK, *raw),
        records=(),
        code=_code_of(root, library, "ingest"),
        products=ingested_files(study),
        study=study.name,
    )


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
        products=(_ledger(study),),
        study=study.name,
    )


def _report_step(root: Path, study: Study, ledger: Step, code: tuple[Path, ...]) -> Step:
    sources = (*ledger.products, study_file(study), LOCK, *_paper_sources(root))
    return Step(
        name=f"{study.name}/report",
        kind="report",
        inputs=sources,
        records=ledger.records,
        code=code,
        products=report_files(study.name),
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
        inputs=tuple(dict.fromkeys([source, study_file(study), LOCK, *inputs, *resources])),
        records=tuple(records),
        code=_files(root, library, used | library.used_by([PERFORMED_BY["notebook"]])),
        products=(
            executed.with_name(f"{file}.ipynb"),
            executed.with_name(f"{file}.html"),
            *tables,
        ),
        record=processed_file(study, "exhibits", f"{file}.json"),
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


def _ledger(study: Study) -> Path:
    return LEDGERS / f"{study.name}.json"


def _code_of(root: Path, library: Library, kind: Kind) -> tuple[Path, ...]:
    return _files(root, library, library.used_by([PERFORMED_BY[kind]]))


def _paper_sources(root: Path) -> list[Path]:
    made = [Path("paper/figures"), Path("paper/tables"), LEDGERS, REPORTS, NUMBERS, *PAPER, *ABOUT]
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
