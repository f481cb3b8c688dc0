"""Write panels to CSV and read them back with the same types and the same numbers."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from analysis.contract.columns import COLUMNS
from analysis.contract.measures import MEASURES
from analysis.errors import DataError, Problem, did_you_mean
from analysis.workspace import write_atomically

__all__ = ["read_panel", "write_panel"]


def write_panel(panel: pd.DataFrame, path: Path) -> None:
    """Write a panel as UTF-8 CSV.

    Months are written as 2024-01, missing values as empty cells, and every float with as many
    digits as it takes to read the same number back. The same panel gives the same bytes.
    """
    months = {name: panel[name].astype("str") for name in panel if _is_month(panel[name])}
    text = panel.assign(
        **{str(name): cells.where(panel[name].notna()) for name, cells in months.items()}
    )
    write_atomically(path, _to_csv(text, path))


def read_panel(path: Path) -> pd.DataFrame:
    """Read a panel that `write_panel` wrote.

    Returns
    -------
    pandas.DataFrame
        Columns of the contract with its dtypes; measures, their weights and doses as float64.

    Raises
    ------
    DataError
        If there is no such file, or it has a column that no panel has.
    """
    if not path.is_file():
        hint = "run the notebook 01_clean of the study first"
        raise DataError("a panel is not there", [Problem("there is no such file", path.name, hint)])
    cells = pd.read_csv(
        path,
        encoding="utf-8",
        dtype=_dtypes(path),
        keep_default_na=False,
        na_values=[""],
    )
    months = [declared.name for declared in COLUMNS if declared.kind == "month"]
    return cells.assign(
        **{name: pd.PeriodIndex(cells[name], freq="M") for name in months if name in cells}
    )


def _to_csv(table: pd.DataFrame, path: Path) -> bytes:
    """Write as pandas would, by DuckDB, which takes a third of the time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A confidential panel must not stand in the system's folder of temporary files.
    beside = tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.")
    with beside as folder, duckdb.connect() as engine:
        written = Path(folder, "panel.csv")
        engine.register("panel", pa.Table.from_pandas(table, preserve_index=False))
        engine.execute("COPY panel TO ? (FORMAT csv, HEADER)", [str(written)])
        return written.read_bytes()


def _dtypes(path: Path) -> dict[str, str]:
    known = {c.name: "str" if c.kind == "month" else c.dtype for c in COLUMNS}
    # A count is its own measure; the contract's type stays.
    derived = [name for m in MEASURES for name in (m.name, m.weight) if name not in {None, *known}]
    known |= {str(name): "float64" for name in [*derived, "dose", "dose_last_month"]}
    with path.open(encoding="utf-8", newline="") as stream:
        header = stream.readline().rstrip("\r\n").split(",")
    problems = [
        Problem(f"no panel has a column {name!r}", f"{path.name}, row 1", did_you_mean(name, known))
        for name in header
        if name not in known
    ]
    if problems:
        raise DataError(f"{path.name} is not a panel", problems)
    return {name: known[name] for name in header}


def _is_month(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.PeriodDtype)
