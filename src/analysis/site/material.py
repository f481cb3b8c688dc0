"""Read what the site shows: studies, ledgers, uses and the plan; nothing is computed anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import Problem, RunError
from analysis.ledger.read import Entry, Ledger, read_ledgers
from analysis.ledger.uses import Use, read_uses
from analysis.pipeline.code import read_library
from analysis.pipeline.plan import plan_steps
from analysis.pipeline.step import Step
from analysis.study.load import list_studies, load_study
from analysis.study.schema import Study

__all__ = ["Material", "read_material"]

# How many missing files are named; after a deleted folder there may be hundreds.
NAMED = 12


@dataclass(frozen=True, slots=True)
class Material:
    """All that the pages are made from.

    Attributes
    ----------
    root
        The top folder of the compendium.
    studies
        Its studies, in the order of names.
    ledgers
        Study -> its ledger.
    uses
        Exhibit -> where documents use it.
    steps
        The plan of the pipeline.
    documents
        The paper and what else is built with it.
    """

    root: Path
    studies: tuple[Study, ...]
    ledgers: Mapping[str, Ledger]
    uses: Mapping[str, tuple[Use, ...]]
    steps: tuple[Step, ...]
    documents: tuple[Path, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All exhibits, study by study."""
        return tuple(self._entries())

    @property
    def notebook_steps(self) -> tuple[Step, ...]:
        """The notebook runs of the plan, in its order."""
        return tuple(step for step in self.steps if step.kind == "notebook")

    def study(self, name: str) -> Study:
        """Look up a study."""
        return next(study for study in self.studies if study.name == name)

    def processed(self, study: Study, name: str) -> Path:
        """Return the path of one of a study's cleaned tables."""
        return self.root / "data" / "processed" / study.name / name

    def _entries(self) -> Iterator[Entry]:
        for study in self.studies:
            yield from self.ledgers[study.name].entries.values()


def read_material(root: Path) -> Material:
    """Read what the site shows.

    Parameters
    ----------
    root
        The top folder of the compendium, in which a run has finished.

    Raises
    ------
    RunError
        If a product of the pipeline, or a file of an exhibit, is not there.
    """
    folder = root / "notebooks" / "studies"
    studies = tuple(load_study(name, folder) for name in list_studies(folder))
    steps = plan_steps(root, studies, read_library())
    _refuse_missing(root, [path for step in steps for path in step.products])
    ledgers = read_ledgers(root)
    entries = [entry for ledger in ledgers.values() for entry in ledger.entries.values()]
    _refuse_missing(root, [Path(name) for entry in entries for name in entry.files])
    uses: dict[str, tuple[Use, ...]] = {}
    for use in sorted(read_uses(root)):
        uses[use.id] = (*uses.get(use.id, ()), use)
    products = [path for step in steps if step.kind == "paper" for path in step.products]
    documents = tuple(root / path for path in products if path.suffix == ".pdf")
    return Material(root, studies, ledgers, uses, steps, documents)


def _refuse_missing(root: Path, paths: list[Path]) -> None:
    missing = [path.as_posix() for path in paths if not (root / path).is_file()]
    if not missing:
        return
    problems = [Problem("it is not there", name) for name in missing[:NAMED]]
    if len(missing) > NAMED:
        problems.append(Problem(f"{len(missing) - NAMED} more are not there"))
    hint = "run first: python3 reproduce.py; then build the site again"
    last = problems[-1]
    problems[-1] = Problem(last.what, last.where, hint)
    raise RunError("the site shows the results of a run, and some are missing", problems)
