"""Every number in the paper, and every cell of a table in it, leads to notebook, cell and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.ledger.read import read_ledgers
from analysis.ledger.uses import Use, read_uses, write_uses
from analysis.trace.cells import read_table
from analysis.workspace import find_workspace

ROOT = find_workspace(Path(__file__).parent).root


def unresolved(root: Path) -> list[str]:
    """Name what is used and cannot be traced to a line that is there."""
    entries = {e.id: e for ledger in read_ledgers(root).values() for e in ledger.entries.values()}
    found = []
    for identity in sorted({use.id for use in read_uses(root)}):
        entry = entries.get(identity)
        if entry is None or entry.line is None or entry.cell is None:
            found.append(identity)
            continue
        lines = (root / entry.source).read_text(encoding="utf-8").splitlines()
        if not lines[entry.line - 1].strip() or not (root / entry.executed).is_file():
            found.append(identity)
        if entry.kind == "table":
            table = read_table(root, identity)
            if table is None or not table.cells():
                found.append(identity)
    return found


def test_all_of_the_toy_resolves(toy):
    assert unresolved(toy.root) == []


def test_what_does_not_resolve_is_found(toy):
    """Catches a check that cannot fail."""
    uses = read_uses(toy.root)
    write_uses([*uses, Use("toy.gone", "paper", 1)], toy.path("paper", "uses.json"))
    toy.path("paper", "tables", "toy-effects.json").unlink()
    assert unresolved(toy.root) == ["toy-effects", "toy.gone"]


@pytest.mark.skipif(not read_uses(ROOT), reason="the paper has not been built")
def test_all_of_the_paper_resolves():
    assert unresolved(ROOT) == []
