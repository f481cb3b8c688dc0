"""Open311 GeoReport v2: requests by date, in windows of at most 90 days, each in numbered pages.

The standard knows no total and no choice of columns: all fields come, and only the chosen ones are
written. Nested fields (Chicago's `extended_attributes`) get dotted names; lists stay lists.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl

from analysis.connectors.checks import unexpected
from analysis.connectors.connector import Page, Position
from analysis.connectors.http import Http
from analysis.study.download import Download

__all__ = ["Open311", "connect_open311"]

# The standard lets an endpoint refuse longer ones.
WINDOW = timedelta(days=90)
# The fields that the standard promises for every request; any other may be left out of a record.
PROMISED = ("service_request_id", "status", "service_code", "requested_datetime")


@dataclass(frozen=True, slots=True)
class Open311:
    """The requests of one endpoint; see `analysis.connectors.connector.Connector`."""

    download: Download
    http: Http
    start: Position
    beside: Mapping[str, bytes]
    method: str = "windows"

    def fetch(self, position: Position) -> Page:
        """Fetch a page of a window; after an empty page comes the next window."""
        given = self.download
        first, number = date.fromisoformat(str(position["first_day"])), int(position["page"])
        last = min(first + WINDOW - timedelta(days=1), date.fromisoformat(str(given.last_day)))
        query = {
            "start_date": f"{first}T00:00:00Z",
            "end_date": f"{last}T23:59:59Z",
            "page": str(number),
            "page_size": str(given.page_size),
        }
        query |= dict(parse_qsl(given.where or "", keep_blank_values=True))
        document = _ask(given, self.http, given.dataset, query)
        # A request that is still being taken in has a token and no id yet.
        records = tuple(_flat(told) for told in document if told.get(PROMISED[0]))
        after: Position | None = {**position, "page": number + 1}
        if not document:
            tomorrow = last + timedelta(days=1)
            ended = tomorrow > date.fromisoformat(str(given.last_day))
            after = None if ended else {**position, "first_day": str(tomorrow), "page": 1}
        return Page(records, _columns(given, records), query, after)

    def count(self) -> int | None:
        """Say nothing: the standard has no total."""
        return None


def connect_open311(download: Download, http: Http) -> Open311:
    """Reach an endpoint and save its list of services. A key is sent as a bearer token."""
    services = _ask(download, http, "services", {})
    text = json.dumps(services, ensure_ascii=False, indent=1) + "\n"
    # The numbers of pages of another size mean other requests, so the size is part of a position.
    start: Position = {"first_day": str(download.first_day), "page": 1, "size": download.page_size}
    return Open311(download, http, start, {"services.json": text.encode()})


def _ask(
    download: Download, http: Http, what: str, query: Mapping[str, str]
) -> list[dict[str, Any]]:
    document = http.get_json(f"{download.address.rstrip('/')}/{what}.json", query).document
    if not isinstance(document, list) or not all(isinstance(told, dict) for told in document):
        raise unexpected(download, f"{what}.json is not a list of objects")
    return document


def _flat(record: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Lay nested fields flat: {"a": {"b": 1}} becomes {"a.b": 1}."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{above}{name}.")
        else:
            flat[f"{above}{name}"] = value
    return flat


def _columns(download: Download, records: tuple[dict[str, Any], ...]) -> tuple[str, ...]:
    """Name the chosen columns that may be relied on: promised ones must stand in every record."""
    lost = {name for name in PROMISED for record in records if name not in record}
    new = dict.fromkeys(name for record in records for name in record) if lost else {}
    chosen = tuple(name for name in download.select if name not in lost)
    return chosen + tuple(name for name in new if name not in chosen)
