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
    for folder in ("one", "two"):
        build_paper(paper, paper / folder)
    one = (paper / "one/paper/paper.pdf").read_bytes()
    assert one == (paper / "two/paper/paper.pdf").read_bytes()
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
        build_paper(paper, paper / "out")
    assert "- paper/paper.typ, line 6: " in str(caught.value)
    assert "did you mean 'toy.total'?" in str(caught.value)
    assert not (paper / "out").exists()


def test_a_warning_is_an_error(paper: Path) -> None:
    """Typst only warns of a font that is not there, and takes another."""
    add(paper, '#text(font: "No Such Font")[x]')
    with pytest.raises(RunError, match="unknown font family: no such font"):
        build_paper(paper, paper / "out")


def test_a_picture_without_an_alternative_text_is_refused(paper: Path) -> None:
    add(paper, "#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>\"))")
    with pytest.raises(RunError, match="alt"):
        build_paper(paper, paper / "out")


def test_the_page_on_which_an_exhibit_is_used_is_written_down(paper: Path) -> None:
    mark = '#context [#metadata((id: "toy.total", page: here().page())) <use>]'
    add(paper, f"{mark}\n#pagebreak()\n{mark} Twice: {mark}")
    build_paper(paper, paper / "out")
    uses = json.loads((paper / "out/paper/uses.json").read_text(encoding="utf-8"))
    assert uses == {"toy.total": {"paper": [1, 2]}}


def test_a_supplement_is_built_where_there_is_one(paper: Path) -> None:
    """Catches a compendium without one that is asked for it, and uses in it that do not count."""
    build_paper(paper, paper / "without")
    assert not (paper / "without/paper/supplement.pdf").exists()
    mark = '#context [#metadata((id: "toy.total", page: here().page())) <use>]'
    (paper / "paper/supplement.typ").write_text(SOURCE + mark, encoding="utf-8")
    build_paper(paper, paper / "with")
    assert (paper / "with/paper/supplement.pdf").is_file()
    uses = json.loads((paper / "with/paper/uses.json").read_text(encoding="utf-8"))
    assert uses == {"toy.total": {"supplement": [1]}}
