"""Hold the files at hand against the hashes of all that the committed runs were made from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analysis.errors import listing
from analysis.ledger.read import Ledger
from analysis.verify.state import State
from analysis.verify.verdict import Check, Verdict, of_file
from analysis.workspace import file_hash

__all__ = ["check_sources", "compare_runs"]

_PROCESSED = Path("data/processed")

# Runs that are named where many are concerned.
_NAMED = 3

# Of a hash that is shown; the whole is in the ledger.
_DIGITS = 12


def check_sources(state: State) -> list[Verdict]:
    """Compare each file that the committed runs were made from with the one at hand.

    These are the notebooks' sources, study files, the lock, the library's code and raw data; and
    the tables and records in between, if a run here left any. Each file that changed is named.
    """
    recorded: dict[tuple[str, str], dict[str, list[str]]] = {}
    for study, ledger in state.ledgers.items():
        for kind, path, given, run in _recorded(ledger):
            if kind != "intermediate" or _was_run_here(state.root, study):
                hashes = recorded.setdefault((kind, path), {})
                hashes.setdefault(given, []).extend([f"{study}/{run}"] if run else [])
    verdicts = [
        _check_source(state.root, kind, path, hashes) for (kind, path), hashes in recorded.items()
    ]
    return [*verdicts, *_check_records(state)]


def compare_runs(committed: State, made: State, check: Check) -> list[Verdict]:
    """Compare what the runs of two states were made from, as far as no file at hand tells.

    Parameters
    ----------
    committed, made
        The states.
    check
        What is compared with what. In a ``rerun``, tables in between may differ: they are not kept
        with the sources, so the exhibits that are made of them are compared instead.
    """
    verdicts: list[Verdict] = []
    for study in dict.fromkeys([*committed.ledgers, *made.ledgers]):
        before, after = committed.ledgers.get(study), made.ledgers.get(study)
        if before is None or after is None:
            there = "it is not made" if after is None else "it is not committed"
            verdicts.append(of_file("ledger", f"paper/ledger/{study}.json", check)("FAIL", there))
            continue
        verdicts += _compare_run_sets(before, after, check)
        verdicts += _compare_code(before, after, check)
        verdicts += _compare_intermediates(before, after, check)
    return verdicts


def _recorded(ledger: Ledger) -> Iterator[tuple[str, str, str, str]]:
    """Name kind, path, hash and run of all that a ledger's runs were made from."""
    for run, made_from in ledger.runs.items():
        yield "notebook source", f"notebooks/{made_from.notebook}.py", made_from.source, run
        yield "study file", f"notebooks/studies/{ledger.study}.toml", made_from.study, run
        yield "lock", "requirements.txt", made_from.lock, run
        for path, given in made_from.inputs.items():
            kind = "intermediate" if Path(path).is_relative_to(_PROCESSED) else "input"
            yield kind, path, given, run
    for path, given in ledger.code.items():
        yield "library code", path, given, ""


def _check_source(root: Path, kind: str, path: str, recorded: dict[str, list[str]]) -> Verdict:
    verdict = of_file(kind, path, "at hand")
    found = file_hash(root / path) if (root / path).is_file() else ""
    others = [given for given in recorded if given != found]
    if not others:
        return verdict("PASS")
    runs = [run for given in others for run in recorded[given]]
    concerned = f"from which {_some(runs)} made" if runs else "with which the exhibits were made"
    values = {"committed": others[0][:_DIGITS], "made": found[:_DIGITS] or "no file"}
    return verdict("FAIL", f"it is not the file {concerned}", **values)


def _check_records(state: State) -> Iterator[Verdict]:
    for study, ledger in state.ledgers.items():
        if not _was_run_here(state.root, study):
            continue
        for run in ledger.runs:
            path = _PROCESSED / study / "exhibits" / f"{run}.json"
            verdict = of_file("intermediate", path.as_posix(), "at hand")
            there = (state.root / path).is_file()
            missing = "the file is missing, though other results of runs are here; run again"
            yield verdict("PASS") if there else verdict("FAIL", missing)


def _was_run_here(root: Path, study: str) -> bool:
    """Say whether tables in between are expected: a fresh clone has none."""
    return (root / _PROCESSED / study).is_dir()


def _compare_run_sets(before: Ledger, after: Ledger, check: Check) -> Iterator[Verdict]:
    for run in dict.fromkeys([*before.runs, *after.runs]):
        verdict = of_file("run", f"{before.study}/{run}", check)
        old, new = before.runs.get(run), after.runs.get(run)
        if old is None or new is None:
            yield verdict("FAIL", "it is not made" if new is None else "it is not committed")
        elif old.parameters != new.parameters:
            values = {"committed": str(dict(old.parameters)), "made": str(dict(new.parameters))}
            yield verdict("FAIL", "its parameters changed", **values)
        else:
            yield verdict("PASS")


def _compare_code(before: Ledger, after: Ledger, check: Check) -> Iterator[Verdict]:
    if before.code and after.code:
        for path in sorted(before.code.keys() ^ after.code.keys()):
            used = "was used and is not any more" if path in before.code else "was not used before"
            yield of_file("library code", path, check)("FAIL", f"the file {used}")
        return
    # A ledger that names no files has one hash for all the code of a run.
    changed = [
        f"{before.study}/{run}"
        for run, made_from in before.runs.items()
        if run in after.runs and after.runs[run].code != made_from.code
    ]
    if changed:
        reason = f"it is not the code with which {_some(changed)} made"
        yield of_file("library code", "src/analysis", check)("FAIL", reason)


def _compare_intermediates(before: Ledger, after: Ledger, check: Check) -> Iterator[Verdict]:
    old, new = (
        {path: given for kind, path, given, _ in _recorded(ledger) if kind == "intermediate"}
        for ledger in (before, after)
    )
    for path in sorted(old.keys() & new.keys()):
        verdict = of_file("intermediate", path, check)
        values = {"committed": old[path][:_DIGITS], "made": new[path][:_DIGITS]}
        if old[path] == new[path]:
            yield verdict("PASS")
        elif check == "second run":
            yield verdict("FAIL", "two runs of the same code on the same data differ", **values)
        else:
            reason = "it is not kept with the sources; the exhibits made of it are compared"
            yield verdict("EXPLAINED", reason, **values)


def _some(runs: list[str]) -> str:
    """Name the first runs, and count the rest: 'a', 'b' and 'c' were, as words before 'made'."""
    unique = list(dict.fromkeys(runs))
    rest = len(unique) - _NAMED
    named = listing(unique)
    if rest > 0:
        named = f"{', '.join(map(repr, unique[:_NAMED]))} and {rest} more"
    return f"{named} {'was' if len(unique) == 1 else 'were'}"
