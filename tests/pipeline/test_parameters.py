"""Parameters are strict: what does not fit is named, with the nearest that does."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import ParameterError
from analysis.pipeline.parameters import (
    NOTEBOOKS,
    EffectParameters,
    check_parameters_cell,
    read_parameters,
)

STUDIES = Path(__file__).parents[1] / "toy_compendium" / "notebooks" / "studies"
GOOD = {"study": "toy", "level": "street", "outcome": "complaints"}


def test_good_parameters_become_the_notebooks_dataclass() -> None:
    parameters = read_parameters("03_effect", GOOD, STUDIES)
    assert parameters == EffectParameters("toy", "street", "complaints")
    assert parameters.run == "street-complaints"


def test_other_estimators_are_part_of_the_runs_name() -> None:
    given = GOOD | {"estimators": "imputation, two_stage"}
    parameters = read_parameters("03_effect", given, STUDIES)
    assert parameters == EffectParameters("toy", "street", "complaints", "imputation, two_stage")
    assert parameters.run == "street-complaints-imputation-two_stage"
    checked = read_parameters("07_sensitivity", GOOD | {"estimator": "imputation"}, STUDIES)
    assert checked.run == "street-complaints-imputation"


@pytest.mark.parametrize(
    ("notebook", "given", "named", "hint"),
    [
        ("03_efect", GOOD, "no notebook '03_efect'", "did you mean '03_effect'?"),
        ("03_effect", GOOD | {"outcom": "x"}, "'outcom'", "did you mean 'outcome'?"),
        ("03_effect", {"study": "toy", "level": "street"}, "'outcome' is missing", "outcome ="),
        ("03_effect", GOOD | {"level": 3}, "'level': input should be a valid string", "given: 3"),
        ("03_effect", GOOD | {"study": "toi"}, "no such study: 'toi'", "did you mean 'toy'?"),
        ("03_effect", GOOD | {"level": "stret"}, "no such level: 'stret'", "'street'"),
        ("04_robustness", GOOD | {"outcome": "complaint"}, "'complaint'", "'complaints'"),
        ("03_effect", GOOD | {"estimators": "a/../b"}, "'estimators': string should match", "a/.."),
        ("04_robustness", GOOD | {"estimator": "a,b"}, "'estimator': string should match", "a,b"),
        ("01_clean", GOOD, "unknown key 'level'", "known names are 'study'"),
    ],
)
def test_what_does_not_fit_is_named_with_a_hint(
    notebook: str, given: dict[str, object], named: str, hint: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        read_parameters(notebook, given, STUDIES)
    assert named in str(caught.value)
    assert hint in str(caught.value)


def test_all_unfitting_parameters_are_reported_together() -> None:
    with pytest.raises(ParameterError) as caught:
        read_parameters("03_effect", {"study": "toy", "levl": "street"}, STUDIES)
    assert len(caught.value.problems) == 3


def test_recovery_is_refused_where_the_truth_is_not_known(tmp_path: Path) -> None:
    text = (STUDIES / "toy.toml").read_text(encoding="utf-8").replace('truth = "truth.csv"', "")
    text = text.partition("[recovery]")[0]
    (tmp_path / "toy.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match="true effects of study 'toy' are not known"):
        read_parameters("05_recovery", {"study": "toy"}, tmp_path)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ('study = "toy"\nlevel = "a"\nestimators = "level"', "no line for 'outcome'"),
        ('study = "toy"\nlevel = "a"\noutcom = "b"', "did you mean 'outcome'?"),
        ('study = level = "a"\noutcome = "b"', "line 1"),
        ('study = "toy"\nlevel = find()\noutcome = "b"', "line 2"),
    ],
)
def test_a_parameters_cell_that_declares_others_is_refused(cell: str, message: str) -> None:
    with pytest.raises(ParameterError, match="declares other parameters") as caught:
        check_parameters_cell(cell, "03_effect")
    assert message in str(caught.value)


@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS))
def test_every_real_notebook_declares_its_parameters(notebook: str) -> None:
    """Catches a notebook whose parameters cell and dataclass drifted apart."""
    import jupytext

    source = Path(__file__).parents[2] / "notebooks" / f"{notebook}.py"
    cells = [c for c in jupytext.read(source).cells if "parameters" in c.metadata.get("tags", [])]
    assert len(cells) == 1
    check_parameters_cell(cells[0].source, notebook)
