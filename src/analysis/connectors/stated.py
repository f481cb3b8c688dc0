"""The error that a JSON document states, in the ways of the four protocols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["StatedError", "stated_error"]


@dataclass(frozen=True, slots=True)
class StatedError:
    """What a portal says went wrong.

    Attributes
    ----------
    code
        Its number, if that is one of HTTP's; else 0.
    message
        Its words.
    """

    code: int
    message: str


def stated_error(document: Any) -> StatedError | None:
    """Find the error that a document states, even if it was served as a success.

    Parameters
    ----------
    document
        Parsed JSON.

    Returns
    -------
    StatedError or None
        `None` for data.

    Examples
    --------
    >>> stated_error({"error": {"code": 400, "message": "Cannot perform query"}})
    StatedError(code=400, message='Cannot perform query')
    >>> stated_error({"success": True, "result": {}}) is None
    True
    """
    match document:
        case {"success": False, "error": dict(error)}:  # CKAN
            # Of a wrong query, CKAN says what is wrong under "info", "query" or a column's name.
            return StatedError(0, _words(error))
        case {"success": False}:
            return StatedError(0, "the request failed, no reason given")
        case {"error": True, **rest}:  # Socrata
            return StatedError(0, _words(rest))
        case {"error": dict(error)}:  # ArcGIS
            return StatedError(_number(error.get("code")), _words(error))
        case [{"code": code, "description": str(description)}, *_] if _number(code) >= 400:
            return StatedError(_number(code), description)  # Open311
        case _:
            return None


def _words(error: Mapping[Any, Any]) -> str:
    told = error.get("message")
    if isinstance(told, str) and told:
        return told
    parts = [f"{key}: {value}" for key, value in error.items() if not str(key).startswith("__")]
    return "; ".join(parts) or "no reason given"


def _number(code: Any) -> int:
    text = str(code)
    return int(text) if text.isdecimal() and 100 <= int(text) < 600 else 0
