"""What is missing in pyproject.toml is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import StudyError
from analysis.project import read_project


def test_what_is_needed_is_there(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "toy"\n', encoding="utf-8")
    assert read_project(tmp_path, "name")["project"] == {"name": "toy"}


@pytest.mark.parametrize("content", ["", "project = 1", "[project]", "[project]\nversion = 1"])
def test_a_missing_version_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "pyproject.toml").write_text(content, encoding="utf-8")
    with pytest.raises(StudyError, match=r"project\.version is missing"):
        read_project(tmp_path, "version")


def test_what_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project", encoding="utf-8")
    with pytest.raises(StudyError, match=r"pyproject\.toml: it cannot be read"):
        read_project(tmp_path)
