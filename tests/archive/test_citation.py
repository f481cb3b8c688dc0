"""CITATION.cff is read strictly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.archive.citation import CitationFile, parse_citation, read_citation
from analysis.errors import StudyError

ROOT = Path(__file__).parents[2]


def test_the_compendiums_own_citation_is_valid() -> None:
    """Catches an edit of CITATION.cff after which no deposit could be made."""
    assert read_citation(ROOT / "CITATION.cff").keywords


def test_names_are_listed_as_in_a_bibliography(compendium: Path) -> None:
    person, group = read_citation(compendium / "CITATION.cff").authors
    assert (person.listed, person.identifier) == ("Carberry, Josiah", "0000-0002-1825-0097")
    assert (group.listed, group.identifier, group.is_person) == ("The toy makers", None, False)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("date-released", "date-relased", "did you mean 'date-released'?"),
        ("2026-03-01", "March 2026", "CITATION.cff, line 5, date-released"),
        ("2026-03-01", "2026-02-30", "CITATION.cff: it cannot be read: day is out of range"),
        ("keywords: [toys]\n", "", "key 'keywords' is missing"),
        ("0000-0002-1825-0097", "0000-0002-1825-0098", "does not fit the others"),
        ("[MIT, CC-BY-4.0]", "mit", "did you mean 'MIT'?"),
        ("[MIT, CC-BY-4.0]", "Toy licence", "no licence of the SPDX list"),
        ("- name: The toy makers", "- affiliation: Toyland", "an author has a 'name'"),
        ("cff-version: 1.2.0", "cff-version: 1.0.3", "cff-version"),
        ("message:", "references: [{type: article}]\nmessage:", "has no title and no authors"),
        ("message: Please cite it.", "message: [", "it is no YAML"),
    ],
)
def test_a_mistake_is_named(
    compendium: Path, rewrite: Callable[..., None], old: str, new: str, said: str
) -> None:
    rewrite("CITATION.cff", old, new)
    with pytest.raises(StudyError) as caught:
        read_citation(compendium / "CITATION.cff")
    assert said in str(caught.value)


def test_all_mistakes_are_named_together(compendium: Path, rewrite: Callable[..., None]) -> None:
    rewrite("CITATION.cff", "keywords", "key-words")
    rewrite("CITATION.cff", "abstract", "abstrct")
    with pytest.raises(StudyError) as caught:
        read_citation(compendium / "CITATION.cff")
    assert len(caught.value.problems) == 4  # two unknown, two missing


def test_the_format_asks_for_less_than_a_deposit() -> None:
    """Catches a check of the format that asks other compendia for what only deposits need."""
    least = "cff-version: 1.2.0\nmessage: Cite it.\ntitle: Toys\nauthors: [{alias: toymaker}]\n"
    citation = parse_citation(f"{least}version: 1.0\n", CitationFile, "broken")
    assert (citation.version, citation.license) == ("1.0", None)
    assert citation.authors[0].listed == "toymaker"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("identifiers: [{type: doj, value: x}]", "line 5, identifiers[1] type: input should be"),
        ("contact: [{family-names: Li, post-code: []}]", "line 5, contact[1] post-code: input"),
        ("version: []", "line 5, version: input should be a valid string"),
    ],
)
def test_a_mistake_within_a_key_is_named_once_with_its_line(line: str, said: str) -> None:
    least = "cff-version: 1.2.0\nmessage: Cite it.\ntitle: Toys\nauthors: [{name: Toymakers}]\n"
    with pytest.raises(StudyError) as caught:
        parse_citation(least + line, CitationFile, "broken")
    assert [said in str(problem) for problem in caught.value.problems] == [True]
