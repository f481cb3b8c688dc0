"""Studies that contradict themselves: found before a raw file is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.clean.fit import check_fit
from analysis.errors import StudyError
from analysis.study.levels import Dose, Keep, Level
from analysis.study.load import list_studies, load_study
from analysis.study.schema import Study
from analysis.study.sources import FromRate, Source
from analysis.workspace import find_workspace

STUDIES = find_workspace(Path(__file__).parent).studies


@pytest.mark.parametrize("name", list_studies(STUDIES))
def test_the_studies_of_the_compendium_fit(name: str):
    """Catches a check that is stricter than what the pipeline can do."""
    check_fit(load_study(name, STUDIES))


def without(source: Source, column: str) -> Source:
    return replace(source, headers={k: v for k, v in source.headers.items() if k != column})


SOURCES = {
    "no unit": (lambda s: without(s, "unit"), "there is no 'unit'"),
    "no rate": (lambda s: without(s, "satisfaction_rate"), "which has no header"),
    "rate of nothing": (lambda s: replace(s, from_rate=()), "say in 'from_rate' of what"),
    "no count": (
        lambda s: replace(s, headers={**s.headers, "coverage": ("覆盖",)}),
        "'coverage' is not read under a header",
    ),
    "wrong rate": (
        lambda s: replace(s, from_rate=(FromRate("resolved", "resolution_rate", "surveyed"),)),
        "'resolved' is worked out from 'resolution_rate', which has no header",
    ),
}


@pytest.mark.parametrize(("change", "message"), SOURCES.values(), ids=SOURCES)
def test_a_source_that_lacks_something(toy, change, message: str):
    """Catches a study file that is valid but would fail deep in the cleaning, or lose a column."""
    study: Study = replace(toy.study, source=(change(toy.study.source[0]),))
    with pytest.raises(StudyError) as caught:
        check_fit(study)
    assert message in str(caught.value)
    assert "toy.toml, source 'streets'" in str(caught.value)


def test_a_source_without_a_count_that_every_panel_needs(toy):
    """Catches a study that would fail on its panel, where no file or key can be named any more."""
    study: Study = replace(toy.study, source=(without(toy.study.source[0], "proactive_cases"),))
    with pytest.raises(StudyError) as caught:
        check_fit(study)
    assert "level 'street': every panel needs 'proactive_cases'" in str(caught.value)
    assert "name it under 'headers' of source 'streets'" in str(caught.value)


def dosed(level: Level) -> Level:
    dose = Dose("on_time", 3, "none")
    return replace(level, treatment="dose", dose=dose)


LEVELS = {
    "unit": (lambda v: replace(v, unit=("unit", "category")), "a row is one 'unit' and month"),
    "keep": (lambda v: replace(v, keep=Keep(0.05, 10)), "'keep' is about categories"),
    "coverage": (lambda v: replace(v, treatment="coverage"), "when a level is summed"),
    "targeting": (lambda v: replace(v, outcomes=("targeting",)), "needs cases by category"),
    "outcome": (lambda v: replace(v, outcomes=("on_time_rate",)), "needs 'on_time' and 'with_dead"),
    "dose": (dosed, "the dose needs 'on_time'"),
}


@pytest.mark.parametrize(("change", "message"), LEVELS.values(), ids=LEVELS)
def test_a_level_that_asks_for_too_much(toy, change, message: str):
    """Catches a level whose panel would lack what is estimated on it."""
    street, district = toy.study.level
    with pytest.raises(StudyError) as caught:
        check_fit(replace(toy.study, level=(change(street), district)))
    assert message in str(caught.value)
    assert "toy.toml, level 'street'" in str(caught.value)


def test_a_handling_time_of_a_level_that_is_summed(toy):
    """Catches a district that is to have a median, which its streets' medians do not give."""
    street, district = toy.study.level
    asked = replace(district, outcomes=("complaints", "log_median_days"))
    with pytest.raises(StudyError) as caught:
        check_fit(replace(toy.study, level=(street, asked)))
    message = str(caught.value)
    assert "'log_median_days' of a district does not follow from those of its parts" in message
    assert "or ask for it on level 'street'" in message


def test_levels_without_register_or_adoption(toy):
    """Catches a sum over districts without populations, and a programme without dates."""
    with pytest.raises(StudyError) as caught:
        check_fit(replace(toy.study, register=None, adoption=None))
    message = str(caught.value)
    assert message.count("the study has no adoption table") == 2
    assert message.count("the study has no register") == 1
