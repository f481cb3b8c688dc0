"""Before the Complaint: effects of proactive handling on complaint volume and satisfaction.

The surface for scholars who bring their own data: the data contract, the measures of the four
dimensions, and the estimators. Each name is loaded when it is first used, so that importing one
part of the package does not load the others.

Examples
--------
>>> from analysis import COLUMNS
>>> COLUMNS[0].name
'unit'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.contract.columns import COLUMNS
    from analysis.contract.measures import MEASURES, add_measures, targeting
    from analysis.contract.validate import validate_panel
    from analysis.effects.design import Design
    from analysis.effects.estimate import estimate
    from analysis.effects.registry import ESTIMATORS
    from analysis.effects.result import Result
    from analysis.errors import CompendiumError
    from analysis.study.load import read_study

__all__ = [
    "COLUMNS",
    "ESTIMATORS",
    "MEASURES",
    "CompendiumError",
    "Design",
    "Result",
    "add_measures",
    "estimate",
    "read_study",
    "targeting",
    "validate_panel",
]

_HOME = {
    "COLUMNS": "analysis.contract.columns",
    "ESTIMATORS": "analysis.effects.registry",
    "MEASURES": "analysis.contract.measures",
    "CompendiumError": "analysis.errors",
    "Design": "analysis.effects.design",
    "Result": "analysis.effects.result",
    "add_measures": "analysis.contract.measures",
    "estimate": "analysis.effects.estimate",
    "read_study": "analysis.study.load",
    "targeting": "analysis.contract.measures",
    "validate_panel": "analysis.contract.validate",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
