"""A portal on this computer that speaks the four protocols, and fails in the ways asked of it."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from analysis.study.download import Download

COLUMNS = ("id", "opened", "status", "kind", "ward", "note", "address")
DATASET = "abcd-1234"
# Served at once at most, whatever is asked for.
MOST = 50


def make_rows(number: int) -> list[dict[str, Any]]:
    """Make invented tickets; ids of one and of two digits, empty cells, text that needs quoting."""
    first = datetime(2024, 1, 1, 8)
    return [
        {
            "id": 3 * i + 2,
            "opened": f"{first + timedelta(days=200 * i / max(number, 1)):%Y-%m-%dT%H:%M:%S}Z",
            "status": "open" if i % 3 else "closed",
            "kind": f"K{i % 4}",
            "ward": f"{i % 5}",
            "note": None if i % 4 == 0 else f'第{i}件, "urgent"\nsecond line',
            "address": f"{i} Secret Street",
        }
        for i in range(number)
    ]


@dataclass
class Fault:
    """Something that goes wrong once, or a few times.

    `at` counts requests for pages from 1 (or all requests, if `of_all`).
    """

    kind: str
    at: int = 2
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)
    of_all: bool = False


class Portal:
    """The tickets, how they are served, and what goes wrong."""

    def __init__(self) -> None:
        self.rows = make_rows(23)
        self.faults: list[Fault] = []
        self.datastore = True
        self.sql = True
        self.no_sql = Reply(400, "Bad request - Action name not known: datastore_search_sql")
        self.ranges = True
        self.etag = '"one"'
        self.extra_csv = b""
        self.requests: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.pages = 0
        self.last: tuple[tuple[str, ...], list[dict[str, Any]]] | None = None
        self.url = ""

    def download(self, protocol: str, **changed: Any) -> Download:
        """Ask for the tickets in one of the protocols, without their address."""
        given: dict[str, Any] = {"folder": "tickets", "page_size": 5, "dataset": DATASET}
        given |= {"order": "id", "select": tuple(name for name in COLUMNS if name != "address")}
        match protocol:
            case "open311":
                given |= {"address": f"{self.url}/open311/v2", "dataset": "requests"}
                given |= {"first_day": "2024-01-01", "last_day": "2024-07-31"}
                given |= {"order": "service_request_id", "select": OPEN311_SELECT}
            case "arcgis":
                given |= {"address": f"{self.url}/FeatureServer", "dataset": "0"}
            case _:
                given |= {"address": self.url}
        return Download(protocol=protocol, **(given | changed))  # type: ignore[arg-type]

    def expected(self, protocol: str) -> list[dict[str, Any]]:
        """Say what the parts should hold."""
        rows = [{name: row[name] for name in COLUMNS if name != "address"} for row in self.rows]
        if protocol == "open311":
            return [dict(zip(OPEN311_SELECT, _open311(row), strict=True)) for row in self.rows]
        if protocol == "socrata":
            return [row | {"id": str(row["id"])} for row in rows]
        if protocol == "ckan" and not self.datastore:
            return [{k: "" if v is None else str(v) for k, v in row.items()} for row in rows]
        return rows

    # ------------------------------------------------------------------ the four protocols

    def answer(self, path: str, query: dict[str, str]) -> Reply:
        if path.startswith("/api/3/action/"):
            return self._ckan(path.rpartition("/")[2], query)
        if path.startswith("/resource/"):
            return self._socrata(path, query)
        if path.startswith("/FeatureServer"):
            return self._arcgis(path, query)
        if path.startswith("/open311/v2/"):
            return self._open311(path, query)
        if path == "/files/tickets.csv":
            return self._file()
        return Reply(404, {"message": "nothing is here"})

    def _ckan(self, action: str, query: dict[str, str]) -> Reply:
        asked = query.get("resource_id") or query.get("id") or query.get("sql", "")
        if DATASET not in asked:
            error = {"__type": "Not Found Error", "message": "Not found: Resource was not found."}
            return Reply(404, {"success": False, "error": error})
        if action == "resource_show":
            url = f"{self.url}/files/tickets.csv"
            return Reply(200, {"success": True, "result": {"url": url, "format": "CSV"}})
        if action == "datastore_search_sql":
            if not self.sql:
                return self.no_sql
            sql = query["sql"].replace(f'"{DATASET}"', "tickets")
            try:
                columns, rows = self._query(sql)
            except sqlite3.OperationalError as failure:
                error = {"__type": "Validation Error", "query": [str(failure)]}
                return Reply(409, {"success": False, "error": error})
            if "COUNT(*)" in sql:
                return Reply(200, _ckan_result(columns, rows))
            columns, rows = self._spoil(columns, rows)
            return Reply(200, _ckan_result(columns, rows), is_page=True)
        rows = self.rows if self.datastore else []
        if query["limit"] == "0":
            columns = ("_id", *COLUMNS)
            return Reply(200, _ckan_result(columns, [], total=len(rows)))
        chosen = query["fields"].split(",")
        begin = int(query["offset"])
        end = begin + min(int(query["limit"]), MOST)
        page = [{name: row[name] for name in chosen} for row in rows[begin:end]]
        spoiled = self._spoil(tuple(chosen), page)
        return Reply(200, _ckan_result(*spoiled, total=len(rows)), is_page=True)

    def _socrata(self, path: str, query: dict[str, str]) -> Reply:
        if DATASET not in path:
            missing = {"code": "dataset.missing", "error": True, "message": "Not found"}
            return Reply(404, missing)
        where = f" WHERE {query['$where']}" if "$where" in query else ""
        order = f" ORDER BY {query['$order']}" if "$order" in query else ""
        limit = min(int(query.get("$limit", 1000)), MOST)
        try:
            columns, rows = self._query(
                f"SELECT {query['$select']} FROM tickets{where}{order} LIMIT {limit}"
            )
        except sqlite3.OperationalError as failure:
            wrong = {"code": "query.soql.no-such-column", "error": True, "message": str(failure)}
            return Reply(400, wrong)
        is_page = "count(*)" not in query["$select"]
        if is_page:
            columns, rows = self._spoil(columns, rows)
        # Numbers come as text, empty cells do not come at all.
        document = [{k: str(v) for k, v in row.items() if v is not None} for row in rows]
        types = ["number" if name == "id" else "text" for name in columns]
        headers = {"X-SODA2-Fields": json.dumps(columns), "X-SODA2-Types": json.dumps(types)}
        return Reply(200, document, headers, is_page=is_page)

    def _arcgis(self, path: str, query: dict[str, str]) -> Reply:
        if not path.startswith("/FeatureServer/0"):
            return Reply(200, {"error": {"code": 400, "message": "Invalid URL", "details": []}})
        if path == "/FeatureServer/0":
            fields = [{"name": name, "type": "esriFieldTypeString"} for name in COLUMNS]
            return Reply(200, {"name": "tickets", "maxRecordCount": 7, "fields": fields})
        where = query["where"]
        try:
            if query.get("returnCountOnly") == "true":
                _, rows = self._query(f"SELECT COUNT(*) AS n FROM tickets WHERE {where}")
                return Reply(200, {"count": rows[0]["n"]})
            limit = int(query["resultRecordCount"])
            chosen, order = query["outFields"], query["orderByFields"]
            columns, rows = self._query(
                f"SELECT {chosen} FROM tickets WHERE {where} ORDER BY {order} LIMIT {limit + 1}"
            )
        except sqlite3.OperationalError as failure:
            wrong = {"code": 400, "message": "Cannot perform query.", "details": [str(failure)]}
            return Reply(200, {"error": wrong})
        exceeded = len(rows) > limit
        columns, rows = self._spoil(columns, rows[:limit])
        document: dict[str, Any] = {"features": [{"attributes": row} for row in rows]}
        document["fields"] = [{"name": name} for name in columns]
        if exceeded:
            document["exceededTransferLimit"] = True
        return Reply(200, document, is_page=True)

    def _open311(self, path: str, query: dict[str, str]) -> Reply:
        if path == "/open311/v2/services.json":
            return Reply(200, [{"service_code": "K0", "service_name": "Potholes"}])
        if path != "/open311/v2/requests.json":
            return Reply(404, [{"code": 404, "description": "no such resource"}])
        first, last = query["start_date"], query["end_date"]
        if datetime.fromisoformat(last) - datetime.fromisoformat(first) > timedelta(days=90):
            return Reply(400, [{"code": 400, "description": "more than 90 days"}])
        rows = [row for row in self.rows if first <= row["opened"] <= last]
        size = min(int(query["page_size"]), MOST)
        begin = size * (int(query["page"]) - 1)
        columns, rows = self._spoil(COLUMNS, rows[begin : begin + size])
        opened = next((name for name in columns if name.startswith("opened")), "opened")
        renamed = {"opened": "requested_datetime", "opened_at": "requested_at"}
        document = [
            {
                "service_request_id": str(row["id"]),
                "status": row["status"],
                "service_code": row["kind"],
                renamed[opened]: row[opened],
                "address": row["address"],
                "extended_attributes": {"ward": row["ward"], "place": {"depth": 2}},
            }
            for row in rows
        ]
        return Reply(200, document, is_page=True)

    def _file(self) -> Reply:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        writer.writerows([row[name] for name in COLUMNS] for row in self.rows)
        content = b"\xef\xbb\xbf" + text.getvalue().encode() + self.extra_csv
        return Reply(200, content, {"ETag": self.etag}, is_page=True)

    # ------------------------------------------------------------------ helpers

    def _query(self, sql: str) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
        # Also where the query fails, which is what some tests want.
        with closing(sqlite3.connect(":memory:")) as base:
            kinds = ", ".join(f"{c} {'INTEGER' if c == 'id' else 'TEXT'}" for c in COLUMNS)
            base.execute(f"CREATE TABLE tickets ({kinds})")
            places = ", ".join(f":{name}" for name in COLUMNS)
            base.executemany(f"INSERT INTO tickets VALUES ({places})", self.rows)
            found = base.execute(sql)
            names = tuple(str(described[0]) for described in found.description)
            rows = [dict(zip(names, row, strict=True)) for row in found]
        return names, rows

    def _spoil(
        self, columns: tuple[str, ...], rows: list[dict[str, Any]]
    ) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
        """Do what is wrong with the rows of a page."""
        before, self.last = self.last, (columns, rows)
        match self.due({"repeat", "rename", "lose", "double"}):
            case "repeat" if before is not None and before[1]:
                return before
            case "rename":
                new = {name: "opened_at" if name == "opened" else name for name in columns}
                return tuple(new.values()), [{new[k]: v for k, v in row.items()} for row in rows]
            case "lose":
                return columns, rows[:1] + rows[2:]
            case "double":
                return columns, rows[:1] + rows
            case _:
                return columns, rows

    def due(self, kinds: set[str]) -> str | None:
        """Take the fault of one of these kinds that is due at this request."""
        for fault in self.faults:
            number = len(self.requests) if fault.of_all else self.pages + 1
            if fault.kind in kinds and fault.times and number >= fault.at:
                fault.times -= 1
                return fault.kind
        return None


@dataclass
class Reply:
    status: int
    document: Any
    headers: dict[str, str] = field(default_factory=dict)
    is_page: bool = False


OPEN311_SELECT = (
    "service_request_id",
    "requested_datetime",
    "status",
    "service_code",
    "extended_attributes.ward",
)
STATUSES = {"202", "429", "500", "502", "503", "504"}
ON_THE_WIRE = STATUSES | {"cut", "cut_chunked", "reset", "slow", "not_json", "html", "stated"}
LOGIN = b"<!doctype html><html><title>Sign in</title></html>"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Else each answer waits for the acknowledgement of its headers.
    disable_nagle_algorithm = True
    portal: Portal

    def do_GET(self) -> None:
        portal, split = self.portal, urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        portal.requests.append((split.path, query, dict(self.headers)))
        if split.path.startswith("/moved"):
            return self._send(302, b"", {"Location": portal.moved_to})  # type: ignore[attr-defined]
        reply = portal.answer(split.path, query)
        fault = self._fault(reply)
        headers = dict(reply.headers)
        if isinstance(reply.document, bytes):
            body, headers = self._ranged(reply.document, headers)
        else:
            body = json.dumps(reply.document, ensure_ascii=False).encode()
        if reply.is_page:
            portal.pages += 1
        self._deliver(fault, 206 if "Content-Range" in headers else reply.status, body, headers)
        return None

    def _fault(self, reply: Reply) -> str | None:
        fault = self.portal.due(ON_THE_WIRE)
        if fault and not reply.is_page and not any(f.of_all for f in self.portal.faults):
            for given in self.portal.faults:
                if given.kind == fault:
                    given.times += 1  # not yet: this was not a page
            return None
        return fault

    def _ranged(self, body: bytes, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked is None or not self.portal.ranges:
            return body, headers
        begin = int(asked[1])
        headers["Content-Range"] = f"bytes {begin}-{len(body) - 1}/{len(body)}"
        return body[begin:], headers

    def _deliver(
        self, fault: str | None, status: int, body: bytes, headers: dict[str, str]
    ) -> None:
        if fault in STATUSES:
            extra = next(f.headers for f in self.portal.faults if f.kind == fault)
            return self._send(int(fault), b"busy", extra)
        match fault:
            case "reset":
                self.close_connection = True
            case "slow":
                time.sleep(0.25)
                self.close_connection = True
            case "cut":
                self._send(status, body, headers, half=True)
            case "cut_chunked":
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                half = body[: len(body) // 2]
                self.wfile.write(f"{len(half):x}\r\n".encode() + half + b"\r\n")
                self.close_connection = True
            case "not_json":
                self._send(status, body[: len(body) // 2], headers)
            case "html":
                self._send(200, LOGIN, {"Content-Type": "text/html"})
            case "stated":
                self._send(200, _stated(self.path), {})
            case _:
                self._send(status, body, headers)
        return None

    def _send(
        self, status: int, body: bytes, headers: dict[str, str], *, half: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if half else body)
        self.close_connection = self.close_connection or half

    def log_message(self, *told: object) -> None:
        """Keep quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet when a client hangs up, as one does that has read enough of a file."""


class Running:
    """A portal while it runs."""

    def __init__(self) -> None:
        self.portal = Portal()
        handler = type("Handler", (_Handler,), {"portal": self.portal})
        self.server = _Server(("127.0.0.1", 0), handler)
        self.portal.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def _stated(path: str) -> bytes:
    if path.startswith("/api/3"):
        return b'{"success": false, "error": {"message": "Search index is corrupt"}}'
    if path.startswith("/resource"):
        return b'{"error": true, "code": "x", "message": "Search index is corrupt"}'
    if path.startswith("/open311"):
        return b'[{"code": 400, "description": "Search index is corrupt"}]'
    return b'{"error": {"code": 400, "message": "Search index is corrupt"}}'


def _ckan_result(
    columns: tuple[str, ...], rows: list[dict[str, Any]], total: int | None = None
) -> dict[str, Any]:
    result: dict[str, Any] = {"fields": [{"id": name, "type": "text"} for name in columns]}
    result["records"] = rows
    if total is not None:
        result["total"] = total
    return {"success": True, "result": result}


def _open311(row: dict[str, Any]) -> tuple[Any, ...]:
    return (str(row["id"]), row["opened"], row["status"], row["kind"], row["ward"])
