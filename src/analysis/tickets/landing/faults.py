"""What is wrong with a text file that cannot be read: found by a second look, never by its text."""

from __future__ import annotations

import codecs
import csv
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from analysis.errors import DataError, Problem
from analysis.study.ticket_sources import TicketSource
from analysis.tickets.landing.streams import (
    RECORD_LIMIT,
    NotDeclaredError,
    check_mark,
    check_not_utf8,
    open_bytes,
    open_text,
)

__all__ = ["diagnose", "no_header", "refusal"]

_MEBIBYTES = RECORD_LIMIT >> 20


def refusal(file: str, what: str, place: str = "", hint: str = "") -> DataError:
    """Return the error that a raw file cannot be taken.

    Parameters
    ----------
    file
        The file, below the study's raw folder.
    what, hint
        What is wrong, and what to do; neither tells what a cell holds.
    place
        Where in the file.
    """
    where = f"{file}, {place}" if place else file
    return DataError(f"{file} cannot be read", [Problem(what, where, hint)])


def no_header(file: str, rows: int, source: TicketSource) -> DataError:
    """Return the error that a file or sheet ends above the row of its headers, or in it.

    Parameters
    ----------
    file
        The file, below the study's raw folder.
    rows
        How many rows it has, `source.header_row` if that row is empty.
    source
        Which row should hold the headers.
    """
    row = source.header_row
    place = f"row {row}"
    if rows == row:
        return refusal(file, f"row {row} is empty", place, "that row must name the columns")
    if rows == 0:
        what = "the sheet is empty" if source.format == "excel" else "the file is empty"
        return refusal(file, what, place, "a row must name the columns")
    what = f"only {rows} {'row is' if rows == 1 else 'rows are'} there, and no row {row} of headers"
    return refusal(file, what, place, "correct 'header_row' in the study file")


def diagnose(path: Path, file: str, source: TicketSource) -> DataError:
    """Find out why a text file could not be read.

    It reads the file again, slowly and in bounded memory, up to the fault.

    Parameters
    ----------
    path, file
        The file, and what messages call it.
    source
        How it should be written.
    """
    try:
        return (
            _nothing(path, file)
            or _undecodable(path, file, source.encoding)
            or _endless(path, file, source)
            or refusal(file, "the file cannot be read as text", "", "look at it in an editor")
        )
    except NotDeclaredError as failure:
        return refusal(file, str(failure), "", failure.hint)
    except (EOFError, zlib.error, OSError):
        what = "the compressed file is cut off or damaged"
        if path.suffix != ".gz":
            return refusal(file, "the file cannot be opened or read", "", "look at its permissions")
        return refusal(file, what, "", "download or copy it again")


def _nothing(path: Path, file: str) -> DataError | None:
    with open_bytes(path) as stream:
        return None if stream.read(1) else refusal(file, "the file is empty")


def _undecodable(path: Path, file: str, encoding: str) -> DataError | None:
    """Read all the bytes, and name the first that is not in the encoding."""
    check_mark(path, encoding)
    decoder = codecs.getincrementaldecoder(encoding)()
    line, done = 1, 0
    with open_bytes(path) as stream:
        for chunk in _chunks(stream):
            check_not_utf8(chunk, encoding)
            pending = len(decoder.getstate()[0])
            try:
                line += decoder.decode(chunk, final=not chunk).count("\n")
            except UnicodeDecodeError as failure:
                before = failure.object[: failure.start].decode(failure.encoding, "ignore")
                byte = done - pending + failure.start
                line += before.count("\n")
                what = f"byte {byte} (0x{failure.object[failure.start]:02x}) is not {encoding}"
                if not chunk:
                    what = f"the file ends within a character of {encoding}"
                hint = f"save the file as {encoding}, or correct 'encoding' in the study file"
                return refusal(file, what, f"line {line}", hint)
            done += len(chunk)
    return None


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the content and, at last, the empty bytes that end it."""
    while chunk := stream.read(RECORD_LIMIT // 2):
        yield chunk
    yield b""


class _TooLongError(Exception):
    """A line or a record goes beyond what one record may be."""


def _endless(path: Path, file: str, source: TicketSource) -> DataError | None:
    """Name the row of a line or a record that is too long for any ticket."""
    # A module's own limit, which other readers share: put back below.
    former = csv.field_size_limit(2 * RECORD_LIMIT)
    row = 0 if source.format == "csv" else -1
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        while line := text.readline(RECORD_LIMIT):
            taken += len(line)
            if taken >= RECORD_LIMIT:
                raise _TooLongError(len(line) >= RECORD_LIMIT)
            yield line

    try:
        with open_text(path, source.encoding) as text:
            for record in _records(lines(), source):
                row += bool(record)
                taken = 0
    except _TooLongError as failure:
        place = f"row {row + 1 + (source.format != 'csv')}"
        if failure.args[0]:
            what = f"a line is longer than {_MEBIBYTES} MiB"
            return refusal(file, what, place, "no ticket is so long: look for lost line breaks")
        what = f"a quotation mark is not closed within {_MEBIBYTES} MiB"
        return refusal(file, what, place, "close it, or take it away")
    finally:
        csv.field_size_limit(former)
    return None


def _records(lines: Iterator[str], source: TicketSource) -> Iterator[list[str]]:
    if source.format == "csv" and source.quote:
        return csv.reader(lines, delimiter=source.delimiter, quotechar=source.quote)
    return ([line] if line.strip("\r\n") else [] for line in lines)
