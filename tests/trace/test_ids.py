"""An id leads back to notebook, cell and line, and forward to what uses it."""

import pytest

from analysis.errors import ParameterError, RunError
from analysis.trace.trace import trace

ATT = "toy.street.complaints.att"


def traced(toy, query):
    [exhibit] = trace(toy.root, query).exhibits
    return exhibit


def states(exhibit):
    return {part.path: part.state for part in exhibit.run.parts}


def test_a_number_leads_to_its_line_and_what_it_was_made_from(toy):
    """Catches an origin that names the wrong place, or calls what is the same changed."""
    found = traced(toy, ATT)
    assert (found.entry.source, found.entry.cell, found.entry.line) == (
        "notebooks/03_effect.py",
        "cell-02",
        5,
    )
    assert found.line_text == 'exhibits.number("street.complaints.att", -0.1304, ".3f")'
    assert found.run.made_from.parameters == {"study": "toy"}
    assert states(found) == {
        "notebooks/03_effect.py": "same",
        "notebooks/studies/toy.toml": "same",
        "requirements.txt": "same",
        "the library's code": "same",
        "data/processed/toy/panel_street.csv": "same",
    }


def test_what_changed_since_is_named(toy):
    """Catches hashes that are printed and not compared; the line may then be another."""
    for path in ("notebooks/03_effect.py", "requirements.txt"):
        with toy.path(path).open("a", encoding="utf-8") as stream:
            stream.write("# later\n")
    toy.path("data", "processed", "toy", "panel_street.csv").unlink()
    found = traced(toy, ATT)
    assert states(found)["notebooks/03_effect.py"] == "changed"
    assert states(found)["requirements.txt"] == "changed"
    assert states(found)["data/processed/toy/panel_street.csv"] == "missing"
    assert states(found)["notebooks/studies/toy.toml"] == "same"
    assert found.line_text is None


def test_another_library_is_seen(toy):
    """Catches a joint hash of the library that is not made as the run made it."""
    source = toy.path("notebooks", "03_effect.py")
    text = source.read_text(encoding="utf-8")
    source.write_text(f"from analysis.recover import run\n{text}", encoding="utf-8")
    assert states(traced(toy, ATT))["the library's code"] == "changed"


def test_uses_are_pages_lines_and_runs_that_read_it(toy):
    uses = traced(toy, ATT).uses
    assert uses.pages == {"paper": (1, 4)}
    assert [(line.path, line.line) for line in uses.lines] == [("paper/paper.typ", 1)]
    assert uses.readers == ("toy/06_summary",)


def test_an_id_that_another_begins_with_is_not_a_use_of_it(toy):
    """Catches a plain search: the README names `toy-effects-old`; a sentence's dot is no part."""
    uses = traced(toy, "toy-effects").uses
    assert [(line.path, line.line) for line in uses.lines] == [("paper/paper.typ", 2)]
    assert uses.readers == ()


def test_committed_files_of_a_figure_are_checked(toy):
    toy.path("paper", "figures", "toy-map.svg").write_text("<svg/>", encoding="utf-8")
    assert traced(toy, "toy-map").files == {
        "paper/figures/toy-map.svg": "changed",
        "paper/figures/toy-map.png": "same",
    }


def test_an_unknown_id_names_the_nearest(toy):
    with pytest.raises(ParameterError, match=r"did you mean toy\.street\.complaints\.att"):
        trace(toy.root, "toy.street.complaint.att")


@pytest.mark.parametrize("cell", ["1:Estimate", "1:2", "Complaints:Estimate"])
def test_a_cell_has_several_addresses(toy, cell):
    found = traced(toy, f"toy-effects:{cell}")
    assert (found.cell.text, found.cell.label, found.cell.head) == (
        "−0.130",
        "Complaints",
        "Estimate",
    )
    assert found.entry.place == "notebooks/06_summary.py, line 5"


def test_a_cell_names_the_numbers_that_its_run_read(toy):
    """The table's notebook only formats; the number was estimated by another."""
    assert [number.id for number in traced(toy, "toy-effects:1:2").numbers] == [ATT]
    assert traced(toy, "toy-effects:2:2").numbers == ()


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("3:Estimate", "rows are numbered from 1 to 2"),
        ("0:Estimate", "it has no row '0'"),
        ("1:Estimat", "did you mean 'Estimate'"),
        ("1", "it has no column ''"),
    ],
)
def test_a_cell_that_is_not_there_says_what_is(toy, cell, words):
    with pytest.raises(ParameterError, match=words):
        trace(toy.root, f"toy-effects:{cell}")


def test_a_readme_in_another_encoding_hides_no_use(toy):
    """Catches a byte that is no UTF-8 and ends the command with a traceback."""
    toy.path("README.md").write_bytes(b"caf\xe9\nsee " + ATT.encode() + b"\n")
    assert ("README.md", 2) in [(use.path, use.line) for use in traced(toy, ATT).uses.lines]


@pytest.mark.parametrize("content", ["{", '{"columns": ["a"], "rows": [[1]]}', '{"rows": []}'])
def test_a_broken_table_is_named(toy, content):
    toy.path("paper", "tables", "toy-effects.json").write_text(content, encoding="utf-8")
    with pytest.raises(RunError, match=r"paper/tables/toy-effects\.json"):
        trace(toy.root, "toy-effects:1:1")
