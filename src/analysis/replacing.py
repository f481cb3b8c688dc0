"""Replace a folder as a whole: a reader finds the former one or the new one, never a part."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["recover", "replacing"]


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Make a folder aside, and put it in place of the former one when nothing failed.

    A process that is killed between the two renames leaves the former folder beside the place;
    the next one puts it back.

    Parameters
    ----------
    target
        The folder to make or replace.

    Yields
    ------
    pathlib.Path
        An empty folder beside it, to be filled.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     with replacing(Path(place, "site")) as made:
    ...         _ = (made / "index.html").write_text("hello")
    ...     print([path.name for path in Path(place, "site").iterdir()])
    ['index.html']
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    recover(target)
    made, former = _made(target), _former(target)
    made.mkdir()
    try:
        yield made
        if target.exists():
            target.replace(former)
        made.replace(target)
    finally:
        recover(target)


def recover(target: Path) -> None:
    """Put a former folder back if its place is empty, and clear away what was half made."""
    former = _former(target)
    if former.exists() and not target.exists():
        former.replace(target)
    for left in (former, _made(target)):
        shutil.rmtree(left, ignore_errors=True)


def _made(target: Path) -> Path:
    return target.with_name(f".{target.name}.made")


def _former(target: Path) -> Path:
    return target.with_name(f".{target.name}.former")
