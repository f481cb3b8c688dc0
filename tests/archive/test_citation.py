"""CITATION.cff is read strictly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.archive.citation import read_citation
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
        ("2026-03-01", "March 2026", "CITATION.cff, date-released"),
        ("2026-03-01", "2026-02-30", "CITATION.cff: day is out of range"),
        ("keywords: [toys]\n", "", "key 'keywords' is missing"),
        ("0000-0002-1825-0097", "0000-0002-1825-0098", "does not fit the others"),
        ("[MIT, CC-BY-4.0]", "mit", "did you mean 'MIT'?"),
        ("[MIT, CC-BY-4.0]", "Toy licence", "no licence of the SPDX list"),
        ("- name: The toy makers", "- affiliation: Toyland", "an author has a 'name'"),
        ("cff-version: 1.2.0", "cff-version: 1.0.3", "cff-version"),
        ("message:", "references: [{type: article}]\nmessage:", "has no title and no authors"),
        ("message: Please cite it.", "message: [", "CITATION.cff"),
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
