"""A study file that is wrong says where and what is right."""

from pathlib import Path

import pytest

from analysis.errors import StudyError
from analysis.study.load import list_studies, load_study, read_study

STUDIES = Path(__file__).parents[2] / "notebooks" / "studies"


@pytest.fixture
def write_study(tmp_path):
    """Write the study file of Beijing with some text replaced, and return its path."""

    def write(*replacements: tuple[str, str]) -> Path:
        text = (STUDIES / "beijing.toml").read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text, f"the study file no longer has {old!r}"
            text = text.replace(old, new, 1)
        path = tmp_path / "beijing.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def line_of(path: Path, start: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return 1 + next(i for i, line in enumerate(lines) if line.startswith(start))


@pytest.mark.parametrize("name", list_studies(STUDIES))
def test_every_study_of_the_compendium_can_be_read(name):
    assert load_study(name, STUDIES).name == name


def test_an_unknown_study_is_answered_with_the_nearest():
    with pytest.raises(StudyError, match="did you mean 'beijing'"):
        load_study("bejing", STUDIES)


def test_an_unknown_key_names_file_line_and_nearest_key(write_study):
    path = write_study(('cluster = "unit"', 'clutser = "unit"'))
    with pytest.raises(StudyError) as failure:
        read_study(path)
    line = line_of(path, "clutser")
    assert f"beijing.toml, line {line}, level[1].clutser" in str(failure.value)
    assert "did you mean 'cluster'?" in str(failure.value)


def test_all_problems_are_reported_at_once(write_study):
    path = write_study(
        ("seed = 20240912", 'seed = "soon"'),
        ('absent = "missing"', ""),
        ('"complaints", "proactive_share", "response_rate"', '"complaint", "response_rate"'),
    )
    with pytest.raises(StudyError) as failure:
        read_study(path)
    message = str(failure.value)
    assert "should be a valid integer (given: 'soon')" in message
    assert "key 'absent' is missing" in message
    assert "did you mean 'complaints'?" in message
    assert len(failure.value.problems) == 3


def test_a_reference_to_a_level_that_is_not_there_is_refused(write_study):
    path = write_study(('aggregate = "street"', 'aggregate = "streets"'))
    with pytest.raises(StudyError, match="did you mean 'street'"):
        read_study(path)


def test_broken_toml_names_the_line(write_study):
    path = write_study(('name = "beijing"', 'name = "beijing'))
    with pytest.raises(StudyError, match=r"line \d+"):
        read_study(path)


def test_the_name_must_be_the_name_of_the_file(write_study):
    path = write_study(('name = "beijing"', 'name = "peking"'))
    with pytest.raises(StudyError, match="rename the file"):
        read_study(path)


def test_a_level_is_made_from_one_thing(write_study):
    path = write_study(('aggregate = "street"', 'aggregate = "street"\nsource = "streets"'))
    with pytest.raises(StudyError, match="either 'source' or 'aggregate'"):
        read_study(path)


def test_a_real_study_cannot_keep_the_truth_of_the_twin(write_study):
    """Catches a confidential export that is set beside the true effects of a simulation."""
    path = write_study(("simulated = true", "simulated = false"))
    with pytest.raises(StudyError, match="delete 'seed', 'truth' and the table 'recovery'"):
        read_study(path)


def test_the_main_estimator_is_one_of_the_levels(write_study):
    path = write_study(
        ('main_estimator = "callaway_santanna"', 'main_estimator = "calaway_santanna"')
    )
    with pytest.raises(StudyError, match="did you mean 'callaway_santanna'"):
        read_study(path)


def test_without_a_main_estimator_it_is_the_first(write_study):
    path = write_study(('main_estimator = "callaway_santanna"', ""))
    assert read_study(path).get_level("street").main == "twfe"


def test_unit_effects_are_for_estimators_of_the_level(write_study):
    path = write_study(('unit_effects = ["etwfe"]', 'unit_effects = ["etwf"]'))
    with pytest.raises(StudyError, match=r"'unit_effects' names 'etwf'.*did you mean 'etwfe'"):
        read_study(path)


def test_a_study_says_whose_eyes_its_data_are_for(write_study):
    assert load_study("beijing", STUDIES).access == "simulated"
    assert load_study("boston", STUDIES).access == "open"
    assert load_study("boston", STUDIES).threshold == 0


def test_simulated_data_are_not_restricted(write_study):
    """Would catch a study whose exhibits would be marked as one and protected as the other."""
    path = write_study(("[register]", "[disclosure]\nthreshold = 5\n\n[register]"))
    with pytest.raises(StudyError, match="simulated data need no protection"):
        read_study(path)
