"""The built site as files: complete, the same every time, whole, and it says what is simulated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.errors import RunError
from analysis.site.build import build_site

PAGES = {
    "attrition.html",
    "codebook.html",
    "effects.html",
    "exhibits.html",
    "index.html",
    "notebooks.html",
    "paper.html",
    "pipeline.html",
    "places.html",
    "timeline.html",
}


def test_every_page_is_there_and_each_notebook_run_has_one(site: Path) -> None:
    assert {path.name for path in site.glob("*.html")} == PAGES
    runs = {path.stem for path in (site / "notebooks" / "toy").glob("*.html")}
    assert {"01_clean", "03_effect-street-complaints", "06_summary"} <= runs


def test_the_same_results_give_the_same_bytes(tree: Path, tmp_path: Path) -> None:
    # A site that differs for no reason cannot be compared, or kept in an archive.
    for name in ("one", "two"):
        build_site(tree, tmp_path / name)
    one, two = (
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*.*")
            if path.is_file()
        }
        for folder in (tmp_path / "one", tmp_path / "two")
    )
    assert one == two


def test_every_page_with_data_of_a_simulated_study_says_so(site: Path) -> None:
    for path in site.rglob("*.html"):
        if path.name != "timeline.html":  # published events are real
            assert "Simulated 模拟数据" in path.read_text(encoding="utf-8"), path


def test_nothing_is_asked_of_a_network(site: Path) -> None:
    # Sources of published events are links to follow; nothing is loaded from elsewhere.
    for path in site.rglob("*.html"):
        loaded = re.findall(r'(?:src|data|href)="([^"]*)"', path.read_text(encoding="utf-8"))
        outside = [place for place in loaded if place.startswith(("http:", "https:", "//", "/"))]
        assert all(place.startswith("https://example.org/") for place in outside), path


def test_no_row_of_raw_data_is_shown(site: Path) -> None:
    # The ledger of cleaning names units and quotes cells; only sums of it may be seen.
    for path in site.rglob("*.html"):
        assert "Secret street" not in path.read_text(encoding="utf-8"), path


def test_missing_results_are_named_with_what_to_do(tree: Path, tmp_path: Path) -> None:
    (tree / "paper" / "paper.pdf").unlink()
    with pytest.raises(RunError, match="some are missing") as failure:
        build_site(tree, tmp_path / "site")
    assert "paper/paper.pdf" in str(failure.value)
    assert "python3 reproduce.py" in str(failure.value)
    assert not (tmp_path / "site").exists()


def test_a_missing_exhibit_is_named_too(tree: Path, tmp_path: Path) -> None:
    (tree / "paper" / "figures" / "toy-event-study-street-complaints.png").unlink()
    with pytest.raises(RunError, match=r"toy-event-study-street-complaints\.png"):
        build_site(tree, tmp_path / "site")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("paper/tables/toy-cleaning.json", "toy-cleaning is not the one in the ledger"),
        ("paper/ledger/toy.json", "a ledger is broken"),
        ("paper/uses.json", "uses.json: it cannot be read"),
        ("notebooks/executed/toy/01_clean.ipynb", "01_clean.ipynb: it is no notebook"),
        ("data/processed/toy/cleaning_ledger.csv", "it is no ledger of cleaning"),
    ],
)
def test_an_altered_or_broken_result_is_named_and_a_former_site_stays(
    tree: Path, tmp_path: Path, name: str, found: str
) -> None:
    """Catches a table edited by hand that is shown as a result, and files cut off."""
    build_site(tree, tmp_path / "site")
    (tree / name).write_text("{\n{", encoding="utf-8")
    with pytest.raises(RunError, match=found):
        build_site(tree, tmp_path / "site")
    assert (tmp_path / "site" / "index.html").is_file()
    assert [path.name for path in tmp_path.glob(".site*")] == []


def test_the_report_tells_what_is_neither_notebook_nor_paper(tree: Path, tmp_path: Path) -> None:
    report = build_site(tree, tmp_path / "site")
    apart = (tmp_path / "site" / "paper", tmp_path / "site" / "notebooks")
    sizes = sum(path.stat().st_size for top in apart for path in top.rglob("*") if path.is_file())
    assert report.size - report.size_apart == sizes > 0
    assert report.pages == len(list((tmp_path / "site").rglob("*.html")))
