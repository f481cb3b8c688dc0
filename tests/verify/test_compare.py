"""Entries compared one by one: what passes, what a tolerance explains, and what fails."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from analysis.ledger.read import Entry
from analysis.ledger.tolerance import LAST_DIGIT, NUMERICAL, PIXELS, tolerance_of_draws
from analysis.verify.compare import compare_entries
from analysis.verify.pictures import same_drawing
from analysis.verify.state import State
from analysis.verify.tables import read_grid
from analysis.verify.verdict import Verdict

MakeEntry = Callable[..., Entry]
MakeState = Callable[..., State]

TABLE = "paper/tables/toy-t"
FIGURE = "paper/figures/toy-f"


def compared(before: State, after: State, check: str = "rerun") -> list[Verdict]:
    return compare_entries(before, after, check)  # type: ignore[arg-type]


def numbers(make_entry: MakeEntry, make_state: MakeState, value: float, **said: object) -> Verdict:
    tolerance = said.pop("tolerance", NUMERICAL)
    old = make_entry(value=0.5, text="0.50", tolerance=tolerance)
    new = make_entry(value=value, text=f"{value:.2f}", tolerance=tolerance)
    check = str(said.pop("check", "rerun"))
    (verdict,) = compared(make_state("a", old), make_state("b", new), check)
    return verdict


def test_the_same_number_passes(make_entry: MakeEntry, make_state: MakeState) -> None:
    assert numbers(make_entry, make_state, 0.5).outcome == "PASS"


def test_a_last_digit_is_explained_by_the_committed_reason(
    make_entry: MakeEntry, make_state: MakeState
) -> None:
    verdict = numbers(make_entry, make_state, 0.5 + 1e-8)
    assert (verdict.outcome, verdict.reason) == ("EXPLAINED", NUMERICAL.reason)
    assert (verdict.committed, verdict.made) == ("0.50 (0.5)", "0.50 (0.50000001)")


def test_draws_have_a_tolerance_of_their_own(make_entry: MakeEntry, make_state: MakeState) -> None:
    draws = tolerance_of_draws(0.01, 200)
    assert numbers(make_entry, make_state, 0.53, tolerance=draws).outcome == "EXPLAINED"
    assert numbers(make_entry, make_state, 0.54, tolerance=draws).outcome == "FAIL"


def test_between_two_runs_here_nothing_may_differ(
    make_entry: MakeEntry, make_state: MakeState
) -> None:
    """Would catch unseeded draws, which their Monte Carlo tolerance would excuse."""
    draws = tolerance_of_draws(0.01, 200)
    verdict = numbers(make_entry, make_state, 0.501, tolerance=draws, check="second run")
    assert verdict.outcome == "FAIL"
    assert verdict.sides == ("first run", "second run")


def test_another_number_fails_with_both_values_and_its_place(
    make_entry: MakeEntry, make_state: MakeState
) -> None:
    told = str(numbers(make_entry, make_state, 0.51))
    assert told.startswith("FAIL      number toy.n: committed 0.50 (0.5), made 0.51; not")
    assert told.endswith("notebooks/02_describe.py, line 40")


def test_a_value_written_another_way_fails(make_entry: MakeEntry, make_state: MakeState) -> None:
    before, after = make_state("a", make_entry()), make_state("b", make_entry(text="100.0"))
    (verdict,) = compared(before, after)
    assert "written another way" in verdict.reason


def test_entries_on_one_side_fail(make_entry: MakeEntry, make_state: MakeState) -> None:
    old, new = make_entry(id="toy.old"), make_entry(id="toy.new")
    gone, added = compared(make_state("a", old), make_state("b", new))
    assert (gone.id, gone.outcome, gone.made) == ("toy.old", "FAIL", "")
    assert (added.id, added.outcome, added.committed) == ("toy.new", "FAIL", "")


def test_what_is_said_of_an_entry_may_not_change(
    make_entry: MakeEntry, make_state: MakeState
) -> None:
    """Would catch a tolerance that was widened after the fact, to let a difference pass."""
    new = make_entry(line=41, cell="cell-05", tolerance=NUMERICAL, unit="cases")
    verdicts = compared(make_state("a", make_entry()), make_state("b", new))
    assert {v.where for v in verdicts} == {"line", "cell", "unit", "tolerance"}
    assert {v.outcome for v in verdicts} == {"FAIL"}


def table(state: State, rows: list[list[str]], note: str = "") -> None:
    path = state.root / f"{TABLE}.json"
    path.parent.mkdir(parents=True)
    content = {"columns": ["Outcome", "Effect"], "rows": rows, "note": note}
    path.write_text(json.dumps(content), encoding="utf-8")


def tables(
    make_entry: MakeEntry, make_state: MakeState, old: list[list[str]], new: list[list[str]]
) -> list[Verdict]:
    entry = make_entry(
        id="toy-t",
        kind="table",
        value=None,
        tolerance=LAST_DIGIT,
        files={f"{TABLE}.json": "hash"},
    )
    before, after = make_state("a", entry), make_state("b", entry)
    table(before, old)
    table(after, new)
    return compared(before, after)


def test_cells_are_named_by_row_and_column(make_entry: MakeEntry, make_state: MakeState) -> None:
    old = [["complaints", "−0.12"], ["satisfied", "0.30"]]
    new = [["complaints", "−0.13"], ["satisfied", "0.40"]]
    first, second = tables(make_entry, make_state, old, new)
    assert first.outcome == "EXPLAINED"
    assert second.outcome == "FAIL"
    assert second.where == f"row 2 ('satisfied'), column 'Effect' of {TABLE}.json"
    assert (second.committed, second.made) == ("0.30", "0.40")


def test_another_number_of_rows_fails(make_entry: MakeEntry, make_state: MakeState) -> None:
    (verdict,) = tables(make_entry, make_state, [["a", "1"]], [["a", "1"], ["b", "2"]])
    assert (verdict.outcome, verdict.committed, verdict.made) == ("FAIL", "1", "2")


def test_a_table_whose_note_alone_was_altered_fails(
    make_entry: MakeEntry, make_state: MakeState
) -> None:
    entry = make_entry(id="toy-t", kind="table", value=None, files={f"{TABLE}.json": "hash"})
    before, after = make_state("a", entry), make_state("b", entry)
    table(before, [["a", "1"]], note="Significant.")
    table(after, [["a", "1"]])
    (verdict,) = compared(before, after)
    assert "what stands around them" in verdict.reason


def figure(state: State, black: int, drawing: str) -> None:
    """Draw a picture of 10,000 pixels, of which the first are black."""
    folder = state.root / "paper" / "figures"
    folder.mkdir(parents=True)
    picture = Image.frombytes("L", (100, 100), bytes(black) + b"\xff" * (10_000 - black))
    buffer = io.BytesIO()
    picture.save(buffer, format="png")
    Path(state.root / f"{FIGURE}.png").write_bytes(buffer.getvalue())
    Path(state.root / f"{FIGURE}.svg").write_text(drawing, encoding="utf-8")


def figures(
    make_entry: MakeEntry, make_state: MakeState, black: int, drawing: str
) -> dict[str, Verdict]:
    files = {f"{FIGURE}.png": "hash", f"{FIGURE}.svg": "hash"}
    entry = make_entry(id="toy-f", kind="figure", value=None, tolerance=PIXELS, files=files)
    before, after = make_state("a", entry), make_state("b", entry)
    figure(before, 0, "<svg><path d='M 1.5 2.5'/></svg>")
    figure(after, black, drawing)
    return {verdict.where: verdict for verdict in compared(before, after)}


def test_few_pixels_are_explained_and_many_are_not(
    make_entry: MakeEntry, make_state: MakeState, tmp_path: Path
) -> None:
    shifted = "<svg><path d='M 1.500001 2.5'/></svg>"
    found = figures(make_entry, make_state, 20, shifted)
    assert {verdict.outcome for verdict in found.values()} == {"EXPLAINED"}
    assert found[f"{FIGURE}.png"].reason.startswith("0.20% of its pixels differ; its lines may")


def test_another_picture_fails_with_the_share_of_pixels(
    make_entry: MakeEntry, make_state: MakeState
) -> None:
    found = figures(make_entry, make_state, 2_500, "<svg><circle r='1'/></svg>")
    assert {verdict.outcome for verdict in found.values()} == {"FAIL"}
    assert found[f"{FIGURE}.png"].reason == "25.00% of its pixels differ, more than 0.20%"


def clipped(name: str, edge: str, used: str | None = None) -> str:
    return (
        f"<svg><path d='M 1.5 2.5' clip-path='url(#{used or name})'/>"
        f"<use xlink:href='#m436bb8315b'/><clipPath id='{name}'><rect x='{edge}'/></clipPath></svg>"
    )


@pytest.mark.parametrize(
    ("made", "same"),
    [
        (clipped("pf4b5039e3e", "7.000001"), True),
        (clipped("pf4b5039e3e", "7.2"), False),
        (clipped("pf4b5039e3e", "7.0", used="m436bb8315b"), False),
    ],
    ids=["other name", "another edge", "clipped by another shape"],
)
def test_names_of_shapes_that_hash_coordinates(made: str, same: bool) -> None:
    """Would catch figures that fail on another processor, whose last digits change every hash."""
    assert same_drawing(clipped("pae7ccb88a5", "7.0"), made) == same


def test_half_a_picture_is_another_picture(make_entry: MakeEntry, make_state: MakeState) -> None:
    """Would catch a broken file that ends the verification instead of failing in it."""
    entry = make_entry(id="toy-f", kind="figure", value=None, files={f"{FIGURE}.png": "hash"})
    before, after = make_state("a", entry), make_state("b", entry)
    for state in (before, after):
        figure(state, 0, "")
    broken = before.root / f"{FIGURE}.png"
    broken.write_bytes(broken.read_bytes()[:60])
    (verdict,) = compared(before, after)
    assert (verdict.outcome, verdict.where) == ("FAIL", f"{FIGURE}.png")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("{", "Expecting property name"),
        ("[]", "has no list indices"),
        ('{"columns": ["n"]}', "has no 'rows'"),
        ('{"columns": 1, "rows": []}', "no text"),
        ('{"columns": ["n"], "rows": 1}', "no text"),
        ('{"columns": ["n"], "rows": [7]}', "no text"),
        ('{"columns": ["n"], "rows": [[1]]}', "no text"),
    ],
)
def test_what_is_no_table_of_texts_cannot_be_read_as_one(
    tmp_path: Path, content: str, found: str
) -> None:
    """Catches a number without quotes, typed by hand, that ends a long run with a traceback."""
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=found):
        read_grid(tmp_path / "a.json")
