"""Say why each step is stale, without running anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pytask import ExecutionReport, PTask, TaskOutcome, hookimpl

from analysis.errors import listing
from analysis.pipeline.engine import look_at_all
from analysis.pipeline.environment import enter_environment
from analysis.pipeline.graph import predecessors
from analysis.pipeline.run import whole_plan
from analysis.pipeline.staging import only_run
from analysis.pipeline.step import Step

__all__ = ["Explanation", "count_verdicts", "explain"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the next run would do with one step.

    Attributes
    ----------
    step
        The step.
    reasons
        Why it would run; empty if it is up to date.
    after
        Steps before it that would run. If these are the only reason, it runs only if their
        products change.
    """

    step: Step
    reasons: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """``stale``, ``perhaps`` (it waits for a step before it) or ``up to date``."""
        if self.reasons:
            return "stale"
        return "perhaps" if self.after else "up to date"

    def __str__(self) -> str:
        lines = [f"{self.step.name}: {self.verdict}"]
        lines += [f"  - {reason}" for reason in self.reasons]
        if self.after and not self.reasons:
            more = f" or {len(self.after) - 3} more" if len(self.after) > 3 else ""
            lines.append(f"  - if what {listing(self.after[:3])}{more} made changes")
        return "\n".join(lines)


def explain(root: Path) -> tuple[Explanation, ...]:
    """Compare every step with its state after the last run.

    Parameters
    ----------
    root
        The top folder of the compendium.

    Returns
    -------
    tuple of Explanation
        In the order of the plan.

    Raises
    ------
    CompendiumError
        If a study is not valid.
    """
    enter_environment(root)
    plan = whole_plan(root)
    with only_run(root) as run_folder:
        session = look_at_all(plan, root, run_folder, plugin=_EachOnItsOwn())
    reports = {report.task.name: report for report in session.execution_reports}
    before = predecessors(plan)
    found: dict[str, Explanation] = {}
    for step in plan:
        waits = (name for name in before[step.name] if found[name].verdict != "up to date")
        found[step.name] = Explanation(step, _reasons(reports[step.name]), tuple(waits))
    return tuple(found.values())


class _EachOnItsOwn:
    """Let the engine look at each step, also after one that would run; it would stop there."""

    @hookimpl(tryfirst=True)
    def pytask_execute_task_setup(self, task: PTask) -> None:
        """Forget what was concluded from the steps before."""
        inherited = {"would_be_executed", "skip_ancestor_failed"}
        task.markers = [mark for mark in task.markers if mark.name not in inherited]


def _reasons(report: ExecutionReport) -> tuple[str, ...]:
    if report.outcome == TaskOutcome.SKIP_UNCHANGED:
        return ()
    if report.outcome != TaskOutcome.WOULD_BE_EXECUTED:
        return ("it reads a file that is not there yet",)
    reasons = report.task.attributes["explanation"].reasons
    if any(reason.node_type == "source" and reason.reason == "not_in_db" for reason in reasons):
        return ("it has not run here yet",)
    return tuple(sorted(_say(reason.node_name, reason.reason) for reason in reasons))


def _say(name: str, reason: str) -> str:
    match name, reason:
        case "step", _:
            return "its parameters changed"
        case _, "changed" if "/exhibits/" in name:
            return f"{name}, or an exhibit that it lists, changed"
        case _, "missing":
            return f"{name} is missing"
        case _, "not_in_db":
            return f"{name} is new to it"
        case _:
            return f"{name} changed"


def count_verdicts(explanations: Sequence[Explanation]) -> str:
    """Sum up in one line."""
    counted = {
        verdict: sum(e.verdict == verdict for e in explanations)
        for verdict in ("stale", "perhaps", "up to date")
    }
    return ", ".join(f"{count} {verdict}" for verdict, count in counted.items() if count)
