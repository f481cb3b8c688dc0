"""What a key of a study file may hold, and that nothing else is accepted."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, ConfigDict, Field

from analysis.contract.columns import COLUMNS
from analysis.contract.measures import MEASURES
from analysis.errors import did_you_mean

__all__ = ["ColumnName", "MeasureName", "Month", "Name", "Strict"]


def _known_column(name: str) -> str:
    known = [c.name for c in COLUMNS] + [m.name for m in MEASURES]
    if name not in known:
        hint = did_you_mean(name, known)
        raise ValueError(f"{name!r} is not a column of the data contract; {hint}")
    return name


def _known_measure(name: str) -> str:
    known = [declared.name for declared in MEASURES]
    if name not in known:
        raise ValueError(f"{name!r} is not a measure; {did_you_mean(name, known)}")
    return name


Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
ColumnName = Annotated[str, AfterValidator(_known_column)]
MeasureName = Annotated[str, AfterValidator(_known_measure)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Strict:
    """A key that a dataclass does not declare, or a value of another type, is an error."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)
