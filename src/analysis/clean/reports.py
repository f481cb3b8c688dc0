"""Clean a whole study: every source it has, and what its reports are held against."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.clean.fit import check_fit
from analysis.clean.ingested import read_ingested
from analysis.clean.ledger import Ledger
from analysis.clean.places import refuse
from analysis.clean.read import read_source
from analysis.clean.references import References, read_references
from analysis.errors import DataError, Problem, did_you_mean
from analysis.study.schema import Study

__all__ = ["Cleaned", "clean_study"]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The cleaned reports of a study.

    Attributes
    ----------
    tables
        Name of the source -> its table; see `analysis.clean.read.read_source`.
    references
        Units, their history and adoption months.
    ledger
        What cleaning did to the reports.
    """

    tables: dict[str, pd.DataFrame]
    references: References
    ledger: Ledger


def clean_study(study: Study, folder: Path, ingested: Path | None = None) -> Cleaned:
    """Clean every source of a study.

    Parameters
    ----------
    study
        The study.
    folder
        Its raw folder; nothing in it is changed.
    ingested
        For a study with tickets: the folder of the tables that were counted from them.

    Raises
    ------
    StudyError
        If the study asks for what its sources do not have.
    DataError
        If any source cannot be cleaned; the problems of all of them are reported together.
    """
    check_fit(study)
    references = read_references(study, folder)
    tables: dict[str, pd.DataFrame] = {}
    ledger = Ledger()
    failures: list[DataError] = []
    if study.tickets is not None and ingested is not None:
        tables, ledger = read_ingested(study, ingested)
    for source in study.source:
        try:
            tables[source.name], done = read_source(study, source, folder, references)
        except DataError as failure:
            failures.append(failure)
        else:
            ledger += done
    if len(failures) == 1:
        raise failures[0]
    problems = [problem for failure in failures for problem in failure.problems]
    refuse(f"the raw files of study {study.name!r} cannot be cleaned", problems)
    refuse("the list of known errors names unknown files", _unused(study, folder, references))
    return Cleaned(tables, references, ledger)


def _unused(study: Study, folder: Path, references: References) -> list[Problem]:
    files = {path.name for source in study.source for path in folder.glob(source.files)}
    return [
        Problem(
            f"{error.file!r} is not a file of any source",
            error.place,
            did_you_mean(error.file, files),
        )
        for error in references.known_errors
        if error.file not in files
    ]
