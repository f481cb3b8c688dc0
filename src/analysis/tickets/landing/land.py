"""Land one raw file of tickets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import DataError, Problem, listing
from analysis.study.ticket_sources import TicketSource
from analysis.study.tickets import Tickets
from analysis.tickets.contract import ticket_columns
from analysis.tickets.landing.delimited import open_delimited
from analysis.tickets.landing.excel import open_excel
from analysis.tickets.landing.headers import Columns, find_columns
from analysis.tickets.landing.json_lines import open_json_lines
from analysis.tickets.landing.parquet import open_parquet
from analysis.tickets.landing.query import write_query
from analysis.tickets.landing.raw import Raw, raw_schema
from analysis.tickets.landing.repeating import RepeatingCells
from analysis.tickets.landing.table import (
    NAME_PREFIX,
    TIME_PREFIX,
    land_value,
    landed_columns,
)
from analysis.tickets.landing.times import check_formats
from analysis.tickets.landing.write import LandedWriter
from analysis.tickets.privacy.strip import strip_shown

__all__ = ["Landed", "Landing", "header_problems"]


@dataclass(frozen=True, slots=True)
class Landed:
    """What is known of a file that has landed; nothing of what its cells hold.

    Attributes
    ----------
    file
        The file, below the study's raw folder.
    rows
        Its records, whether they could be read or not.
    unread
        Problem -> the rows that have it.
    times
        Column of moments -> the cells that were read.
    headers
        Column of the ticket contract -> the header that it has in the file.
    names
        Headers of columns that hold names of people: none was kept.
    ignored
        The other headers, without what is personal in them.
    """

    file: str
    rows: int
    unread: dict[str, int]
    times: dict[str, int]
    headers: dict[str, str]
    names: tuple[str, ...]
    ignored: tuple[str, ...]


class Landing:
    """How the files of one source land; what is worked out for one file serves those after it.

    Parameters
    ----------
    source, tickets
        What the study says of them.
    root
        The study's raw folder; files are called by their paths below it.
    key
        With which callers are hashed, see `analysis.tickets.privacy.key.read_key`.

    Raises
    ------
    StudyError
        If the study's `times` hold a format that nothing can be read with.
    """

    def __init__(self, source: TicketSource, tickets: Tickets, root: Path, key: bytes) -> None:
        check_formats(source)
        self._source, self._tickets, self._root, self._key = source, tickets, root, key
        self._repeating = RepeatingCells(lambda cells: land_value(cells, source))
        # Files that land at once need the same query, but each a writer of its own.
        self._lock = Lock()
        self._queries: dict[pa.Schema, str] = {}
        self._idle: defaultdict[tuple[pa.Schema, Path], list[LandedWriter]] = defaultdict(list)

    def land(self, path: Path, to: Path) -> Landed:
        """Turn a raw file into a Parquet file of the landed table.

        Nothing personal is written, to a disk, a log or a message. Memory is bounded whatever the
        size of the file; only a workbook is loaded whole.

        Parameters
        ----------
        path
            The file.
        to
            The Parquet file, which is there when it is whole.

        Returns
        -------
        Landed
            Counts for the account.

        Raises
        ------
        DataError
            If the file as a whole cannot be taken: it does not decode, is cut off or damaged, is
            empty, has a record longer than the limit, a quotation mark that swallowed lines, or not
            the columns of the source.
        """
        file = path.relative_to(self._root).as_posix()
        raw = _open(self._source, path, file)
        columns = _find_columns(raw, file, self._source, self._tickets)
        wanted = _wanted(columns, self._tickets)
        schema = raw_schema(list(wanted))
        batches = self._repeating.clean(raw.read(wanted))
        writer = self._take_writer(schema, to.parent)
        writer.write(batches, file, to)
        with self._lock:
            self._idle[schema, to.parent].append(writer)
        rows, unread, times = _count(to, self._tickets)
        return Landed(
            file,
            rows,
            unread,
            times,
            columns.headers,
            tuple(raw.headers[place] for place in columns.names),
            tuple(strip_shown(columns.ignored)) if columns.ignored else (),
        )

    def _take_writer(self, schema: pa.Schema, folder: Path) -> LandedWriter:
        """Take one that nobody uses; one that failed is gone."""
        with self._lock:
            if idle := self._idle[schema, folder]:
                return idle.pop()
        return LandedWriter(schema, self._get_query(schema), folder)

    def _get_query(self, schema: pa.Schema) -> str:
        with self._lock:
            if schema not in self._queries:
                query = write_query(self._source, self._tickets, schema, self._key)
                self._queries[schema] = query
            return self._queries[schema]


def header_problems(
    source: TicketSource, tickets: Tickets, paths: Sequence[Path], root: Path
) -> tuple[Problem, ...]:
    """Look only at the headers of files, so that all that is wrong there is told at once.

    Files of JSON lines are read whole for it: their keys may stand in any record.

    Parameters
    ----------
    source, tickets, root
        As in `Landing`.
    paths
        The files.

    Returns
    -------
    tuple of Problem
        Those that `Landing.land` would find before it reads a record.
    """
    problems: list[Problem] = []
    for path in paths:
        file = path.relative_to(root).as_posix()
        try:
            _find_columns(_open(source, path, file), file, source, tickets)
        except DataError as failure:
            problems.extend(failure.problems)
    return tuple(problems)


def _open(source: TicketSource, path: Path, file: str) -> Raw:
    if source.format == "csv":
        return open_delimited(path, file, source)
    if source.format == "json_lines":
        return open_json_lines(path, file, source)
    if source.format == "parquet":
        return open_parquet(path, file)
    return open_excel(path, file, source)


def _find_columns(raw: Raw, file: str, source: TicketSource, tickets: Tickets) -> Columns:
    """Find the columns, and refuse texts from which names cannot be taken out as the study asks."""
    names = tickets.privacy.names
    columns = find_columns(raw.headers, file, source, names)
    if names and not columns.names and "text" in _wanted(columns, tickets):
        what = f"no column of names is there, so texts would keep them; it may be {listing(names)}"
        hint = "add its header in this file to 'names' under 'privacy', or write text = \"drop\""
        where = f"{file}, row {source.header_row}"
        raise DataError(f"{file} cannot be read", [Problem(what, where, hint)])
    return columns


def _wanted(columns: Columns, tickets: Tickets) -> dict[str, int]:
    text = tickets.privacy.text == "strip"
    wanted = {
        name: columns.positions[name]
        for name in ticket_columns()
        if name in columns.positions and (text or name != "text")
    }
    times = {f"{TIME_PREFIX}{name}": place for name, place in columns.times_of_day.items()}
    names = columns.names if text else ()
    people = {f"{NAME_PREFIX}{number}": place for number, place in enumerate(names)}
    return wanted | times | people


def _count(landed: Path, tickets: Tickets) -> tuple[int, dict[str, int], dict[str, int]]:
    """Count rows, what could not be read of them, and the moments that could."""
    told = pq.read_metadata(landed)
    missing = _count_missing(told)
    rows: int = told.num_rows
    times = {
        name: rows - missing[name]
        for name in landed_columns(tickets)
        if name in ticket_columns("time")
    }
    if missing["problem"] == rows:
        return rows, {}, times
    problems = pq.read_table(landed, columns=["problem"]).column("problem").drop_null()
    counted = {entry["values"]: entry["counts"] for entry in problems.value_counts().to_pylist()}
    return rows, dict(sorted(counted.items())), times


def _count_missing(told: pq.FileMetaData) -> dict[str, int]:
    """Add up the missing cells of each column, which the file itself tells."""
    groups = [told.row_group(number) for number in range(told.num_row_groups)]
    return {
        told.schema.column(place).name: sum(
            group.column(place).statistics.null_count for group in groups
        )
        for place in range(told.num_columns)
    }
