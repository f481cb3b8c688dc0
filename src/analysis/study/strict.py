"""Turn plain data into a strict dataclass, and every failure into a problem that helps."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from analysis.errors import CompendiumError, Problem, did_you_mean

__all__ = ["Location", "build_strictly"]

Built = TypeVar("Built")
Location = tuple[str | int, ...]


def build_strictly(
    wanted: type[Built],
    given: Mapping[str, Any],
    *,
    title: str,
    error: type[CompendiumError],
    place: Callable[[Location], str],
) -> Built:
    """Build a dataclass from plain data, or report every key and value that does not fit.

    Parameters
    ----------
    wanted
        A dataclass whose pydantic configuration is strict.
    given
        Keys and values as TOML or the command line gives them.
    title
        The first line of the error.
    error
        The class of the error.
    place
        Says where a key is, from its path in the data (file and line, or the parameter's name).

    Returns
    -------
    wanted
        The dataclass.

    Raises
    ------
    CompendiumError
        Of the class `error`, naming each unknown key (with the nearest one), each missing key
        and each value of the wrong type.
    """
    try:
        # JSON, because pydantic's strict mode then still takes an array for a tuple.
        return TypeAdapter(wanted).validate_json(json.dumps(given))
    except ValidationError as failure:
        problems = [_problem(wanted, detail, place) for detail in failure.errors()]
        raise error(title, problems) from None


def _problem(wanted: type, detail: ErrorDetails, place: Callable[[Location], str]) -> Problem:
    location = detail["loc"]
    key = location[-1] if location else ""
    match detail["type"]:
        case "unexpected_keyword_argument" | "extra_forbidden":
            hint = did_you_mean(str(key), _keys_at(wanted, location[:-1]))
            return Problem(f"unknown key {key!r}", place(location), hint)
        case "missing" | "missing_argument":
            where = place(location[:-1])
            return Problem(f"key {key!r} is missing", where, f"give it a value: {key} = …")
        case _:
            message = detail["msg"].removeprefix("Value error, ")
            value = detail["input"]
            shown = "" if isinstance(value, (dict, list)) else f" (given: {value!r})"
            return Problem(f"{_lower_first(message)}{shown}", place(location))


def _lower_first(message: str) -> str:
    return message[:1].lower() + message[1:]


def _keys_at(wanted: type, path: Location) -> list[str]:
    """Name the keys that are allowed at a path, by walking the dataclasses' annotations."""
    here: Any = wanted
    for step in path:
        if dataclasses.is_dataclass(here) and isinstance(step, str):
            here = typing.get_type_hints(here).get(step)
        here = _inner(here)
    return [f.name for f in dataclasses.fields(here)] if dataclasses.is_dataclass(here) else []


def _inner(annotation: Any) -> Any:
    """Take the dataclass out of `tuple[X, ...]` and `X | None`."""
    if typing.get_origin(annotation) in {tuple, list, typing.Union, types.UnionType}:
        for argument in typing.get_args(annotation):
            if dataclasses.is_dataclass(argument):
                return argument
    return annotation
