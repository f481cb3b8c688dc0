"""The CSV file of a CKAN resource whose datastore is empty, in pages that begin at a byte.

Every page is a request for the rest of the file from the end of the last row read, so a cut
connection or a killed download goes on at that row. Only the chosen columns are ever written. Rows
are numbered in `_id`, as the datastore does when it loads a file.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import requests

from analysis.connectors.answers import RefusedError, web_page
from analysis.connectors.checks import check_columns
from analysis.connectors.connector import Page, Position
from analysis.connectors.http import Http
from analysis.errors import Problem, RunError
from analysis.study.download import Download

__all__ = ["CkanFile", "connect_file"]

NUMBER = "_id"
CHUNK = 1 << 16
# The longest line that is believed. A cell longer than 128 KB, as after a stray quote, the csv
# module refuses itself.
LONGEST_LINE = 1 << 20
PARTIAL_CONTENT, RANGE_NOT_SATISFIABLE = 206, 416
# Bytes are counted in the file as it is, not in a compressed copy.
PLAIN = {"Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class CkanFile:
    """One resource, by the file behind it; see `analysis.connectors.connector.Connector`.

    Attributes
    ----------
    url
        Where the file is.
    header
        The names of its columns.
    version
        What tells this version of the file from another: its entity tag, or its date.
    """

    download: Download
    http: Http
    url: str
    header: tuple[str, ...]
    version: str
    start: Position
    method: str = "file"
    beside: Mapping[str, bytes] = field(default_factory=dict)

    def fetch(self, position: Position) -> Page:
        """Fetch a page of rows from a byte on."""
        begin, before = int(position["byte"]), int(position["rows"])
        rows, end = self._rows_from(begin)
        query = {"url": self.url, "Range": f"bytes={begin}-"}
        records = tuple(
            {NUMBER: number, **dict(zip(self.header, row, strict=True))}
            for number, row in enumerate(rows, start=before + 1)
        )
        after: Position = {"byte": end, "rows": before + len(rows), "version": self.version}
        return Page(records, (NUMBER, *self.header), query, after if rows else None)

    def count(self) -> int | None:
        """Say nothing: a file does not tell how many rows it has."""
        return None

    def _rows_from(self, begin: int) -> tuple[list[list[str]], int]:
        def read(response: requests.Response) -> tuple[list[list[str]], int]:
            lines = _Lines(self.download, response, begin)
            if _version(response) != self.version:
                raise _changed(self.download, self.url)
            rows = []
            for row in _rows(lines):
                if len(row) != len(self.header):
                    lines.refuse(f"a row has {len(row)} cells, the header has {len(self.header)}")
                rows.append(row)
                if len(rows) == self.download.page_size:
                    break
            return rows, lines.end

        # One byte more than needed, because no range may begin at the end of a file.
        wanted = {"Range": f"bytes={begin - 1}-"}
        try:
            return self.http.get(self.url, {}, read, PLAIN | wanted)
        except RefusedError as refused:
            if refused.status != RANGE_NOT_SATISFIABLE:
                raise
            raise _changed(self.download, self.url) from None


def connect_file(download: Download, http: Http, resource: Mapping[str, Any]) -> CkanFile:
    """Find the file of a resource and read its header.

    Parameters
    ----------
    download
        What to fetch.
    http
        The session.
    resource
        What `resource_show` says of the resource.
    """
    url, kind = str(resource.get("url") or ""), str(resource.get("format") or "")
    if not url or kind.upper() not in {"CSV", ""}:
        what = f"its datastore is empty, and its file is {kind or 'missing'}"
        hint = "name a resource with a datastore or a CSV file in 'dataset'"
        raise RunError("there is nothing to download", [Problem(what, download.folder, hint)])
    if download.where:
        hint = "delete 'where' and leave the rows out later"
        problem = Problem("the datastore is empty, and a file has no filter", download.folder, hint)
        raise RunError("the filter cannot be used", [problem])

    def read(response: requests.Response) -> tuple[list[str], int, str]:
        lines = _Lines(download, response, 0)
        return next(_rows(lines), []), lines.end, _version(response)

    header, end, version = http.get(url, {}, read, PLAIN)
    check_columns(download, [NUMBER, *header])
    start: Position = {"byte": end, "rows": 0, "version": version}
    return CkanFile(download, http, url, tuple(header), version, start)


class _Lines:
    """The lines of a response from a byte on; `end` is the byte after the last one given."""

    def __init__(self, download: Download, response: requests.Response, begin: int) -> None:
        self.download = download
        self.end = begin
        if "html" in response.headers.get("Content-Type", ""):
            raise web_page(response)
        # A portal that knows no ranges sends the whole file.
        self._skip = 1 if response.status_code == PARTIAL_CONTENT and begin else begin
        self._chunks: Iterator[bytes] = response.iter_content(CHUNK)

    def __iter__(self) -> Iterator[str]:
        kept = b""
        for chunk in self._chunks:
            skipped = min(self._skip, len(chunk))
            self._skip -= skipped
            *whole, kept = (kept + chunk[skipped:]).split(b"\n")
            for line in whole:
                yield self._text(line + b"\n")
            if len(kept) > LONGEST_LINE:
                self.refuse(f"a line is longer than {LONGEST_LINE} bytes")
        if kept:
            yield self._text(kept)

    def refuse(self, what: str) -> NoReturn:
        """Raise the error for a file that is no sound CSV."""
        where = f"{self.download.folder}, before byte {self.end} of the file"
        hint = "the file is not a sound CSV in UTF-8; tell the portal, or mend a copy by hand"
        raise RunError("the file cannot be read", [Problem(what, where, hint)])

    def _text(self, line: bytes) -> str:
        mark = codecs.BOM_UTF8 if self.end == 0 else b""
        self.end += len(line)
        try:
            return line.removeprefix(mark).decode("utf-8")
        except UnicodeDecodeError as failure:
            self.refuse(str(failure))


def _rows(lines: _Lines) -> Iterator[list[str]]:
    try:
        yield from (row for row in csv.reader(lines, strict=True) if row)
    except csv.Error as failure:
        lines.refuse(str(failure))


def _version(response: requests.Response) -> str:
    """Tell this version of the file from another: its entity tag, or its date."""
    headers = response.headers
    return headers.get("ETag") or headers.get("Last-Modified") or "unknown"


def _changed(download: Download, url: str) -> RunError:
    hint = "start the download again: it fetches the new file"
    what = "the file was changed during the download"
    problem = Problem(what, f"{download.folder}: {url}", hint)
    return RunError("the rows do not fit together", [problem])
