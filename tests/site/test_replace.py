"""Replacing a folder: whole or not at all, and never somebody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import RunError
from analysis.site.replace import replacing_site


def test_the_former_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    for name in ("old.html", "new.html"):
        with replacing_site(tmp_path / "site") as folder:
            (folder / name).touch()
    assert not (tmp_path / "site" / "old.html").exists()
    assert (tmp_path / "site" / "new.html").exists()


def test_a_failure_leaves_the_former_folder(tmp_path: Path) -> None:
    with replacing_site(tmp_path / "site") as folder:
        (folder / "old.html").touch()
    with pytest.raises(ZeroDivisionError), replacing_site(tmp_path / "site"):
        raise ZeroDivisionError
    assert (tmp_path / "site" / "old.html").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(RunError, match="would be lost"), replacing_site(tmp_path):
        pass
    assert (tmp_path / "thesis.txt").exists()


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    with replacing_site(tmp_path / "site") as folder:
        (folder / "new.html").touch()
    assert (tmp_path / "site" / "new.html").exists()
