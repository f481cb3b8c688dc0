"""Generate the ticket files of the invented city, as many rows as wanted, one file a month."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from analysis.bench.ingest.city import bench_study, reference_files
from analysis.bench.ingest.draws import Tickets, draw_tickets, first_versions
from analysis.bench.ingest.texts import HEADERS, TimeFormat, csv_lines
from analysis.errors import ParameterError, Problem
from analysis.workspace import write_atomically

__all__ = ["BYTES_A_ROW", "generate_tickets"]

Encoding = Literal["utf-8", "gb18030"]

# Bytes of one row as UTF-8, rounded up.
BYTES_A_ROW = 330

# So many rows are drawn at once, however large a file is.
CHUNK = 200_000

# Shares of a month's rows: cases of which a later version follows, and rows that come twice.
LATER_VERSIONS, REPEATED = 0.03, 0.003

# So many people call, as a share of rows.
CALLERS = 0.4

# With fewer rows, months might have none.
FEWEST = 1_000

# How the files of twelve months write their moments, year after year.
_WRITTEN: tuple[TimeFormat, ...] = (
    "full", "full", "minute", "full", "full", "full",
    "full", "excel", "minute", "full", "full", "full",
)  # fmt: skip

# The header of the street changes with this month's file.
NEW_HEADER_FROM = "2021-01"


def generate_tickets(
    folder: Path,
    rows: int,
    seed: int = 1,
    *,
    encoding: Encoding = "utf-8",
    tell: Callable[[str], None] = lambda line: None,
) -> list[Path]:
    """Write the raw files of the invented city: tickets, register and crosswalk.

    The tickets have 15 columns and a text. One in thirty is a first version whose later version is
    in the next month's file. Some cells cannot be read or cannot be true, streets are renamed and
    merged, moments are written in three ways, and a few callers call very often.

    Parameters
    ----------
    folder
        Where to; made if needed.
    rows
        How many rows, in all files together; at least `FEWEST`.
    seed
        The same seed gives the same bytes.
    encoding
        Of the tickets.
    tell
        Is told of each file.

    Returns
    -------
    list of Path
        The files of tickets, ``hotline_2019-01.csv`` and so on.

    Raises
    ------
    ParameterError
        If there are too few rows, or the disk has no room for the files.
    """
    study = bench_study()
    months = study.periods
    _refuse(folder, rows)
    for name, text in reference_files().items():
        write_atomically(folder / name, text)
    assert study.tickets is not None
    known = int(pd.Timestamp(study.tickets.extracted).timestamp()) + 86_400
    carried: list[Tickets] = []
    files = []
    for place, (month, count) in enumerate(zip(months, _shares(rows, len(months)), strict=True)):
        path = folder / f"hotline_{month}.csv"
        later: list[Tickets] = []
        drawn = _draw_month(month, count - sum(map(len, carried)), [seed, place], known, rows)
        chunks = chain(carried, _hold_back(drawn, later) if month < months[-1] else drawn)
        _write(path, chunks, str(month), _WRITTEN[place % len(_WRITTEN)], encoding)
        tell(f"{path.name}: {count:,} rows")
        carried = later
        files.append(path)
    return files


def _refuse(folder: Path, rows: int) -> None:
    if rows < FEWEST:
        problem = Problem(f"{rows} rows are too few", "rows", f"ask for {FEWEST:,} or more")
        raise ParameterError("tickets cannot be generated", [problem])
    folder.mkdir(parents=True, exist_ok=True)
    needed, free = rows * BYTES_A_ROW, shutil.disk_usage(folder).free
    if needed > free:
        problem = Problem(
            f"{rows:,} rows need {needed / 1e9:.1f} GB of disk, {free / 1e9:.1f} GB are free",
            "rows",
            "ask for fewer rows, or for a folder on a larger disk",
        )
        raise ParameterError("tickets cannot be generated", [problem])


def _shares(rows: int, months: int) -> list[int]:
    """Divide rows among months, growing by 1 % a month, with a season."""
    month = np.arange(months)
    weight = 1.01**month * (1 + 0.15 * np.sin(month * np.pi / 6))
    edges = np.rint(np.cumsum(weight) / weight.sum() * rows).astype(int)
    return [int(count) for count in np.diff(edges, prepend=0)]


def _draw_month(
    month: pd.Period, rows: int, seed: list[int], known: int, all_rows: int
) -> Iterator[Tickets]:
    """Draw the tickets of a month, a chunk at a time; a few rows come twice."""
    seconds = (int(month.start_time.timestamp()), int((month + 1).start_time.timestamp()))
    first = int(month.strftime("%Y%m")) * 100_000_000
    callers = max(1, int(all_rows * CALLERS))
    for start in range(0, rows, CHUNK):
        draw = np.random.default_rng([*seed, start])
        size = min(CHUNK, rows - start)
        repeated = draw.binomial(size, REPEATED)
        made = draw_tickets(draw, size - repeated, first + start, seconds, known, callers)
        yield made.joined(made.take(draw.integers(0, len(made), repeated)))


def _hold_back(drawn: Iterable[Tickets], later: list[Tickets]) -> Iterator[Tickets]:
    """Hand on some tickets as they were at first, and keep their later versions."""
    for tickets in drawn:
        # A row that comes twice has the same noise both times, so both are versions or neither.
        places = np.flatnonzero(tickets.noise % 10_007 < 10_007 * LATER_VERSIONS)
        if len(places):
            later.append(tickets.take(places))
        yield first_versions(tickets, places)


def _write(
    path: Path, chunks: Iterable[Tickets], month: str, written: TimeFormat, encoding: Encoding
) -> None:
    headers = ",".join(HEADERS)
    if month >= NEW_HEADER_FROM:
        headers = headers.replace(",街道,", ",街道乡镇,")
    with path.open("wb") as stream:
        stream.write(f"{headers}\n".encode(encoding))
        for tickets in chunks:
            lines = csv_lines(tickets, month, written).buffers()[2]
            text = memoryview(lines)
            stream.write(text if encoding == "utf-8" else str(text, "utf-8").encode(encoding))
