"""Strict parameters: one dataclass per notebook; what does not fit stops before a kernel starts."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from analysis.errors import ParameterError, Problem, did_you_mean, listing
from analysis.study.load import list_studies, load_study
from analysis.study.schema import Study
from analysis.study.strict import Location, build_strictly

__all__ = [
    "NOTEBOOKS",
    "CleanParameters",
    "DescribeParameters",
    "EffectParameters",
    "LevelParameters",
    "Parameters",
    "RecoveryParameters",
    "RobustnessParameters",
    "SensitivityParameters",
    "SummaryParameters",
    "check_parameters_cell",
    "read_parameters",
]

# Names in the registry of estimators, which only the notebook itself looks up: what is imported
# here belongs to the code of every notebook.
EstimatorName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
EstimatorNames = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*( *, *[a-z][a-z0-9_]*)*$")]


@dataclass(frozen=True, slots=True)
class Parameters:
    """What every notebook is given.

    Attributes
    ----------
    study
        The name of a study file.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    study: str

    @property
    def run(self) -> str:
        """What tells this run from the notebook's other runs for the same study.

        A parameter that has its usual value is not part of it.
        """
        usual = {field.name: field.default for field in fields(self)}
        values = [
            re.sub(r"[ ,]+", "-", value)
            for name, value in asdict(self).items()
            if name != "study" and value != usual[name]
        ]
        return "-".join(values)

    def problems(self, study: Study) -> list[Problem]:
        """Say which values do not exist in the study."""
        return []


@dataclass(frozen=True, slots=True)
class CleanParameters(Parameters):
    """`01_clean`: one run a study."""


@dataclass(frozen=True, slots=True)
class DescribeParameters(Parameters):
    """`02_describe`: one run a study."""


@dataclass(frozen=True, slots=True)
class LevelParameters(Parameters):
    """Of notebooks about one outcome of a level.

    Attributes
    ----------
    level
        A level of the study.
    outcome
        One of the level's outcomes.
    """

    level: str
    outcome: str

    def problems(self, study: Study) -> list[Problem]:
        """Say which values do not exist in the study."""
        levels = [level.name for level in study.level]
        if self.level not in levels:
            return [
                _unknown("level", self.level, f"study {study.name!r} has no such level", levels)
            ]
        outcomes = study.get_level(self.level).outcomes
        if self.outcome not in outcomes:
            what = f"level {self.level!r} of study {study.name!r} has no such outcome"
            return [_unknown("outcome", self.outcome, what, outcomes)]
        return []


@dataclass(frozen=True, slots=True)
class EffectParameters(LevelParameters):
    """`03_effect`: one run for each level and outcome.

    Attributes
    ----------
    estimators
        ``level`` for those of the level, or names separated by commas.
    """

    estimators: EstimatorNames = "level"


@dataclass(frozen=True, slots=True)
class RobustnessParameters(LevelParameters):
    """`04_robustness`: one run for each level and each outcome in its `robustness` list.

    Attributes
    ----------
    estimator
        The one that the checks start from: ``main`` for that of the level, or a name.
    """

    estimator: EstimatorName = "main"


@dataclass(frozen=True, slots=True)
class SensitivityParameters(RobustnessParameters):
    """`07_sensitivity`: as `04_robustness`."""


@dataclass(frozen=True, slots=True)
class RecoveryParameters(Parameters):
    """`05_recovery`: one run for each study whose true effects are known."""

    def problems(self, study: Study) -> list[Problem]:
        """Say which values do not exist in the study."""
        if study.truth is not None:
            return []
        what = f"the true effects of study {study.name!r} are not known"
        return [Problem(what, "parameter 'study'", "recovery is for simulated studies")]


@dataclass(frozen=True, slots=True)
class SummaryParameters(Parameters):
    """`06_summary`: one run a study."""


NOTEBOOKS: dict[str, type[Parameters]] = {
    "01_clean": CleanParameters,
    "02_describe": DescribeParameters,
    "03_effect": EffectParameters,
    "04_robustness": RobustnessParameters,
    "05_recovery": RecoveryParameters,
    "06_summary": SummaryParameters,
    "07_sensitivity": SensitivityParameters,
}


def read_parameters(notebook: str, given: Mapping[str, Any], studies: Path) -> Parameters:
    """Check the parameters for one run of a notebook.

    Parameters
    ----------
    notebook
        The name of the notebook, such as ``03_effect``.
    given
        Name -> value.
    studies
        The folder of study files.

    Returns
    -------
    EffectParameters or another
        An instance of the notebook's dataclass in `NOTEBOOKS`.

    Raises
    ------
    ParameterError
        If there is no such notebook, or a parameter is unknown, missing, of the wrong type, or
        names a study, level or outcome that does not exist.
    """
    if notebook not in NOTEBOOKS:
        problem = Problem(
            f"there is no notebook {notebook!r}", "notebooks", did_you_mean(notebook, NOTEBOOKS)
        )
        raise ParameterError("the notebook cannot be run", [problem])
    title = f"notebook {notebook} cannot be run with these parameters"

    def place(location: Location) -> str:
        return f"parameter {location[-1]!r}" if location else "parameters"

    parameters = build_strictly(
        NOTEBOOKS[notebook], given, title=title, error=ParameterError, place=place
    )
    known = list_studies(studies)
    if parameters.study not in known:
        problem = _unknown("study", parameters.study, "there is no such study", known)
        raise ParameterError(title, [problem])
    if problems := parameters.problems(load_study(parameters.study, studies)):
        raise ParameterError(title, problems)
    return parameters


def _unknown(parameter: str, value: str, what: str, known: list[str] | tuple[str, ...]) -> Problem:
    return Problem(f"{what}: {value!r}", f"parameter {parameter!r}", did_you_mean(value, known))


def check_parameters_cell(source: str, notebook: str) -> None:
    """Check that a notebook's `parameters` cell names exactly its dataclass's fields.

    Parameters
    ----------
    source
        The code of the cell: one ``name = literal`` a line.
    notebook
        The name of the notebook.

    Raises
    ------
    ParameterError
        If a parameter is missing or too many, or a line is anything but ``name = literal``.

    Examples
    --------
    >>> check_parameters_cell('study = "beijing"', "01_clean")
    """
    wanted = [field.name for field in fields(NOTEBOOKS[notebook])]
    found, problems = _assigned(source)
    for name in found:
        if name not in wanted:
            what = f"unknown parameter {name!r}"
            problems.append(Problem(what, "the cell 'parameters'", did_you_mean(name, wanted)))
    if missing := [name for name in wanted if name not in found]:
        hint = f"add a line '{missing[0]} = …'"
        problems.append(Problem(f"no line for {listing(missing)}", "the cell 'parameters'", hint))
    if problems:
        raise ParameterError(f"notebooks/{notebook}.py declares other parameters", problems)


def _assigned(source: str) -> tuple[list[str], list[Problem]]:
    names, problems = [], []
    for statement in ast.parse(source).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant()):
                names.append(name)
            case _:
                what = f"not a plain 'name = value': {ast.unparse(statement)}"
                where = f"the cell 'parameters', line {statement.lineno}"
                problems.append(Problem(what, where, "write one parameter a line, with its value"))
    return names, problems
