"""Run the checks on a compendium and gather what they found."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import ParameterError, Problem, did_you_mean
from analysis.preflight.finding import Allowed, Finding, Severity
from analysis.preflight.registry import CHECKS, Check
from analysis.preflight.tree import Tree

__all__ = ["Checked", "Preflight", "run_preflight"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check found.

    Attributes
    ----------
    check
        Its row in the registry.
    findings
        In the order of files and lines in which they were met.
    allowed
        Exceptions that it made.
    """

    check: Check
    findings: tuple[Finding, ...]
    allowed: tuple[Allowed, ...]


@dataclass(frozen=True, slots=True)
class Preflight:
    """What all checks found.

    Attributes
    ----------
    checked
        One for each check, in the order of the registry.
    files
        How many files were looked at.
    seconds
        How long it took.
    """

    checked: tuple[Checked, ...]
    files: int
    seconds: float

    def count(self, severity: Severity) -> int:
        """Count the findings of a severity."""
        found = [finding for one in self.checked for finding in one.findings]
        return sum(finding.severity == severity for finding in found)

    def passes(self, *, allow_warnings: bool = False) -> bool:
        """Say whether there is nothing to mend."""
        return not self.count("error") and (allow_warnings or not self.count("warning"))


def run_preflight(root: Path, only: Sequence[str] = ()) -> Preflight:
    """Run the data editors' checks on a compendium; nothing in it is run or changed.

    Parameters
    ----------
    root
        Its top folder. Looked at is what git keeps or would keep, and without git all but caches.
    only
        Names of checks; all if empty.

    Raises
    ------
    ParameterError
        If there is no check of such a name.

    Examples
    --------
    >>> report = run_preflight(Path("."), only=["archives"])
    >>> [one.check.name for one in report.checked]
    ['archives']
    """
    started = time.monotonic()
    names = [check.name for check in CHECKS]
    unknown = [name for name in only if name not in names]
    if unknown:
        problems = [
            Problem("there is no such check", repr(name), did_you_mean(name, names))
            for name in unknown
        ]
        raise ParameterError("the checks cannot be chosen", problems)
    tree = Tree(root)
    chosen = [check for check in CHECKS if not only or check.name in only]
    checked = tuple(_run_one(check, tree) for check in chosen)
    return Preflight(checked, len(tree.files), time.monotonic() - started)


def _run_one(check: Check, tree: Tree) -> Checked:
    found = list(check.find(tree))
    return Checked(
        check,
        tuple(one for one in found if isinstance(one, Finding)),
        tuple(one for one in found if isinstance(one, Allowed)),
    )
