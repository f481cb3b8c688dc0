"""Replace a folder as a whole: a reader finds the former one or the new one, never a part."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import Problem, RunError

__all__ = ["MARK", "replacing"]

# Tells a site that may be replaced from a folder of somebody's own.
MARK = ".review-site"


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Make a folder aside, and put it in place of the former one when nothing failed.

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
        If there is something at the place that this function did not make.
    """
    _refuse_what_is_not_ours(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    former = aside / "former"
    made = aside / "made"
    try:
        made.mkdir()
        yield made
        (made / MARK).touch()
        if target.exists():
            target.replace(former)
        made.replace(target)
    except BaseException:
        if former.exists() and not target.exists():
            former.replace(target)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _refuse_what_is_not_ours(target: Path) -> None:
    if not target.exists() or (target / MARK).is_file():
        return
    if target.is_dir() and not any(target.iterdir()):
        return
    hint = "name a new folder, or move what is there"
    what = "something else is there, and would be lost"
    raise RunError("the site cannot be written", [Problem(what, str(target), hint)])
