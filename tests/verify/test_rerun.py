"""The rerun itself: in a process that sees only the copy, and two times."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.verify.run import Options, verify
from analysis.verify.verdict import Verdict

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("verify")]


def edit(tree: Path, name: str, old: str, new: str) -> None:
    text = (tree / name).read_text(encoding="utf-8")
    assert old in text
    (tree / name).write_bytes(text.replace(old, new).encode())


def test_unseeded_draws_unstable_order_and_edited_code(tree: Path) -> None:
    """One tree with all three, since each rerun takes a while; each is told apart."""
    notebook = "notebooks/02_describe.py"
    edit(tree, notebook, "sum(volumes)", "sum(volumes) + __import__('random').random()")
    edit(tree, notebook, "lines = (", "print([*{'east', 'west', 'north', 'south'}])\nlines = (")
    code = "src/analysis/numerals.py"
    edit(tree, code, 'return text.replace("-", "−")', 'return f"{text}!"')
    said: list[str] = []
    found = verify(tree, Options(only=("toy.total",), twice=True), said.append)
    assert found.failure == ""
    assert any("toy/02_describe" in line or "done" in line for line in said)

    def failed(check: str, kind: str) -> list[Verdict]:
        verdicts = [v for v in found.verdicts if (v.check, v.kind) == (check, kind)]
        return [verdict for verdict in verdicts if verdict.outcome == "FAIL"]

    assert [v.id for v in failed("at hand", "notebook source")] == [notebook]
    assert [v.id for v in failed("rerun", "library code")] == ["src/analysis"]
    # What the edited code of the copy writes, and not the installed one.
    assert any(v.made.endswith(")") and "!" in v.made for v in failed("rerun", "number"))
    assert {v.id for v in failed("second run", "number")} == {"toy.total"}
    copies = failed("second run", "notebook")
    assert {v.id for v in copies} == {"notebooks/executed/toy/02_describe.ipynb"}
    assert any("east" in v.committed for v in copies)


def test_a_failing_notebook_is_no_verdict(tree: Path) -> None:
    edit(tree, "notebooks/02_describe.py", "sum(volumes)", "sum(volume)")
    found = verify(tree, Options(only=("toy.total",)), lambda line: None)
    assert found.exit_code == 2
    assert "NameError" in found.failure
