"""CKAN's datastore: by SQL where the portal allows it, else by pages, else the file itself.

By SQL each page begins after the last key of the page before, so that rows that are added or taken
away meanwhile shift nothing. Portals may switch SQL off; then pages are counted off, and what
shifts is found by rows that come twice or by the total. A resource whose datastore is empty is
read from its CSV file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.connectors.answers import RefusedError
from analysis.connectors.checks import check_columns, following, sql_literal, unexpected
from analysis.connectors.ckan_file import CkanFile, connect_file
from analysis.connectors.connector import Page, Position
from analysis.connectors.http import Http
from analysis.errors import Problem, RunError
from analysis.study.download import Download

__all__ = ["CkanPages", "CkanSql", "connect_ckan"]

# What portals answer when they have no SQL: the action is unknown, or not for everybody.
NO_SQL = frozenset({400, 403, 404})


@dataclass(frozen=True, slots=True)
class CkanSql:
    """One resource, by `datastore_search_sql`."""

    download: Download
    http: Http
    method: str = "keyset"
    start: Position = field(default_factory=dict)
    beside: Mapping[str, bytes] = field(default_factory=dict)

    def fetch(self, position: Position) -> Page:
        """Fetch the rows whose key is greater than the last one."""
        given = self.download
        conditions = [f"({given.where})"] if given.where else []
        if "after" in position:
            conditions.append(f'"{given.order}" > {sql_literal(position["after"])}')
        columns = ", ".join(f'"{name}"' for name in given.select)
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        query = {
            "sql": f'SELECT {columns} FROM "{given.dataset}"{where} '
            f'ORDER BY "{given.order}" LIMIT {given.page_size}'
        }
        result = _act(given, self.http, "datastore_search_sql", query)
        return _page(given, result, query)

    def count(self) -> int:
        """Count the rows that `where` lets through."""
        where = f" WHERE {self.download.where}" if self.download.where else ""
        query = {"sql": f'SELECT COUNT(*) AS total FROM "{self.download.dataset}"{where}'}
        match _act(self.download, self.http, "datastore_search_sql", query):
            case {"records": [{"total": total}]}:
                return int(total)
            case _:
                raise unexpected(self.download, "it does not say how many rows there are")


@dataclass(frozen=True, slots=True)
class CkanPages:
    """One resource, by `datastore_search`, for portals without SQL."""

    download: Download
    http: Http
    method: str = "offsets"
    start: Position = field(default_factory=lambda: {"offset": 0})
    beside: Mapping[str, bytes] = field(default_factory=dict)

    def fetch(self, position: Position) -> Page:
        """Fetch the rows from an offset on."""
        given = self.download
        query = {
            "resource_id": given.dataset,
            "fields": ",".join(given.select),
            "sort": given.order,
            "limit": str(given.page_size),
            "offset": str(position["offset"]),
        }
        result = _act(given, self.http, "datastore_search", query)
        page = _page(given, result, query)
        after: Position | None = None
        if page.records:
            after = {"offset": int(position["offset"]) + len(page.records)}
        return Page(page.records, page.columns, query, after)

    def count(self) -> int:
        """Read the total that each answer carries."""
        return _total(self.download, _outline(self.download, self.http))


def connect_ckan(download: Download, http: Http) -> CkanSql | CkanPages | CkanFile:
    """Reach a resource, in the best of the ways that the portal offers."""
    try:
        outline = _outline(download, http)
    except RefusedError as refused:
        if refused.status != 404:
            raise
        # No datastore; the resource may still have its file. If not, that says so.
        return _connect_file(download, http)
    if _total(download, outline) == 0:
        return _connect_file(download, http)
    check_columns(download, [str(described["id"]) for described in outline["fields"]])
    by_sql = CkanSql(download, http)
    try:
        by_sql.count()
    except RefusedError as refused:
        if refused.status not in NO_SQL:
            raise
        if download.where:
            hint = "delete 'where' and leave the rows out later"
            problem = Problem("the portal allows no SQL", download.folder, hint)
            raise RunError("the filter cannot be used", [problem]) from None
        return CkanPages(download, http)
    return by_sql


def _connect_file(download: Download, http: Http) -> CkanFile:
    resource = _act(download, http, "resource_show", {"id": download.dataset})
    return connect_file(download, http, resource)


def _outline(download: Download, http: Http) -> dict[str, Any]:
    query = {"resource_id": download.dataset, "limit": "0"}
    result = _act(download, http, "datastore_search", query)
    if not isinstance(result.get("fields"), list):
        raise unexpected(download, "it does not describe its columns")
    return result


def _total(download: Download, outline: Mapping[str, Any]) -> int:
    total = outline.get("total")
    if not isinstance(total, int):
        raise unexpected(download, "it does not say how many rows there are")
    return total


def _page(download: Download, result: Mapping[str, Any], query: Mapping[str, str]) -> Page:
    match result:
        case {"records": list(records), "fields": list(fields)}:
            columns = tuple(str(described["id"]) for described in fields)
            return Page(tuple(records), columns, query, following(download, tuple(records)))
        case _:
            raise unexpected(download, "it does not answer with records and fields")


def _act(download: Download, http: Http, action: str, query: Mapping[str, str]) -> dict[str, Any]:
    address = f"{download.address.rstrip('/')}/api/3/action/{action}"
    match http.get_json(address, query).document:
        case {"success": True, "result": dict(result)}:
            return result
        case _:
            raise unexpected(download, f"{action} does not answer as CKAN does")
