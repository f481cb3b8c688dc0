"""Tell how far a long run is: one line that changes on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

__all__ = ["Progress", "duration"]

# Elsewhere than on a terminal, seconds between two lines.
PAUSE = 30.0


@dataclass
class Progress:
    """Counts replications, and foretells the time that is left from those done in this run.

    Attributes
    ----------
    stream
        Where to.
    """

    stream: TextIO = field(default_factory=lambda: sys.stderr)
    _began: float = field(default_factory=lambda: time.monotonic())
    _told: float = -PAUSE

    def __call__(self, total: int, before: int, done: int) -> None:
        """Report.

        Parameters
        ----------
        total
            Replications in all, of every estimator and effect.
        before
            Taken from an earlier run.
        done
            Done in this run.
        """
        elapsed = time.monotonic() - self._began
        finished = before + done == total
        terminal = self.stream.isatty()
        if not (terminal or finished or elapsed - self._told >= PAUSE):
            return
        self._told = elapsed
        text = f"{before + done:,}/{total:,} estimates, {duration(elapsed)} elapsed"
        if before:
            text += f", {before:,} of an earlier run"
        if done and not finished:
            text += f", about {duration(elapsed / done * (total - before - done))} left"
        end = "\n" if finished or not terminal else ""
        print(f"\r\x1b[K{text}" if terminal else text, end=end, file=self.stream, flush=True)


def duration(seconds: float) -> str:
    """Write a duration for a reader.

    Examples
    --------
    >>> duration(7.6), duration(75), duration(3720)
    ('8 s', '1 min 15 s', '1 h 2 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"
