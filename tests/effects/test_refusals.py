"""What cannot be estimated is noted, and nothing else is swallowed."""

import pytest

from analysis.effects.refusals import Refusals
from analysis.errors import DataError, DesignError, Problem


def test_what_is_refused_is_named_with_the_reason():
    """Catches a reader who is told that something is left out, but not why."""
    refusals = Refusals()
    with refusals.aside("Placebo"):
        raise DesignError("no", [Problem("no rows are left", "y", "a hint"), Problem("and more")])
    with refusals.aside("Title alone"):
        raise DesignError("no convergence")
    assert refusals.table.to_dict("records") == [
        {"Not estimated": "Placebo", "Reason": "y: no rows are left; and more"},
        {"Not estimated": "Title alone", "Reason": "no convergence"},
    ]
    assert refusals.sentence == "Not estimated: Placebo, Title alone."


def test_nothing_refused_is_nothing_said():
    refusals = Refusals()
    with refusals.aside("Placebo"):
        pass
    assert (refusals.noted, refusals.sentence, len(refusals.table)) == ([], "", 0)


@pytest.mark.parametrize("error", [DataError("broken"), ZeroDivisionError()])
def test_other_errors_are_not_kept_quiet(error):
    """Catches a mistake in the program that would pass for a panel that is too small."""
    with pytest.raises(type(error)), Refusals().aside("Placebo"):
        raise error
