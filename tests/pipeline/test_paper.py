"""The paper: the same bytes twice, and errors that name the id, the font or the line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.errors import RunError
from analysis.pipeline.paper import build_paper

SOURCE = """\
#let record = json("numbers.json")
#set document(title: "Toy")
#set text(lang: "en")
= Toy
#record.numbers.at("toy.total").text
"""


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    (tmp_path / "paper").mkdir()
    record = {"figures": {}, "numbers": {"toy.total": {"text": "100"}}, "tables": {}}
    (tmp_path / "paper/numbers.json").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "paper/paper.typ").write_text(SOURCE, encoding="utf-8")
    return tmp_path


def add(root: Path, text: str) -> None:
    with (root / "paper/paper.typ").open("a", encoding="utf-8") as stream:
        stream.write(text)


def test_the_paper_is_the_same_bytes_twice(paper: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        build_paper(paper, paper / name)
    one = (paper / "one.pdf").read_bytes()
    assert one == (paper / "two.pdf").read_bytes()
    assert b"pdfaid" in one  # it declares itself as PDF/A


@pytest.mark.parametrize(
    "use",
    [
        '#record.numbers.at("toy.totl").text',
        """#panic("the paper uses numbers 'toy.totl', which no notebook records")""",
    ],
)
def test_an_id_that_nobody_records_is_named(
    paper: Path, use: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(paper, use)
    (paper / ".cache" / "engine").mkdir(parents=True)
    monkeypatch.chdir(paper / ".cache" / "engine")  # where the engine's workers are
    with pytest.raises(RunError, match=r"no notebook records 'toy\.totl'") as caught:
        build_paper(paper, paper / "out.pdf")
    assert "- paper/paper.typ, line 6: " in str(caught.value)
    assert "did you mean 'toy.total'?" in str(caught.value)
    assert not (paper / "out.pdf").exists()


def test_a_warning_is_an_error(paper: Path) -> None:
    """Typst only warns of a font that is not there, and takes another."""
    add(paper, '#text(font: "No Such Font")[x]')
    with pytest.raises(RunError, match="unknown font family: no such font"):
        build_paper(paper, paper / "out.pdf")


def test_a_picture_without_an_alternative_text_is_refused(paper: Path) -> None:
    add(paper, "#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>\"))")
    with pytest.raises(RunError, match="alt"):
        build_paper(paper, paper / "out.pdf")
