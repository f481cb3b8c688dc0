"""ArcGIS feature services: the attributes of features, each page after the last key before it.

Dates come as milliseconds since 1970 and are written so. Geometry is never asked for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.connectors.checks import check_columns, following, sql_literal, unexpected
from analysis.connectors.connector import Page, Position
from analysis.connectors.http import Http
from analysis.study.download import Download

__all__ = ["ArcGIS", "connect_arcgis"]


@dataclass(frozen=True, slots=True)
class ArcGIS:
    """One layer of a feature service; see `analysis.connectors.connector.Connector`."""

    download: Download
    http: Http
    method: str = "keyset"
    start: Position = field(default_factory=dict)
    beside: Mapping[str, bytes] = field(default_factory=dict)

    def fetch(self, position: Position) -> Page:
        """Fetch the features whose key is greater than the last one."""
        given = self.download
        where = _where(given)
        if "after" in position:
            where = f"({where}) AND {given.order} > {sql_literal(position['after'])}"
        query = {
            "where": where,
            "outFields": ",".join(given.select),
            "orderByFields": f"{given.order} ASC",
            "resultRecordCount": str(given.page_size),
            "returnGeometry": "false",
            "f": "json",
        }
        match _ask(given, self.http, "/query", query):
            case {"features": list(features), "fields": list(fields), **rest}:
                records = tuple(feature["attributes"] for feature in features)
                if not records and rest.get("exceededTransferLimit"):
                    raise unexpected(given, "it announces more features and gives none")
                names = tuple(str(described["name"]) for described in fields)
            # A page without features may come without fields.
            case {"features": []}:
                records, names = (), given.select
            case _:
                raise unexpected(given, "it does not answer with features and fields")
        return Page(records, names, query, following(given, records))

    def count(self) -> int:
        """Count the features that `where` lets through."""
        query = {"where": _where(self.download), "returnCountOnly": "true", "f": "json"}
        match _ask(self.download, self.http, "/query", query):
            case {"count": int(total)}:
                return total
            case _:
                raise unexpected(self.download, "it does not say how many features there are")


def connect_arcgis(download: Download, http: Http) -> ArcGIS:
    """Reach a layer: see that it has the columns, and how many rows it gives at once."""
    described = _ask(download, http, "", {"f": "json"})
    match described:
        case {"fields": list(fields)}:
            check_columns(download, [str(known["name"]) for known in fields])
        case _:
            raise unexpected(download, "it does not describe a layer")
    most = described.get("maxRecordCount")
    if isinstance(most, int) and 0 < most < download.page_size:
        download = dataclasses.replace(download, page_size=most)
    return ArcGIS(download, http)


def _ask(download: Download, http: Http, verb: str, query: Mapping[str, str]) -> dict[str, Any]:
    address = f"{download.address.rstrip('/')}/{download.dataset}{verb}"
    document = http.get_json(address, query).document
    if not isinstance(document, dict):
        raise unexpected(download, "it does not answer with an object")
    return document


def _where(download: Download) -> str:
    return download.where or "1=1"
