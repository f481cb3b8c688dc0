"""Read what the site shows: studies, ledgers, uses and the plan; nothing is computed anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.archive.ready import check_ledgers
from analysis.errors import Problem, RunError
from analysis.ledger.read import Entry, Ledger, read_ledgers
from analysis.ledger.uses import Use, read_uses
from analysis.pipeline.code import read_library
from analysis.pipeline.plan import plan_steps
from analysis.pipeline.step import Step
from analysis.study.load import list_studies, load_study
from analysis.study.schema import Study

__all__ = ["Material", "read_material"]

# How many files are named; after a deleted folder there may be hundreds.
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
        If a product of the pipeline is not there, or an exhibit not as the ledger has it.
    """
    folder = root / "notebooks" / "studies"
    studies = tuple(load_study(name, folder) for name in list_studies(folder))
    steps = plan_steps(root, studies, read_library())
    products = [path for step in steps for path in step.products]
    missing = [path.as_posix() for path in products if not (root / path).is_file()]
    _refuse([Problem("it is not there", name) for name in missing], "some are missing")
    _refuse(check_ledgers(root), "some exhibits are not those of the ledgers")
    ledgers = read_ledgers(root)
    uses: dict[str, tuple[Use, ...]] = {}
    for use in sorted(read_uses(root)):
        uses[use.id] = (*uses.get(use.id, ()), use)
    built = [path for step in steps if step.kind == "paper" for path in step.products]
    documents = tuple(root / path for path in built if path.suffix == ".pdf")
    return Material(root, studies, ledgers, uses, steps, documents)


def _refuse(problems: Sequence[Problem], why: str) -> None:
    """Raise an error that names the first problems, and says once what to do."""
    if not problems:
        return
    named = [Problem(problem.what, problem.where) for problem in problems[:NAMED]]
    if len(problems) > NAMED:
        named.append(Problem(f"{len(problems) - NAMED} more"))
    hint = "run first: python3 reproduce.py; then build the site again"
    named[-1] = Problem(named[-1].what, named[-1].where, hint)
    raise RunError(f"the site shows the results of a run, and {why}", named)
