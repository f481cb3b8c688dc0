"""The study file of an export, from the public one or the author's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.errors import StudyError
from analysis.restricted.derive import study_of_export
from analysis.restricted.place import Place
from analysis.study.load import read_study
from analysis.study.schema import Study

STUDIES = Path(__file__).parents[2] / "notebooks" / "studies"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    shutil.copytree(STUDIES, tmp_path / "notebooks" / "studies")
    made = Place(tmp_path, "beijing")
    made.folder.mkdir(parents=True)
    (made.folder / "streets_2020.csv").touch()
    return made


def derived(place: Place, tmp_path: Path) -> Study:
    path = tmp_path / "read" / "beijing.toml"
    path.parent.mkdir()
    path.write_text(study_of_export(place), encoding="utf-8")
    return read_study(path)


def test_the_public_study_loses_its_simulation_and_what_the_export_lacks(
    place: Place, tmp_path: Path
) -> None:
    public = read_study(place.public_study)
    study = derived(place, tmp_path)
    assert study.access == "restricted"
    assert study.threshold == 10
    assert (study.seed, study.truth, study.recovery) == (None, None, None)
    assert study.known_errors is None
    assert study.register is not None
    assert study.register.crosswalk is None
    assert "imulat" not in study.title_en
    assert (study.level, study.source) == (public.level, public.source)


def test_files_that_the_export_has_are_kept(place: Place, tmp_path: Path) -> None:
    for name in ("known_errors.csv", "crosswalk.csv"):
        (place.folder / name).touch()
    study = derived(place, tmp_path)
    assert study.known_errors == "known_errors.csv"
    assert study.register is not None
    assert study.register.crosswalk == "crosswalk.csv"


def test_the_author_s_own_study_file_takes_its_place(place: Place, tmp_path: Path) -> None:
    own = study_of_export(place).replace("restricted data", "our district")
    place.own_study.write_text(own.partition("[disclosure]")[0], encoding="utf-8")
    study = derived(place, tmp_path)
    assert study.title_en == "Beijing: our district"
    assert study.threshold == 10


def test_an_own_study_that_calls_its_data_simulated_is_refused(place: Place) -> None:
    """Would catch a copy of the public file whose exhibits would all be marked as simulated."""
    shutil.copyfile(place.public_study, place.own_study)
    with pytest.raises(StudyError, match=r"beijing\.toml: its data are called simulated"):
        study_of_export(place)


def test_an_own_study_that_is_not_valid_names_its_line(place: Place) -> None:
    text = place.public_study.read_text(encoding="utf-8")
    place.own_study.write_text(text.replace("place_en", "place"), encoding="utf-8")
    with pytest.raises(StudyError, match=r"beijing\.toml, line \d+, place"):
        study_of_export(place)


@pytest.mark.parametrize("own", [True, False])
def test_no_second_report_is_asked_for(place: Place, tmp_path: Path, own: bool) -> None:
    """Would catch a run that stops because the workspace has no source of another report."""
    text = place.public_study.read_text(encoding="utf-8")
    text = text.replace("bootstrap_seed", "report = true    # its own\nbootstrap_seed", 1)
    place.public_study.write_text(text, encoding="utf-8")
    if own:
        written = study_of_export(place).replace(
            "bootstrap_seed", "report = true\nbootstrap_seed", 1
        )
        place.own_study.write_text(written, encoding="utf-8")
    assert not derived(place, tmp_path).report
