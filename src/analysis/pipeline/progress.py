"""Tell how a run goes: one line for each step that ended, and what is running now."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from pytask import ExecutionReport, TaskOutcome, hookimpl
from rich.console import Console
from rich.status import Status

__all__ = ["Progress", "StepReport"]


@dataclass(frozen=True, slots=True)
class StepReport:
    """How one step ended.

    Attributes
    ----------
    name
        The step.
    outcome
        ``done``, ``up to date``, ``failed`` or ``not reached`` (a step before it failed).
    seconds
        How long it took.
    error
        The exception of a failed step, and its traceback as text.
    """

    name: str
    outcome: str
    seconds: float
    error: BaseException | None = None
    traceback: str = ""


_OUTCOMES = {
    TaskOutcome.SUCCESS: "done",
    TaskOutcome.SKIP_UNCHANGED: "up to date",
    TaskOutcome.FAIL: "failed",
    TaskOutcome.SKIP_PREVIOUS_FAILED: "not reached",
}


@dataclass
class Progress:
    """A plugin of the engine that reports on the terminal.

    Attributes
    ----------
    total
        How many steps the plan has.
    console
        Where to.
    reports
        What was reported so far.
    """

    total: int
    console: Console
    reports: list[StepReport] = field(default_factory=list)
    _started: dict[str, float] = field(default_factory=dict)
    _status: Status | None = None

    def __enter__(self) -> Progress:
        self._status = self.console.status("")
        if self.console.is_terminal:
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._status is not None:
            self._status.stop()

    @hookimpl(tryfirst=True)
    def pytask_execute_task_log_start(self, task: Any) -> None:
        """Note when a step began."""
        self._started[task.name] = time.monotonic()
        self._show_running()

    @hookimpl(tryfirst=True)
    def pytask_execute_task_log_end(self, report: ExecutionReport) -> None:
        """Report how a step ended."""
        name = report.task.name
        seconds = time.monotonic() - self._started.pop(name)
        outcome = _OUTCOMES.get(report.outcome, str(report.outcome))
        error, traceback = _failure(report) if outcome == "failed" else (None, "")
        self.reports.append(StepReport(name, outcome, seconds, error, traceback))
        if outcome in {"done", "failed"}:
            mark, count = ("✓" if outcome == "done" else "✗"), f"{len(self.reports):>3}"
            self.console.print(
                f"{mark} {count}/{self.total} {name:<56} {seconds:5.1f} s",
                style="red" if outcome == "failed" else None,
                highlight=False,
                markup=False,
            )
        self._show_running()

    def _show_running(self) -> None:
        if self._status is not None:
            self._status.update(", ".join(self._started) or "…")


def _failure(report: ExecutionReport) -> tuple[BaseException | None, str]:
    if report.exc_info is None:
        return None, ""
    _, error, traceback = report.exc_info
    # Worker processes send the traceback as text.
    return error, traceback if isinstance(traceback, str) else ""
