"""The codebook is what the contract says, and the committed copy is up to date."""

from __future__ import annotations

from pathlib import Path

from analysis.contract.codebook import codebook
from analysis.contract.columns import COLUMNS
from analysis.contract.measures import MEASURES
from analysis.tickets.contract import TICKET_COLUMNS
from analysis.workspace import find_workspace


def test_every_column_and_measure_is_described():
    """Catches a column that the contract has and the codebook leaves out."""
    lines = codebook().splitlines()
    for declared in [*COLUMNS, *MEASURES, *TICKET_COLUMNS]:
        row = [line for line in lines if line.startswith(f"| `{declared.name}` |")]
        assert row, declared.name
        assert any(declared.label_zh in line for line in row)


def test_every_row_of_a_table_has_as_many_cells_as_its_head():
    """Catches a bar in a formula that would break the table."""
    head = ""
    for line in codebook().splitlines():
        if not line.startswith("|"):
            head = ""
            continue
        head = head or line
        assert line.replace("\\|", "").count("|") == head.count("|"), line


def test_committed_codebook_is_up_to_date():
    """Catches a change of the contract that does not reach `data/README.md`."""
    path = find_workspace(Path(__file__).parent).root / "data" / "README.md"
    assert path.read_text(encoding="utf-8") == codebook(), (
        "write analysis.contract.codebook.codebook() to data/README.md"
    )
