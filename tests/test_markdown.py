"""Tables in Markdown: no cell can break its row."""

from analysis.markdown import markdown_table


def test_a_cell_cannot_end_its_column_or_its_row() -> None:
    """Catches a formula or a line break that shifts all cells after it."""
    lines = markdown_table(["name", "rows"], [["a | b\nc", 1_000]], "lr").splitlines()
    assert lines == ["| name | rows |", "|---|---:|", "| a \\| b c | 1000 |"]
