"""Socrata's SODA 2: rows as JSON, each page after the last key of the page before.

Numbers come as text, and empty cells are left out of a row; both are written as they come, but for
the empty cells, which become null.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.connectors.answers import Answer
from analysis.connectors.checks import following, sql_literal, unexpected
from analysis.connectors.connector import Page, Position
from analysis.connectors.http import Http
from analysis.study.download import Download

__all__ = ["Socrata", "connect_socrata"]


@dataclass(frozen=True, slots=True)
class Socrata:
    """One data set of a Socrata portal; see `analysis.connectors.connector.Connector`."""

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
            conditions.append(f"{given.order} > {sql_literal(position['after'])}")
        query = {"$select": ",".join(given.select), "$order": given.order}
        query |= {"$limit": str(given.page_size)}
        if conditions:
            query["$where"] = " AND ".join(conditions)
        answer = self._ask(query)
        records = tuple(answer.document)
        columns = _listed(answer, "X-SODA2-Fields") or list(given.select)
        # Fields that the system adds, such as `:id`, are not always listed.
        columns += [name for name in given.select if name.startswith(":")]
        after = _typed(following(given, records), _type_of(answer, given.order))
        return Page(records, tuple(columns), query, after)

    def count(self) -> int:
        """Count the rows that `where` lets through."""
        query = {"$select": "count(*) AS total"}
        if self.download.where:
            query["$where"] = self.download.where
        match self._ask(query).document:
            case [{"total": total}]:
                return int(total)
            case _:
                raise unexpected(self.download, "it does not say how many rows there are")

    def _ask(self, query: Mapping[str, str]) -> Answer:
        address = f"{self.download.address.rstrip('/')}/resource/{self.download.dataset}.json"
        answer = self.http.get_json(address, query)
        rows = answer.document
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise unexpected(self.download, "it does not answer with a list of rows")
        return answer


def connect_socrata(download: Download, http: Http) -> Socrata:
    """Reach a data set; whether it is there shows at the first question."""
    return Socrata(download, http)


def _typed(position: Position | None, kind: str) -> Position | None:
    """Make a key of a number column a number again, so that 9 < 10 as the portal orders them."""
    if position is None or kind != "number":
        return position
    text = str(position["after"])
    return {"after": int(text)} if text.lstrip("-").isdecimal() else position


def _type_of(answer: Answer, column: str) -> str:
    types = dict(
        zip(_listed(answer, "X-SODA2-Fields"), _listed(answer, "X-SODA2-Types"), strict=False)
    )
    return types.get(column, "")


def _listed(answer: Answer, header: str) -> list[str]:
    """Read a header that lists names as JSON; portals leave it out when it would be too long."""
    try:
        names = json.loads(answer.headers.get(header, "[]"))
    except ValueError:
        return []
    return [str(name) for name in names] if isinstance(names, list) else []
