"""Replacing a folder: whole or not at all, also where the process was killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.replacing import recover, replacing


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_former_folder_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    for name in ("old", "new"):
        with replacing(tmp_path / "made") as folder:
            (folder / name).touch()
    assert _names(tmp_path) == ["made"]
    assert _names(tmp_path / "made") == ["new"]


def test_a_failure_leaves_the_former_folder(tmp_path: Path) -> None:
    with replacing(tmp_path / "made") as folder:
        (folder / "old").touch()
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "made"):
        raise ZeroDivisionError
    assert _names(tmp_path) == ["made"]
    assert _names(tmp_path / "made") == ["old"]


def test_a_kill_between_the_renames_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / ".made.former").mkdir()
    (tmp_path / ".made.former" / "old").touch()
    (tmp_path / ".made.made").mkdir()
    recover(tmp_path / "made")
    assert _names(tmp_path) == ["made"]
    assert _names(tmp_path / "made") == ["old"]
