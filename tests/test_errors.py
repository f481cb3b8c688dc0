"""The messages themselves: what, where, and what to do."""

import pickle

from analysis.errors import DataError, Problem, did_you_mean


def test_a_message_lists_every_problem_with_place_and_hint():
    error = DataError("bad file", [Problem("no rows", "a.csv", "add one"), Problem("odd", "b.csv")])
    assert str(error) == ("bad file\n  - a.csv: no rows\n    Hint: add one\n  - b.csv: odd")


def test_an_error_survives_the_way_home_from_a_worker_process():
    error = DataError("bad file", [Problem("no rows", "a.csv")])
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.problems) == (DataError, str(error), error.problems)


def test_a_data_error_can_be_caught_as_the_builtin_a_caller_expects():
    assert issubclass(DataError, ValueError)


def test_the_nearest_name_is_offered_and_otherwise_all_names():
    assert did_you_mean("clutser", ["cluster", "unit"]) == "did you mean 'cluster'?"
    assert did_you_mean("x", ["cluster", "unit"]) == "known names are 'cluster' and 'unit'"


def test_a_register_of_hundreds_of_names_is_not_recited():
    hint = did_you_mean("x", [f"street {number:03}" for number in range(340)])
    assert hint.startswith("known names are 'street 000', 'street 001', ")
    assert hint.endswith("'street 019' and 320 more")
