"""data/metadata.toml is read strictly, and says nothing that a study file says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.archive.metadata import read_metadata
from analysis.errors import StudyError

ROOT = Path(__file__).parents[2]


def test_the_compendiums_own_metadata_are_valid() -> None:
    """Catches a raw folder that nobody described."""
    metadata, studies = read_metadata(ROOT)
    covers = {data.folder: metadata.coverage(data, studies) for data in metadata.data}
    assert covers["beijing"].interval == "2019-01/2025-12"
    assert covers["published"].where == "Beijing, China"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("subject", "subjct", "did you mean 'subject'?"),
        ("country", "contry", "data/metadata.toml, data[1].contry"),
        ('["D73"]', '["D7"]', "jel"),
        ('folder = "toy"', 'folder = "toys"', "did you mean 'toy'?"),
        ('folder = "toy"', 'folder = "toys"', "data/raw/toy are not described"),
        ("country", 'first = "2019"\ncountry', "the study file says it"),
        ('"CC0-1.0"', '"CC0"', "no licence of the SPDX list"),
        ("[licence]", '[[third_party]]\nplace = "paper/fonts"\n[licence]', "'title' is missing"),
        ("jel = [", "jel = ", "see https://toml.io"),
    ],
)
def test_a_mistake_is_named(
    compendium: Path, rewrite: Callable[..., None], old: str, new: str, said: str
) -> None:
    rewrite("data/metadata.toml", old, new)
    with pytest.raises(StudyError) as caught:
        read_metadata(compendium)
    assert said in str(caught.value)


def test_a_folder_without_a_study_states_place_and_time(compendium: Path) -> None:
    (compendium / "data/raw/figures").mkdir()
    with (compendium / "data/metadata.toml").open("a", encoding="utf-8") as stream:
        stream.write('[[data]]\nfolder = "figures"\ntitle = "F"\nsource = "S"\n')
        stream.write('citation = "CITATION.cff"\n')
        stream.write('rights = "facts"\ncountry = "Toyland"\nplace = "Toy town"\n')
    with pytest.raises(StudyError) as caught:
        read_metadata(compendium)
    told = str(caught.value)
    assert "'first' is missing" in told
    assert "'last' is missing" in told


def test_confidential_data_may_be_those_of_somebody_else(compendium: Path) -> None:
    """Catches a compendium that nobody but its author, who has the study file, can work with."""
    with (compendium / "data/metadata.toml").open("a", encoding="utf-8") as stream:
        stream.write('[[restricted]]\nstudy = "capital"\ntitle = "T"\naccess = "Ask."\n')
    metadata, _ = read_metadata(compendium)
    assert [stated.study for stated in metadata.restricted] == ["capital"]
