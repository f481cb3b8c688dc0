"""README, data sources, licences, citation, codebook: each fault is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.preflight.finding import Finding
from analysis.preflight.readme_sections import SECTIONS

Find = Callable[[str], list[Finding]]
Write = Callable[[str, str], None]


def spoil(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    "heading",
    [
        "## Overview",
        "## Data Availability and Provenance Statements",
        "### Statement about Rights",
        "### Licence for data",
        "### Summary of Availability",
        "### Details on each Data Source",
        "## Dataset list",
        "## Computational requirements",
        "### Software Requirements",
        "### Controlled Randomness",
        "### Memory, Runtime and Storage Requirements",
        "## Description of programs/code",
        "### Licence for code",
        "## Instructions to Replicators",
        "## List of exhibits and programs",
        "## References",
    ],
)
def test_each_section_of_the_template_is_missed(root: Path, find: Find, heading: str) -> None:
    # Catches a pattern so wide that another section stands in for the missing one.
    spoil(root, "README.md", f"{heading}\n", f"{heading.split()[0]} Something else\n")
    (finding,) = find("readme")
    assert "there is no section" in finding.what


def test_the_list_of_sections_is_tried_in_full() -> None:
    assert len(SECTIONS) == 16


def test_an_empty_section_and_one_that_says_too_little_are_found(root: Path, find: Find) -> None:
    spoil(root, "README.md", "CSV, downloaded in 2021.\n", "")
    spoil(root, "README.md", "1 GB of memory, two minutes, 1 GB of disk.", "Two minutes; 1 GB.")
    assert sorted(finding.what for finding in find("readme")) == [
        '"Memory, Runtime and Storage Requirements" says nothing of memory',
        'the section "Details on each Data Source" is empty',
    ]


def test_a_missing_command_and_an_unknown_one_are_found(root: Path, find: Find) -> None:
    spoil(root, "README.md", "python3 reproduce.py test", "python3 reproduce.py tset")
    assert [finding.what for finding in find("commands")] == [
        "there is no command 'tset'",
        "it does not say: python3 reproduce.py test",
    ]


def test_a_link_that_leads_nowhere_is_found_with_its_line(root: Path, find: Find) -> None:
    spoil(root, "README.md", "(data/README.md)", "(data/codebook.md)")
    (finding,) = find("links")
    assert finding.place.line == 5


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("| CC BY 4.0 | City", "| | City", "states no rights or licence"),
        ("| City of Somewhere (2020) |", "| |", "gives no citation"),
        ("| City of Somewhere (2020) |", "| City of Elsewhere (2019) |", "not in the README's"),
        ("| City of Somewhere (2020) |", "| `calls_2020` |", "is not in paper/references.bib"),
        ("data/raw/city/", "data/raw/town/", "has a row for data/raw/city/"),
    ],
)
def test_a_data_set_without_rights_or_citation_is_found(
    root: Path, find: Find, old: str, new: str, what: str
) -> None:
    spoil(root, "README.md", old, new)
    (finding,) = find("data-sources")
    assert what in finding.what


def test_a_data_set_in_the_bibliography_must_be_cited_in_the_paper(
    root: Path, find: Find, write: Write
) -> None:
    spoil(root, "README.md", "| City of Somewhere (2020) |", "| `calls_2020` |")
    write("paper/references.bib", "@misc{calls_2020,\n title = {Calls}}\n")
    (finding,) = find("data-sources")
    assert "is not cited in the paper" in finding.what
    write("paper/paper.typ", "Calls @calls_2020.\n")
    assert not find("data-sources")


def test_licences_must_be_there_in_full(root: Path, find: Find, write: Write) -> None:
    write("LICENSE", "MIT licence\n")
    write("paper/fonts/Some.ttf", "glyphs")
    assert [finding.what for finding in find("licences")] == [
        "it is not the full text of a licence",
        "fonts are passed on without their licence",
    ]
    (root / "LICENSE").unlink()
    assert "there is no licence in the top folder" in find("licences")[0].what


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("cff-version: 1.2.0", "cff-version: 1.9.0", "cff-version"),
        ("message: Cite it.\n", "", "key 'message' is missing"),
        ("title: Calls", "titel: Calls", "titel: unknown key"),
        ("license: MIT\n", "", "names no licence"),
        ("  - family-names: Li\n    given-names: Na\n", "  - city: Somewhere\n", "an author has"),
        ("title: Calls", "title: [Calls", "it is no YAML"),
        ("title: Calls", "title: Calls\ndate-released: 2026-02-30", "day is out of range"),
    ],
)
def test_a_citation_file_that_breaks_the_format_is_found(
    root: Path, find: Find, old: str, new: str, what: str
) -> None:
    spoil(root, "CITATION.cff", old, new)
    assert any(what in finding.what for finding in find("citation"))


def test_a_column_that_nobody_describes_is_found(root: Path, find: Find, write: Write) -> None:
    write("data/processed/city/panel.csv", "street,calls,rate\nA,1,0.5\n")
    (finding,) = find("codebook")
    assert finding.place.file == "data/processed/city/panel.csv"
    assert "1 of its 3 columns are not described: 'rate'" in finding.what


def test_a_raw_header_is_described_by_the_study_file_that_maps_it(find: Find, write: Write) -> None:
    write("data/raw/city/calls.csv", "街道,诉求量\nA,1\n")
    assert len(find("codebook")) == 1
    study = '[[source]]\n[source.headers]\nunit = ["街道"]\ncomplaints = ["诉求量"]\n'
    write("notebooks/studies/city.toml", study)
    assert not find("codebook")
