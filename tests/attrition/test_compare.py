"""Why two results have different numbers of observations: all differences add up."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.attrition.account import compare_results
from analysis.attrition.compare import compare_flows
from analysis.errors import ParameterError
from analysis.ledger.flow import Dropped, RowFlow, read_rows, write_rows
from analysis.ledger.read import FlowEntry

FATES = st.lists(
    st.tuples(*[st.sampled_from(["used", "again", "a", "b", "c"])] * 2), min_size=1, max_size=60
)


def entry(fates, panel="panel.csv"):
    places = {why: [i for i, fate in enumerate(fates) if fate == why] for why in "abc"}
    dropped = tuple(Dropped(why, len(of), write_rows(of)) for why, of in places.items() if of)
    again = fates.count("again")
    out = fates.count("used") + 2 * again
    flow = RowFlow(len(fates), dropped, again, out, 1, 1)
    return FlowEntry("toy.x", "toy", "run", "03_effect", None, None, "", panel, flow)


@settings(deadline=None)
@given(FATES)
def test_every_row_and_every_observation_is_accounted_for(tmp_path_factory, fates):
    """Catches rows that are in two parts or in none, and differences that do not add up."""
    first, second = ([pair[place] for pair in fates] for place in (0, 1))
    one, other = entry(first), entry(second)
    found = compare_flows(tmp_path_factory.getbasetemp(), one, other, None)
    adds = sum(difference.adds for difference in found.differences)
    assert one.flow.observations + adds == other.flow.observations
    sizes = [sum(part.count for part in side) for side in (found.only_first, found.only_second)]
    assert found.both + sum(sizes) + found.neither == len(fates)
    assert found.both + sizes[0] == one.flow.rows_in - one.flow.rows_dropped
    used = {"used", "again"}
    for side, mine, theirs in ((found.only_first, 0, 1), (found.only_second, 1, 0)):
        for part in side:
            rows = [i for i, f in enumerate(fates) if f[mine] in used and f[theirs] == part.reason]
            assert read_rows(part.rows) == [row + 2 for row in rows]
            assert part.count == len(rows)


def test_equal_counts_can_hide_different_rows(root):
    """Catches a comparison of counts alone: both lose two rows as missing, but not the same."""
    found = compare_results(root, "toy.street.complaints.twfe", "toy.street.complaints.stacked")
    assert "outcome missing" not in [one.reason for one in found.differences]
    assert [(one.reason, one.rows, one.examples) for one in found.only_first] == [
        ("outcome missing", "4", ("u4 2024-04",)),
        ("in no window", "9-11", ("u9 2024-09", "u10 2024-10", "u11 2024-11")),
    ]
    assert [(one.reason, one.rows) for one in found.only_second] == [
        ("outcome missing", "2"),
        ("zero outcome", "7"),
    ]
    assert (found.both, found.neither) == (3, 1)


def test_rows_of_another_panel_are_not_named(root):
    """Catches names read from a panel that has changed since, where other rows stand."""
    with (root / "data/processed/toy/panel_street.csv").open("a", encoding="utf-8") as stream:
        stream.write("u12,2024-12,5\n")
    found = compare_results(root, "toy.street.complaints.twfe", "toy.street.complaints.stacked")
    assert [one.examples for one in found.only_first] == [(), ()]


def test_checks_are_compared_by_reason_alone(root):
    found = compare_results(root, "toy.street.complaints.twfe", "toy.street.complaints.check.01")
    assert found.both is None
    assert sum(one.adds for one in found.differences) == 6 - 7


def test_results_on_different_panels_share_no_rows(tmp_path):
    one, other = entry(["used", "a"]), entry(["used", "used", "b"], panel="other.csv")
    found = compare_flows(tmp_path, one, other, None)
    assert found.both is None
    assert [(each.reason, each.adds) for each in found.differences] == [
        ("rows of the panel", 1),
        ("a", 1),
        ("b", -1),
    ]


def test_an_unknown_result_names_the_nearest(root):
    with pytest.raises(ParameterError, match=r"did you mean 'toy\.street\.complaints\.twfe'"):
        compare_results(root, "toy.street.complaints.twf", "toy.street.complaints.stacked")


def test_many_rows_do_not_take_long(tmp_path):
    """Catches work that grows with the square of the rows, which would never end here."""
    halves = [["used", "a"] * 50_000, ["b", "used"] * 50_000]
    one, other = (dataclasses.replace(entry(half), id=str(i)) for i, half in enumerate(halves))
    found = compare_flows(tmp_path, one, other, None)
    assert (found.both, found.neither) == (0, 0)
