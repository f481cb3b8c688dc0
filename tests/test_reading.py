"""Files of a run that are broken are named, and nobody sees a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import RunError
from analysis.ledger.uses import read_uses
from analysis.reading import read_object


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'"\xff"'])
def test_what_is_no_object_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a b.json").write_bytes(content)
    with pytest.raises(RunError, match=r"a b\.json: it") as caught:
        read_object(tmp_path, "a b.json")
    assert "reproduce.py" in caught.value.problems[0].hint


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"none\.json: it cannot be read"):
        read_object(tmp_path, "none.json")


@pytest.mark.parametrize(
    "content", ["{", '{"id": 1}', '{"id": {"paper": 1}}', '{"id": {"p": "x"}}']
)
def test_broken_uses_are_named(tmp_path: Path, content: str) -> None:
    """Catches uses of another state that end trace, archive and document with a traceback."""
    (tmp_path / "paper").mkdir()
    (tmp_path / "paper" / "uses.json").write_text(content, encoding="utf-8")
    with pytest.raises(RunError, match=r"paper/uses\.json"):
        read_uses(tmp_path)
