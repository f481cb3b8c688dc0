"""What a portal's answer says: data, a fault that may pass, or a refusal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from analysis.connectors.stated import StatedError, stated_error
from analysis.errors import Problem, RunError

__all__ = [
    "Answer",
    "PassingFaultError",
    "RefusedError",
    "check_status",
    "in_words",
    "read_json",
    "shown",
    "web_page",
]

# Too busy, or broken for the moment. 202 is what Socrata says while it still prepares an answer.
PASSING = frozenset({202, 408, 429, 500, 502, 503, 504})
ADDRESS_SHOWN = 300


class PassingFaultError(Exception):
    """A fault that may be gone at the next try.

    Parameters
    ----------
    what
        What is wrong, as a sentence without a full stop.
    retry_after
        The header of that name, if the portal sent it.
    """

    def __init__(self, what: str, retry_after: str | None = None) -> None:
        super().__init__(what)
        self.retry_after = retry_after


class RefusedError(RunError):
    """The portal answered, and said no.

    Attributes
    ----------
    status
        The status of HTTP, or the code in the answer; 0 if there is neither.
    """

    status: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON document and the headers that it came with."""

    document: Any
    headers: Mapping[str, str]


def check_status(response: requests.Response) -> None:
    """Raise what a status other than success means; read the body for the portal's own words.

    Raises
    ------
    PassingFaultError
        If it may be gone at the next try.
    RefusedError
        If it will not.
    """
    status = response.status_code
    if status in PASSING:
        raise PassingFaultError(
            f"it answers {status} ({response.reason})", response.headers.get("Retry-After")
        )
    if status >= 400:
        stated = _stated_in_body(response)
        if stated is not None and stated.code in PASSING:
            raise PassingFaultError(f"it answers {status}: {stated.message}")
        raise _refused(response, status, stated.message if stated else "")


def _stated_in_body(response: requests.Response) -> StatedError | None:
    try:
        return stated_error(json.loads(response.content))
    except ValueError:
        return None


def read_json(response: requests.Response) -> Answer:
    """Read a JSON document that states no error.

    Raises
    ------
    PassingFaultError
        If it is cut, or says that the portal is busy.
    RefusedError
        If it states another error, or is a web page.
    """
    content = response.content
    if content.lstrip()[:1] == b"<":
        raise web_page(response)
    try:
        document = json.loads(content, parse_constant=_no_number)
    except ValueError as failure:
        raise PassingFaultError(f"its answer is not JSON ({failure})") from None
    stated = stated_error(document)
    if stated is not None and stated.code in PASSING:
        raise PassingFaultError(f"it answers {stated.code}: {stated.message}")
    if stated is not None:
        raise _refused(response, stated.code, stated.message)
    return Answer(document, response.headers)


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number of JSON")


def web_page(response: requests.Response) -> RefusedError:
    """Make the error for an answer that is meant for a browser."""
    what = "the answer is a web page, not data: a login, a block, or a portal that has moved"
    hint = "open the address in a browser; if it asks for a login, the data are not open"
    return RefusedError(
        "the portal does not give the data", [Problem(what, _asked(response), hint)]
    )


def _refused(response: requests.Response, status: int, message: str) -> RefusedError:
    hints = {
        400: "look at 'select', 'order' and 'where' in the study file",
        401: "the data are not open, or the app token is wrong",
        403: "the data are not open, or the app token is wrong",
        404: "look at 'address' and 'dataset' in the study file: there is no such dataset",
        409: "look at 'select', 'order' and 'where' in the study file",
    }
    words = f": {message}" if message else ""
    told = f"it answers {status}{words}" if status else f"it answers with an error{words}"
    hint = hints.get(status, "look at the table in the study file")
    refused = RefusedError(
        "the portal does not give the data", [Problem(told, _asked(response), hint)]
    )
    refused.status = status
    return refused


def in_words(fault: Exception) -> str:
    """Say what a passing fault is, without addresses: those may hold a token."""
    if isinstance(fault, PassingFaultError):
        return str(fault)
    if isinstance(fault, requests.Timeout) or "timed out" in str(fault):
        return "it does not answer in time"
    if isinstance(fault, requests.exceptions.SSLError):
        return "its certificate cannot be checked"
    if isinstance(fault, requests.ConnectionError) and "IncompleteRead" not in str(fault):
        return "no connection"
    return "the connection was cut before the end of the answer"


def shown(address: str, query: Mapping[str, str]) -> str:
    """Write an address with its query as a message shows it: not longer than a few lines."""
    url = requests.Request("GET", address, params=query).prepare().url or address
    return url if len(url) <= ADDRESS_SHOWN else f"{url[:ADDRESS_SHOWN]}…"


def _asked(response: requests.Response) -> str:
    # Where a portal sends its clients on to may be signed with a secret of that moment.
    first = response.history[0] if response.history else response
    return shown(first.url, {})
