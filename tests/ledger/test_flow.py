"""Flows of rows add up, and name the rows they leave out."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import RunError
from analysis.ledger.assemble import write_ledger, write_numbers
from analysis.ledger.flow import Dropped, RowFlow, read_rows, write_rows
from analysis.ledger.read import read_ledgers

PLACES = st.lists(st.integers(0, 400), unique=True).map(sorted)


@settings(deadline=None)
@given(PLACES)
def test_rows_are_read_as_they_were_written(places):
    assert read_rows(write_rows(places)) == [place + 2 for place in places]


@st.composite
def flows(draw):
    """Draw the fate of each of some rows: used once or more, or one of three reasons."""
    fates = draw(st.lists(st.sampled_from(["used", "again", "a", "b", "c"]), min_size=1))
    places = {why: [i for i, fate in enumerate(fates) if fate == why] for why in "abc"}
    dropped = [Dropped(why, len(of), write_rows(of)) for why, of in places.items() if of]
    again = fates.count("again")
    used = fates.count("used") + again
    return RowFlow(len(fates), tuple(dropped), again, used + again, 1, 1)


@settings(deadline=None)
@given(flows())
def test_rows_in_less_dropped_and_with_repeats_are_observations(flow):
    assert flow.rows_in - flow.rows_dropped + flow.repeated == flow.observations
    assert RowFlow.from_json(json.loads(json.dumps(dataclasses.asdict(flow)))) == flow


@settings(deadline=None)
@given(flows(), st.sampled_from(["rows_in", "repeated", "observations"]))
def test_a_flow_that_does_not_add_up_is_refused(flow, name):
    """Catches a row that is lost without a reason, or counted twice."""
    with pytest.raises(RunError, match="does not add up"):
        dataclasses.replace(flow, **{name: getattr(flow, name) + 1})


def test_listed_rows_are_as_many_as_are_counted():
    with pytest.raises(RunError, match="2 rows are listed, not 3"):
        RowFlow(10, (Dropped("outcome missing", 3, "2-3"),), 0, 7, 1, 1)


def test_flows_are_in_the_ledger_and_not_in_the_paper(tmp_path, write_run):
    flow = RowFlow(10, (Dropped("outcome missing", 3, "2-3 7"),), 0, 7, 2, 2)
    made = {"panel": "panel.csv", "label": "", "line": 11}
    record = write_run(tmp_path, "03_effect", flows={"toy.x": dataclasses.asdict(flow) | made})
    ledger, numbers = tmp_path / "paper/ledger/toy.json", tmp_path / "numbers.json"
    write_ledger(tmp_path, "toy", [record], ledger)
    found = read_ledgers(tmp_path)["toy"].flows["toy.x"]
    assert found.flow == flow
    assert (found.run, found.cell, found.line) == ("03_effect", "cell-04", 11)
    write_numbers([ledger], numbers)
    assert "toy.x" not in numbers.read_text(encoding="utf-8")
