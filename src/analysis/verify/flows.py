"""Compare the flows of rows into results: counts, of which none may differ."""

from __future__ import annotations

from analysis.ledger.read import FlowEntry
from analysis.verify.state import State
from analysis.verify.verdict import Check, Verdict, of_file

__all__ = ["compare_flows"]


def compare_flows(committed: State, made: State, check: Check) -> list[Verdict]:
    """Compare the flows of two states, one by one; see `analysis.verify.compare`."""
    before, after = _flows(committed), _flows(made)
    return [
        _compare(identity, before.get(identity), after.get(identity), check)
        for identity in dict.fromkeys([*before, *after])
    ]


def _compare(identity: str, old: FlowEntry | None, new: FlowEntry | None, check: Check) -> Verdict:
    verdict = of_file("flow of rows", identity, check)
    if old is None or new is None:
        return verdict("FAIL", "it is not made" if new is None else "it is not committed")
    if old == new:
        return verdict("PASS")
    if old.flow == new.flow:
        return verdict("FAIL", "the rows are the same, but not where they are from")
    values = {"committed": str(old.flow), "made": str(new.flow)}
    return verdict("FAIL", "other rows go into the result", **values)


def _flows(state: State) -> dict[str, FlowEntry]:
    return {
        identity: entry
        for ledger in state.ledgers.values()
        for identity, entry in ledger.flows.items()
    }
