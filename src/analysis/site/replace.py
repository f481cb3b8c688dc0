"""Put a new site in place of the former one, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import Problem, RunError
from analysis.replacing import replacing

__all__ = ["MARK", "replacing_site"]

# Tells a site that may be replaced from a folder of somebody's own.
MARK = ".review-site"


@contextmanager
def replacing_site(target: Path) -> Iterator[Path]:
    """Make a site aside, and put it in place of the former one when nothing failed.

    Parameters
    ----------
    target
        The folder to make or replace.

    Yields
    ------
    pathlib.Path
        An empty folder beside it, to be filled.

    Raises
    ------
    RunError
        If there is something at the place that is no site.
    """
    _refuse_what_is_not_ours(target)
    with replacing(target) as made:
        yield made
        (made / MARK).touch()


def _refuse_what_is_not_ours(target: Path) -> None:
    if not target.exists() or (target / MARK).is_file():
        return
    if target.is_dir() and not any(target.iterdir()):
        return
    hint = "name a new folder, or move what is there"
    what = "something else is there, and would be lost"
    raise RunError("the site cannot be written", [Problem(what, str(target), hint)])
