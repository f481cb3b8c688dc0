"""A study file is written once, and samples go where it looks for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from analysis.errors import ParameterError
from analysis.new_study.create import copy_samples, create_study
from analysis.new_study.propose.proposal import Wishes

HEADERS = ["id", "opened", "ward", "source"]
ROWS = [[f"K{n}", f"2024-0{n % 6 + 1}-11 08:00:00", "ab"[n % 2], "phone"] for n in range(60)]
WISHES = Wishes("town", zone="UTC", today=date(2026, 1, 1))


def test_a_study_is_not_overwritten(workspace, write_csv):
    """Would catch a user's edits lost to a second run."""
    path = write_csv("a.csv", HEADERS, ROWS)
    create_study(workspace, [path], WISHES)
    file = workspace.studies / "town.toml"
    before = file.read_bytes()
    file.write_bytes(before + b"# mine\n")
    with pytest.raises(ParameterError, match="--force"):
        create_study(workspace, [path], WISHES)
    assert file.read_bytes() == before + b"# mine\n"
    create_study(workspace, [path], WISHES, force=True)
    assert file.read_bytes() == before


def test_a_confidential_one_stands_nowhere_else(workspace, write_csv, tmp_path, monkeypatch):
    """Catches names of units and codes among the temporary files of the machine."""
    path = write_csv("a.csv", HEADERS, ROWS)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "not there"))
    create_study(workspace, [path], replace(WISHES, restricted=True))
    folder = workspace.root / "data" / "restricted" / "town"
    assert list(folder.iterdir()) == [folder / "town.toml"]
    assert list(workspace.studies.iterdir()) == []


@pytest.mark.parametrize("name", ["Town", "2024", "a-b", "../a", ""])
def test_a_name_must_be_one_of_a_study(workspace, write_csv, name):
    """Would catch a file outside the folder of studies, or one that no command finds."""
    with pytest.raises(ParameterError, match="no name for a study"):
        create_study(workspace, [write_csv("a.csv", HEADERS, ROWS)], Wishes(name, zone="UTC"))


def test_samples_are_copied_once(workspace, write_csv):
    """Would catch a copy that replaces another file, or half a copy."""
    path = write_csv("a.csv", HEADERS, ROWS)
    proposal = create_study(workspace, [path], WISHES)
    (copied,) = copy_samples(workspace, WISHES, proposal)
    assert copied == workspace.raw("town") / "a.csv"
    assert copied.read_bytes() == path.read_bytes()
    copy_samples(workspace, WISHES, proposal)
    copied.write_text("other")
    with pytest.raises(ParameterError, match="another file"):
        copy_samples(workspace, WISHES, proposal)
    assert copied.read_text() == "other"
    assert [file.name for file in copied.parent.iterdir()] == ["a.csv"]


def test_the_same_samples_give_the_same_file(workspace, write_csv):
    """Would catch an order that changes between runs."""
    path = write_csv("a.csv", HEADERS, ROWS)
    create_study(workspace, [path], WISHES)
    first = (workspace.studies / "town.toml").read_bytes()
    create_study(workspace, [path], WISHES, force=True)
    assert (workspace.studies / "town.toml").read_bytes() == first
