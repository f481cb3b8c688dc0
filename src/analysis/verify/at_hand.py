"""Hold what is committed against itself: nobody edited an exhibit, a number or a copy by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.ledger.assemble import write_numbers
from analysis.pipeline.plan import LEDGERS, NUMBERS
from analysis.study.load import list_studies, load_study
from analysis.verify.state import State
from analysis.verify.verdict import Verdict, of_entry, of_file
from analysis.workspace import file_hash

__all__ = ["check_exhibit_files", "check_numbers", "check_unlisted"]


def check_exhibit_files(state: State) -> Iterator[Verdict]:
    """Compare the files of figures and tables with the hashes in the ledger."""
    for entry in state.entries.values():
        for name, given in entry.files.items():
            verdict = of_entry(entry, "at hand")
            path = state.root / name
            if not path.is_file():
                yield verdict("FAIL", "the file is missing", where=name)
            elif file_hash(path) != given:
                reason = "it is not the file that the run made: it was altered afterwards"
                yield verdict("FAIL", reason, where=name)
            else:
                yield verdict("PASS", where=name)


def check_numbers(state: State, folder: Path, *, whole: bool) -> Iterator[Verdict]:
    """Compare ``paper/numbers.json``, which the paper prints, with the ledgers it is made of.

    Parameters
    ----------
    state
        What is committed.
    folder
        Where it can be made again.
    whole
        Whether `state` has all ledgers, so that `numbers.json` may name nothing else.
    """
    verdict = of_file("numbers of the paper", NUMBERS.as_posix(), "at hand")
    try:
        found = json.loads((state.root / NUMBERS).read_text(encoding="utf-8"))
        printed = {
            kind: {identity: dict(entry) for identity, entry in found[kind].items()}
            for kind in found
        }
        expected = _numbers_again(state, folder)
    except KeyError as missing:
        yield verdict("FAIL", f"it cannot be made of the ledgers: one has no {missing}")
        return
    except (OSError, ValueError, TypeError, AttributeError) as failure:
        yield verdict("FAIL", f"it cannot be read: {type(failure).__name__} {failure}")
        return
    own = {*state.entries, *state.ledgers}
    differing = [
        verdict("FAIL", "it is not what the ledger says", **difference)
        for identity, difference in _differences(expected, printed)
        if whole or identity in own
    ]
    yield from differing or [verdict("PASS")]


def _numbers_again(state: State, folder: Path) -> dict[str, Any]:
    studies = state.root / "notebooks" / "studies"
    described = [load_study(name, studies) for name in list_studies(studies)]
    write_numbers(sorted((state.root / LEDGERS).glob("*.json")), folder / NUMBERS, described)
    content: dict[str, Any] = json.loads((folder / NUMBERS).read_text(encoding="utf-8"))
    return content


def check_unlisted(state: State) -> Iterator[Verdict]:
    """Look for figures and tables that no ledger names; `state` has to have all ledgers."""
    listed = {name for entry in state.entries.values() for name in entry.files}
    for folder in ("paper/figures", "paper/tables"):
        for path in sorted((state.root / folder).glob("[!.]*")):
            name = path.relative_to(state.root).as_posix()
            if name not in listed:
                reason = "it is among the exhibits, and no ledger names it"
                yield of_file("exhibit file", name, "at hand")("FAIL", reason)


def _differences(
    expected: dict[str, Any], printed: dict[str, Any]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Name the id and the attribute of each difference, and both values."""
    for kind in dict.fromkeys([*expected, *printed]):
        entries, others = expected.get(kind, {}), printed.get(kind, {})
        for identity in dict.fromkeys([*entries, *others]):
            entry, other = entries.get(identity, {}), others.get(identity, {})
            for name in dict.fromkeys([*entry, *other]):
                old, new = entry.get(name, ""), other.get(name, "")
                if old != new:
                    values = {"committed": str(old), "made": str(new)}
                    yield identity, {"where": f"{identity}, {name}"} | values
