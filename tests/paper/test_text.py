"""The paper's text takes every result from the record, and every character has a glyph."""

import json
import re
from pathlib import Path

import pytest

PAPER = Path(__file__).parents[2] / "paper"
OF_PAPER = sorted([*PAPER.glob("sections/*.typ"), PAPER / "paper.typ"])
# How the supplement is laid out, in which sizes are typed and nothing is said.
LAYOUT = PAPER / "supplement" / "levels.typ"
OF_SUPPLEMENT = sorted({*PAPER.glob("supplement/*.typ"), PAPER / "supplement.typ"} - {LAYOUT})
SOURCES = [*OF_PAPER, *OF_SUPPLEMENT]

# What may be typed: years, two hotlines' names, an encoding, a licence, the confidence level.
ALLOWED = re.compile(r"^(?:19|20)\d\d$|^12345$|^311$|^18030$|^1\.0$|^95$")


def prose(source: str) -> str:
    """Leave only what a reader sees: no code, no mathematics, no references, no comments."""
    source = re.sub(r"(?m)^\s*//.*$", "", source)
    source = re.sub(r"(?m)^#(import|show|set).*$", "", source)
    source = re.sub(r"```.*?```|`[^`]*`|\$[^$]*\$", " ", source, flags=re.DOTALL)
    source = re.sub(r"#(num|cite|include)\([^)]*\)", " ", source)
    shown = r"#(?:exhibit-(?:figure|table)|(?:figure|table)-here)"
    source = re.sub(shown + r"\((?:[^()]|\([^()]*\))*\)", " ", source)
    return re.sub(r"@[\w:-]+|<[\w:-]+>|\"[^\"]*\.typ\"", " ", source)


def typed_numbers(source: str) -> list[str]:
    found = re.findall(r"\d+(?:[.,]\d+)*", prose(source))
    return [number for number in found if not ALLOWED.match(number)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_result_is_typed_in_the_text(path):
    assert typed_numbers(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("an effect of 0.12 log points", ["0.12"]),
        ('an effect of #num("a.b") log points in 2019', []),
        ('$beta = 2$ and `python3` and @id-1 and #exhibit-figure("a-1", width: 80%)', []),
        ("16 districts", ["16"]),
    ],
)
def test_a_typed_number_is_caught(text, caught):
    assert typed_numbers(text) == caught


def test_every_exhibit_and_number_of_the_paper_is_recorded():
    record = json.loads((PAPER / "numbers.json").read_text(encoding="utf-8"))
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    used = {
        "numbers": re.findall(r'#num\("([^"]+)"\)', text),
        "figures": re.findall(r'#exhibit-figure\("([^"]+)"', text),
        "tables": re.findall(r'#exhibit-table\("([^"]+)"', text),
    }
    assert used["numbers"], "the paper cites no number at all"
    assert used["figures"], "the paper shows no figure at all"
    for kind, names in used.items():
        unknown = sorted(set(names) - set(record[kind]))
        assert not unknown, f"the paper uses {kind} that no notebook records"


def test_the_supplement_leaves_out_what_the_paper_shows_and_nothing_else():
    """Catches an exhibit that moves out of the paper into no other document, or is shown twice."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in OF_PAPER)
    in_paper = set(re.findall(r'#exhibit-(?:figure|table)\("([^"]+)"', text))
    listed = re.search(r"#let shown-in-paper = \((.*?)\n\)", LAYOUT.read_text("utf-8"), re.DOTALL)
    assert listed is not None
    assert set(re.findall(r'"([^"]+)"', listed[1])) == in_paper


def test_every_figure_of_the_paper_has_alternative_text():
    record = json.loads((PAPER / "numbers.json").read_text(encoding="utf-8"))
    short = [name for name, entry in record["figures"].items() if len(entry["alt"]) < 40]
    assert not short, "describe these figures for people who cannot see them"


def test_everything_made_from_the_twin_is_marked_as_simulated():
    record = json.loads((PAPER / "numbers.json").read_text(encoding="utf-8"))
    for name, entry in record["figures"].items():
        if entry["simulated"]:
            picture = (PAPER / "figures" / f"{name}.svg").read_text(encoding="utf-8")
            assert "simulated-mark" in picture, f"{name} does not carry the mark in the picture"
    for name, entry in record["tables"].items():
        if entry["simulated"]:
            cells = (PAPER / "tables" / f"{name}.csv").read_text(encoding="utf-8")
            assert "simulated" in cells, f"{name} does not carry the mark in the file"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_semicolon_is_swallowed(path):
    """Typst reads a semicolon right after a call as its end and does not print it."""
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"#(?:num|cite)\([^)]*\);", text) == []
