"""One state of the compendium: the ledgers of one tree, whole or cut to what was asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.errors import ParameterError, Problem, did_you_mean
from analysis.ledger.read import Entry, Ledger, read_ledgers
from analysis.study.load import list_studies

__all__ = ["State", "read_state"]


@dataclass(frozen=True, slots=True)
class State:
    """What was made in one tree.

    Attributes
    ----------
    root
        Its top folder.
    ledgers
        Study -> ledger.
    """

    root: Path
    ledgers: dict[str, Ledger]

    @property
    def entries(self) -> dict[str, Entry]:
        """All entries of all ledgers, by id."""
        return {
            identity: entry
            for ledger in self.ledgers.values()
            for identity, entry in ledger.entries.items()
        }

    def restricted_to(self, entries: Collection[str]) -> State:
        """Keep only these entries and the runs that made them."""
        ledgers = {study: _restrict(ledger, entries) for study, ledger in self.ledgers.items()}
        return State(self.root, {name: kept for name, kept in ledgers.items() if kept.entries})


def read_state(root: Path, studies: Collection[str] = (), only: Collection[str] = ()) -> State:
    """Read what is committed.

    Parameters
    ----------
    root
        The top folder of the compendium.
    studies
        Only these studies; all if none is given.
    only
        Only these exhibits, by id.

    Raises
    ------
    ParameterError
        If there is no such study or exhibit; the nearest name is given.
    RunError
        If a ledger cannot be read.
    """
    ledgers = read_ledgers(root)
    known = [*list_studies(root / "notebooks" / "studies"), *ledgers]
    _refuse_unknown(studies, known, "--study", "study")
    state = State(root, {n: ledger for n, ledger in ledgers.items() if not studies or n in studies})
    _refuse_unknown(only, State(root, ledgers).entries, "--only", "exhibit")
    _refuse_others(only, state)
    return state.restricted_to(only) if only else state


def _refuse_unknown(names: Iterable[str], known: Iterable[str], option: str, what: str) -> None:
    known = set(known)
    problems = [
        Problem(f"there is no {what} {name!r}", option, did_you_mean(name, known))
        for name in names
        if name not in known
    ]
    if problems:
        raise ParameterError("nothing was verified", problems)


def _refuse_others(names: Iterable[str], state: State) -> None:
    what = "this exhibit is of a study that --study does not name"
    others = [name for name in names if name not in state.entries]
    if others:
        problems = [Problem(what, name, "leave --study out") for name in others]
        raise ParameterError("nothing was verified", problems)


def _restrict(ledger: Ledger, entries: Collection[str]) -> Ledger:
    kept = {identity: entry for identity, entry in ledger.entries.items() if identity in entries}
    runs = {entry.run for entry in kept.values()}
    # Which of the library's files these runs use is not recorded, only their joint hash.
    return replace(
        ledger,
        entries=kept,
        code={},
        flows={},
        runs={name: made_from for name, made_from in ledger.runs.items() if name in runs},
    )
