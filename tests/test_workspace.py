"""Files are written whole or not at all, and a run writes where it may."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import RunError
from analysis.workspace import (
    STAGING_VARIABLE,
    file_hash,
    find_workspace,
    write_atomically,
)


@pytest.fixture
def compendium(tmp_path, monkeypatch):
    monkeypatch.delenv(STAGING_VARIABLE, raising=False)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "notebooks" / "studies").mkdir(parents=True)
    return tmp_path


def test_the_compendium_is_found_from_any_folder_inside_it(compendium):
    assert find_workspace(compendium / "notebooks").root == compendium.resolve()


def test_outside_of_a_compendium_the_message_says_where_to_go(tmp_path):
    # The top of the disk, because the tests' own folders may be inside the compendium.
    with pytest.raises(RunError, match=r"holds reproduce\.py"):
        find_workspace(Path(tmp_path.anchor))


def test_a_notebook_run_by_hand_does_not_write_into_committed_folders(compendium):
    workspace = find_workspace(compendium)
    path = workspace.write_to("paper", "figures", "a.svg")
    assert path == compendium.resolve() / ".cache" / "interactive" / "paper" / "figures" / "a.svg"


def test_a_pipeline_run_writes_into_its_staging_folder(compendium, monkeypatch):
    monkeypatch.setenv(STAGING_VARIABLE, str(compendium / "staging"))
    assert find_workspace(compendium).write_to("a").parent == compendium / "staging"


def test_a_write_that_fails_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    path = tmp_path / "result.txt"
    write_atomically(path, "old")

    def break_down(self, target):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", break_down)
    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["result.txt"]


@given(text=st.text(alphabet=st.characters(codec="utf-8")))
def test_text_is_written_as_it_is_on_every_platform(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "text.txt"
    write_atomically(path, text)
    assert path.read_bytes() == text.encode("utf-8")


def test_a_hash_is_the_sha256_of_the_bytes(tmp_path):
    path = tmp_path / "empty"
    path.touch()
    # The sha256 of no bytes, FIPS 180-4.
    assert file_hash(path) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
