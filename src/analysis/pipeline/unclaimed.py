"""Files that no step makes any more: what a run made before is removed, the rest is reported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.errors import Problem, RunError
from analysis.pipeline.records import files_of_record
from analysis.pipeline.sources import MADE
from analysis.pipeline.step import Step

__all__ = ["check_unclaimed", "remove_orphans"]


def remove_orphans(root: Path, plan: Sequence[Step]) -> None:
    """Remove what was made by steps that are no longer in the plan.

    Parameters
    ----------
    root
        The top folder of the compendium.
    plan
        The whole plan, up to date.
    """
    records = {step.record for step in plan}
    kept = _claimed(root, plan)
    for path in sorted((root / "data" / "processed").glob("*/exhibits/*.json")):
        if path.relative_to(root) in records:
            continue
        study, file = path.parts[-3], path.stem
        executed = [Path(f"notebooks/executed/{study}/{file}{end}") for end in (".ipynb", ".html")]
        for orphan in {*files_of_record(path), *executed} - kept:
            (root / orphan).unlink(missing_ok=True)
        path.unlink()
    for ledger in sorted((root / "paper" / "ledger").glob("*.json")):
        if ledger.relative_to(root) not in kept:
            ledger.unlink()


def check_unclaimed(root: Path, plan: Sequence[Step]) -> None:
    """Check that every exhibit in the paper's folders was made by a step of the plan.

    Raises
    ------
    RunError
        Naming the files that no step made.
    """
    claimed = _claimed(root, plan)
    found = (path for folder in MADE for path in sorted((root / folder).rglob("*")))
    problems = [
        Problem("no notebook makes this file", path.as_posix(), "delete it or keep it elsewhere")
        for path in (path.relative_to(root) for path in found if path.is_file())
        if path not in claimed and not any(part.startswith(".") for part in path.parts)
    ]
    if problems:
        raise RunError("there are files among the results that nothing makes", problems)


def _claimed(root: Path, plan: Sequence[Step]) -> set[Path]:
    claimed = {path for step in plan for path in step.products}
    for step in plan:
        if step.record is not None:
            claimed |= {step.record, *files_of_record(root / step.record)}
    return claimed
