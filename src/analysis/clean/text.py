"""Read a raw file as text cells: no cell is interpreted here, and none is lost."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from analysis.errors import DataError, Problem, did_you_mean

__all__ = ["read_columns", "read_text_table"]


def read_text_table(path: Path, encoding: str) -> pd.DataFrame:
    """Read a CSV file whose cells all stay text.

    Parameters
    ----------
    path
        The file.
    encoding
        The encoding that the study states; it is never guessed.

    Returns
    -------
    pandas.DataFrame
        Cells as text without the space around them, columns named by the file's headers, and
        `row`, the place in the file (the header is row 1), as index.

    Raises
    ------
    DataError
        If the file is missing, is in another encoding, has no header or another separator than
        the comma, has two columns of one name, or has a row with too many or too few cells.
    """
    records = list(csv.reader(io.StringIO(_decode(path, encoding), newline="")))
    if not records or not any(cell.strip() for cell in records[0]):
        raise _refusal(path, "the file has no header", "row 1", "the first row names the columns")
    headers = [cell.strip() for cell in records[0]]
    if len(headers) == 1 and (other := next((c for c in ";\t|" if c in headers[0]), None)):
        hint = "save it with commas between the cells"
        raise _refusal(path, f"the cells are separated by {other!r}, not ','", "row 1", hint)
    problems = [
        Problem(f"two columns are called {header!r}", f"{path.name}, row 1", "rename one of them")
        for header in dict.fromkeys(headers)
        if headers.count(header) > 1
    ]
    cells, rows = [], []
    for number, record in enumerate(records[1:], start=2):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(headers):
            problems.append(
                Problem(
                    f"there are {len(record)} cells, expected {len(headers)} as in the header",
                    f"{path.name}, row {number}",
                    "look for a separator inside a cell that is not in quotation marks",
                )
            )
        cells.append([cell.strip() for cell in record])
        rows.append(number)
    if problems:
        raise DataError(f"{path.name} cannot be read as a table", problems)
    return pd.DataFrame(cells, columns=headers, index=pd.Index(rows, name="row"), dtype="str")


def read_columns(path: Path, encoding: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Read a reference file whose headers are the names of its columns.

    Returns
    -------
    pandas.DataFrame
        Those columns as text, with `row` as index.

    Raises
    ------
    DataError
        As `read_text_table`; and if a column is missing.
    """
    raw = read_text_table(path, encoding)
    missing = [name for name in columns if name not in raw.columns]
    if missing:
        problems = [
            Problem(
                f"column {name!r} is missing",
                f"{path.name}, row 1",
                did_you_mean(name, raw.columns),
            )
            for name in missing
        ]
        raise DataError(f"{path.name} lacks columns", problems)
    return raw[list(columns)]


def _decode(path: Path, encoding: str) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        hint = f"put it into {path.parent.name}/, or correct the study file"
        raise _refusal(path, "there is no such file", "", hint) from None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as failure:
        before = data[: failure.start].decode(encoding, errors="ignore")
        raise _refusal(
            path,
            f"byte {failure.start} (0x{data[failure.start]:02x}) is not {encoding}",
            f"row {before.count(chr(10)) + 1}",
            _encoding_hint(data, encoding),
        ) from None
    if text.startswith("\ufeff"):
        hint = 'write encoding = "utf-8-sig" in the study file'
        raise _refusal(path, "byte 0 begins a byte-order mark", "row 1", hint)
    if encoding == "gb18030" and not data.isascii() and _decodes(data, "utf-8"):
        # Most UTF-8 bytes are GB18030 too, and turn into wrong characters without an error.
        # Real GB18030 text is as good as never valid UTF-8.
        first = next(place for place, byte in enumerate(data) if byte > 0x7F)
        row = data[:first].count(b"\n") + 1
        hint = _encoding_hint(data, encoding)
        raise _refusal(
            path, f"the bytes from {first} on are utf-8, not gb18030", f"row {row}", hint
        )
    return text


def _encoding_hint(data: bytes, encoding: str) -> str:
    candidates = ("utf-8", "gb18030")
    found = next((c for c in candidates if c != encoding and _decodes(data, c)), None)
    guess = f"it looks like {found}; " if found else ""
    return f"{guess}save the file as {encoding}, or correct 'encoding' in the study file"


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _refusal(path: Path, what: str, row: str, hint: str) -> DataError:
    where = f"{path.name}, {row}" if row else path.name
    return DataError(f"{path.name} cannot be read", [Problem(what, where, hint)])
