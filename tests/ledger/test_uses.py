"""What is recorded must be used, in a study that the documents treat."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import RunError
from analysis.ledger.assemble import write_ledger
from analysis.ledger.uses import Use, check_used, read_uses, write_uses

MAP, TOTAL = Use("toy-map", "paper", 2), Use("toy.total", "paper", 1)


@pytest.fixture
def recorded(compendium: Path) -> Path:
    record = Path("data/processed/toy/exhibits/02_describe.json")
    write_ledger(compendium, "toy", [record], compendium / "paper/ledger/toy.json")
    return compendium


def test_an_exhibit_that_nobody_uses_is_named_with_its_line(recorded: Path) -> None:
    check_used(recorded, [MAP, TOTAL])
    with pytest.raises(RunError, match=r"toy-map, notebooks/02_describe\.py, line 11: no document"):
        check_used(recorded, [TOTAL])


def test_a_study_that_no_document_treats_is_left_alone(recorded: Path) -> None:
    """Catches a paper that cannot be built once a scholar adds a study of their own."""
    check_used(recorded, [Use("other.total", "paper", 1)])


def test_uses_are_read_as_they_were_written(tmp_path: Path) -> None:
    assert read_uses(tmp_path) == []
    uses = [MAP, Use("toy-map", "supplement", 7), TOTAL]
    write_uses([*uses, TOTAL], tmp_path / "paper" / "uses.json")
    assert read_uses(tmp_path) == sorted(uses)
