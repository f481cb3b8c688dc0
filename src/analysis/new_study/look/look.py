"""Look at sample files, whatever they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from analysis.errors import DataError, Problem
from analysis.new_study.look.json_lines import look_at_json_lines
from analysis.new_study.look.parquet import look_at_parquet
from analysis.new_study.look.sample import Sample
from analysis.new_study.look.separated import look_at_separated
from analysis.new_study.look.workbook import look_at_workbook

__all__ = ["look_at_samples"]

Look = Callable[[Path], Sample]

_BY_ENDING: dict[str, Look] = {
    ".csv": look_at_separated,
    ".tsv": look_at_separated,
    ".txt": look_at_separated,
    ".json": look_at_json_lines,
    ".jsonl": look_at_json_lines,
    ".ndjson": look_at_json_lines,
    ".parquet": look_at_parquet,
    ".xlsx": look_at_workbook,
    ".xlsm": look_at_workbook,
    ".xlsb": look_at_workbook,
    ".xls": look_at_workbook,
    ".ods": look_at_workbook,
}
# A workbook that a city's system calls .csv or .xls is told by its first bytes.
_BY_FIRST_BYTES: dict[bytes, Look] = {
    b"PAR1": look_at_parquet,
    b"PK\x03\x04": look_at_workbook,
    b"\xd0\xcf\x11\xe0": look_at_workbook,
}


def look_at_samples(paths: Sequence[Path]) -> tuple[Sample, ...]:
    """Look at every sample, and report what is wrong with any of them together.

    Raises
    ------
    DataError
        If a file cannot be read, or is no list of tickets.
    """
    samples: list[Sample] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            samples.append(_look_at(path))
        except DataError as error:
            problems += error.problems
        except OSError as error:
            problems.append(Problem(error.strerror or str(error), path.name, "check its path"))
    if problems:
        raise DataError("a study cannot be made from the samples", problems)
    return tuple(samples)


def _look_at(path: Path) -> Sample:
    with path.open("rb") as stream:
        first = stream.read(4)
    for mark, look in _BY_FIRST_BYTES.items():
        if first == mark:
            return look(path)
    ending = path.with_suffix("").suffix if path.suffix.lower() == ".gz" else path.suffix
    look = _BY_ENDING.get(ending.lower(), look_at_separated)
    if look is look_at_separated and first[:1] == b"{":
        return look_at_json_lines(path)
    return look(path)
