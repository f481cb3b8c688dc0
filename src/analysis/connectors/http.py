"""Ask a portal over HTTP, patiently: passing faults are tried again, others are told at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError
from urllib3.util import Retry

from analysis.connectors.answers import (
    Answer,
    PassingFaultError,
    RefusedError,
    check_status,
    in_words,
    read_json,
    shown,
)
from analysis.errors import Problem, RunError

__all__ = ["Http", "Patience"]

Read = TypeVar("Read")

# Portals like to know who asks, and some turn away clients that do not say.
USER_AGENT = "before-the-complaint (research compendium)"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on asking.

    Attributes
    ----------
    retries
        How often one request is tried again.
    backoff
        Seconds that the waits begin with; each is twice the one before, and up to as much again
        by chance, so that many who wait do not come back at once.
    longest_wait
        Seconds that no wait exceeds, whatever the portal asks for.
    timeout
        Seconds to wait for a connection, and for the next bytes.
    sleep
        Waits so many seconds.
    """

    retries: int = 6
    backoff: float = 1.0
    longest_wait: int = 120
    timeout: tuple[float, float] = (15.0, 120.0)
    sleep: Callable[[float], None] = time.sleep

    def new_retry(self) -> Retry:
        """Count afresh, for one request."""
        return Retry(
            total=self.retries,
            backoff_factor=self.backoff,
            backoff_jitter=self.backoff,
            backoff_max=self.longest_wait,
            retry_after_max=self.longest_wait,
        )


@dataclass(frozen=True, slots=True)
class Http:
    """A session with one portal.

    Attributes
    ----------
    token_header, token
        The header that carries the app token, and the header's value; empty for none. The token
        is sent to the portal's own host only and is blotted out of every message.
    patience
        See `Patience`.
    say
        Tells the user that a request is tried again, and why.
    """

    token_header: str = ""
    token: str = field(default="", repr=False)
    patience: Patience = Patience()
    say: Callable[[str], None] = lambda line: None
    _session: requests.Session = field(default_factory=lambda: _OneHostSession(), repr=False)

    def get_json(self, address: str, query: Mapping[str, str]) -> Answer:
        """Fetch a JSON document that states no error.

        Parameters
        ----------
        address
            Without a query.
        query
            The parameters.

        Raises
        ------
        RefusedError
            If the portal refuses, or answers with a web page.
        RunError
            If the last try failed too.
        """
        return self.get(address, query, read_json)

    def get(
        self,
        address: str,
        query: Mapping[str, str],
        read: Callable[[requests.Response], Read],
        headers: Mapping[str, str] | None = None,
    ) -> Read:
        """Fetch an answer and read it, as often as needed.

        Parameters
        ----------
        address, query
            See `get_json`.
        read
            Reads the open response; what it began to build is thrown away if the connection is
            cut, so a page is whole or is not there.
        headers
            More headers.
        """
        retry = self.patience.new_retry()
        sent = {"User-Agent": USER_AGENT, **(headers or {})}
        if self.token:
            sent[self.token_header] = self.token
        while True:
            try:
                with self._session.get(
                    address,
                    params=query,
                    headers=sent,
                    timeout=self.patience.timeout,
                    stream=True,
                ) as response:
                    check_status(response)
                    return read(response)
            except RefusedError as refused:
                raise self._without_token(refused) from None
            except (requests.RequestException, HTTPError, PassingFaultError) as fault:
                _check_can_be_asked(address, fault)
                retry = self._wait(retry, address, query, fault)

    def _wait(
        self, retry: Retry, address: str, query: Mapping[str, str], fault: Exception
    ) -> Retry:
        what = in_words(fault)
        try:
            counted = retry.increment("GET", address, error=PassingFaultError(what))
        except MaxRetryError:
            hint = "start the download again: it goes on where it stopped"
            where = self._blot(shown(address, query))
            problem = Problem(f"{what}, {self.patience.retries + 1} times", where, hint)
            raise RunError("the portal does not give the data", [problem]) from None
        asked = getattr(fault, "retry_after", None)
        seconds = _asked_wait(counted, asked)
        seconds = counted.get_backoff_time() if seconds is None else seconds
        self.say(self._blot(f"{what}; asking again in {seconds:.0f} s"))
        self.patience.sleep(seconds)
        return counted

    def _without_token(self, refused: RefusedError) -> RefusedError:
        problems = [
            Problem(self._blot(p.what), self._blot(p.where), p.hint) for p in refused.problems
        ]
        cleaned = RefusedError(refused.title, problems)
        cleaned.status = refused.status
        return cleaned

    def _blot(self, text: str) -> str:
        secret = self.token.removeprefix("Bearer ")
        return text.replace(secret, "…") if secret else text


class _OneHostSession(requests.Session):
    """Forgets every token when it is sent on to another host, as requests does with its own."""

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        before, after = urlsplit(response.url), urlsplit(prepared_request.url)
        if (before.scheme, before.netloc) != (after.scheme, after.netloc):
            for name in ("X-App-Token", "Authorization"):
                prepared_request.headers.pop(name, None)
        super().rebuild_auth(prepared_request, response)  # type: ignore[no-untyped-call]


def _check_can_be_asked(address: str, fault: Exception) -> None:
    wrong = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)
    if isinstance(fault, (*wrong, requests.TooManyRedirects)):
        hint = "look at 'address' in the study file"
        problem = Problem("nothing can be fetched from this address", address, hint)
        raise RunError("the portal does not give the data", [problem]) from None


def _asked_wait(retry: Retry, header: str | None) -> float | None:
    try:
        return retry.parse_retry_after(header) if header else None
    except InvalidHeader:
        return None
