"""What `git add .` would take: the repository's .gitignore, tried in an empty repository."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.git import list_files

REPOSITORY = Path(__file__).parents[1]

# Raw tickets and all that is made of them one by one, of open and of restricted data.
PRIVATE = (
    "data/raw/riverton/tickets_2021.csv",
    "data/raw/riverton/tickets_2/a.csv.gz",
    "data/raw/riverton/.tickets_2021.csv.part",
    "data/raw/tickets.csv",
    "data/processed/riverton/cases/data_0.parquet",
    "data/processed/riverton/quarantine/data_0.parquet",
    "data/processed/riverton/ingested/tickets.csv",
    "data/restricted/riverton/riverton.toml",
    "data/restricted/riverton/tickets.csv",
    "data/restricted/riverton/workspace/data/raw/riverton/tickets.csv",
    "data/restricted/riverton/workspace/paper/numbers.json",
    "data/restricted/riverton/publishable/report.pdf",
    ".cache/tickets/riverton/caller.key",
    ".cache/tickets/riverton/landed/a.parquet",
    ".cache/failed/riverton/ingest.txt",
)
KEPT = (
    "data/processed/README.md",
    "data/raw/SHA256SUMS",
    "data/raw/beijing/streets_2019.csv",
    "data/raw/boston/README.md",
    "data/raw/published/figures.csv",
    "data/restricted/README.md",
    "notebooks/executed/riverton/01_clean.ipynb",
    "notebooks/studies/riverton.toml",
    "paper/reports/riverton.pdf",
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    if shutil.which("git") is None:
        pytest.skip("needs git")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    shutil.copyfile(REPOSITORY / ".gitignore", tmp_path / ".gitignore")
    for name in (*PRIVATE, *KEPT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_tickets_of_a_new_city_are_not_added(repository: Path) -> None:
    """Would catch telephone numbers of residents in a public repository."""
    added = list_files(repository, "--others", "--exclude-standard")
    assert sorted(added) == sorted([".gitignore", *KEPT])


def test_a_city_is_published_by_one_line(repository: Path) -> None:
    """Would catch a scholar who cannot publish what is open."""
    with (repository / ".gitignore").open("a", encoding="utf-8") as stream:
        stream.write("!/data/raw/riverton/\n")
    added = list_files(repository, "--others", "--exclude-standard", "--", "data/raw/riverton")
    assert "data/raw/riverton/tickets_2021.csv" in added
    assert "data/raw/riverton/tickets_2/a.csv.gz" in added


def test_no_file_of_this_repository_is_both_kept_and_ignored() -> None:
    """Would catch raw files of ours that a later `git add` would leave out."""
    assert list_files(REPOSITORY, "--cached", "--ignored", "--exclude-standard") == []
