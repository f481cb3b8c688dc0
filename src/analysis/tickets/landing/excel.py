"""Records of a sheet of a workbook, as text."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from analysis.errors import DataError, did_you_mean
from analysis.study.ticket_sources import TicketSource
from analysis.tickets.landing.faults import no_header, refusal
from analysis.tickets.landing.raw import Raw, batch

__all__ = ["open_excel"]

_ROWS = 1 << 14


def open_excel(path: Path, file: str, source: TicketSource) -> Raw:
    """Open a sheet of a workbook.

    A workbook is loaded whole, as its format demands; a sheet holds a million rows at most.

    Parameters
    ----------
    path, file
        The file, and what messages call it.
    source
        The sheet, if not the first, and the row of its headers.

    Returns
    -------
    Raw
        The first record stands in the row after the headers; empty rows are not counted. Dates
        become ISO 8601, and whole numbers have no decimal point.

    Raises
    ------
    DataError
        If it is no workbook, has no such sheet, or the sheet ends before its headers.
    """
    sheet = _open_sheet(path, file, source)
    top = list(islice(_records(sheet), source.header_row))
    if len(top) < source.header_row:
        raise no_header(file, len(top), source)

    def read(columns: Mapping[str, int]) -> Iterator[pa.RecordBatch]:
        records = islice(_records(sheet), source.header_row, None)
        row = source.header_row + 1
        while part := list(islice(records, _ROWS)):
            cells = {
                name: pa.array([record[place] for record in part], pa.string())
                for name, place in columns.items()
            }
            yield batch(range(row, row + len(part)), cells)
            row += len(part)

    return Raw(tuple(top[-1]), read)


def _open_sheet(path: Path, file: str, source: TicketSource) -> CalamineSheet:
    failure: DataError
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = workbook.sheet_names
        if source.sheet is None and names:
            return workbook.get_sheet_by_index(0)
        if source.sheet in names:
            return workbook.get_sheet_by_name(source.sheet)
        hint = did_you_mean(source.sheet or "", names)
        failure = refusal(file, f"the workbook has no sheet {source.sheet!r}", "", hint)
    except (CalamineError, OSError, EOFError):
        hint = "correct 'format' in the study file, or save it as a workbook"
        failure = refusal(file, "this is no workbook, or it is damaged or locked", "", hint)
    raise failure


def _records(sheet: CalamineSheet) -> Iterator[list[str]]:
    for row in sheet.iter_rows():
        record = [_as_text(cell) for cell in row]
        if any(cell.strip() for cell in record):
            yield record


def _as_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)
