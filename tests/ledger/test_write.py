"""Files of the ledgers: the same content is the same bytes."""

from pathlib import Path

from analysis.ledger.write import write_json


def test_the_order_of_keys_does_not_matter(tmp_path: Path) -> None:
    """Catches ledgers that differ between runs although nothing changed."""
    write_json(tmp_path / "one.json", {"b": {"y": 1, "x": 2}, "a": "未诉先办"})
    write_json(tmp_path / "two.json", {"a": "未诉先办", "b": {"x": 2, "y": 1}})
    written = (tmp_path / "one.json").read_text(encoding="utf-8")
    assert written == (tmp_path / "two.json").read_text(encoding="utf-8")
    assert written.splitlines()[1] == ' "a": "未诉先办",'
    assert written.endswith("}\n")
