"""Tell what a verification found on the terminal: a line for each failure and difference."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.verify.run import Verification
from analysis.verify.verdict import Verdict

__all__ = ["to_lines"]

# Of one table or notebook; the report has all.
_LINES_OF_ONE = 5


def to_lines(verification: Verification, *, everything: bool) -> Iterator[str]:
    """Tell what was found, line by line; the last counts the verdicts.

    Parameters
    ----------
    verification
        What was found.
    everything
        Whether to tell each pass too, and each of many differences in one exhibit.
    """
    told: dict[tuple[str, str], int] = {}
    for verdict in verification.verdicts:
        if everything:
            yield str(verdict)
        elif verdict.outcome != "PASS":
            told[_subject(verdict)] = told.get(_subject(verdict), 0) + 1
            if told[_subject(verdict)] <= _LINES_OF_ONE:
                yield str(verdict)
    for (kind, identity), number in told.items():
        if number > _LINES_OF_ONE:
            yield f"… and {number - _LINES_OF_ONE} more of {kind} {identity}; the report has all"
    if verification.failure:
        yield verification.failure
    counts = (f"{verification.count(name)} {name}" for name in ("PASS", "EXPLAINED", "FAIL"))
    yield f"{', '.join(counts)}."


def _subject(verdict: Verdict) -> tuple[str, str]:
    return verdict.kind, verdict.id
