"""Progress is told on a terminal and elsewhere, and never too often."""

import io

import pytest

from analysis.recover import progress
from analysis.recover.progress import Progress


class Clock:
    now = 100.0


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(progress.time, "monotonic", lambda: Clock.now)
    Clock.now = 100.0
    return Clock


def test_the_rest_is_foretold_from_what_this_run_did(clock: type[Clock]) -> None:
    """Catches an expectation that counts cached replications as fast ones."""
    stream = io.StringIO()
    tell = Progress(stream)
    tell(1000, 400, 0)
    clock.now += 60
    tell(1000, 400, 100)
    assert stream.getvalue().splitlines() == [
        "400/1,000 estimates, 0 s elapsed, 400 of an earlier run",
        "500/1,000 estimates, 1 min 0 s elapsed, 400 of an earlier run, about 5 min 0 s left",
    ]


def test_elsewhere_than_on_a_terminal_lines_are_rare(clock: type[Clock]) -> None:
    stream = io.StringIO()
    tell = Progress(stream)
    for done in range(0, 100, 10):
        clock.now += 5
        tell(100, 0, done)
    tell(100, 0, 100)
    assert len(stream.getvalue().splitlines()) == 3


def test_on_a_terminal_one_line_changes(clock: type[Clock]) -> None:
    stream = Terminal()
    tell = Progress(stream)
    tell(2, 0, 0)
    tell(2, 0, 1)
    tell(2, 0, 2)
    assert stream.getvalue().count("\r\x1b[K") == 3
    assert stream.getvalue().count("\n") == 1
