"""Read one source of a study: raw files in, a table of the data contract and a ledger out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.clean.crosswalk import bring_to_present_units
from analysis.clean.headers import name_columns
from analysis.clean.impossible import find_impossible
from analysis.clean.initiators import spread_initiators
from analysis.clean.known_errors import set_known_errors_missing
from analysis.clean.ledger import Ledger, Step
from analysis.clean.months import drop_other_months, parse_months
from analysis.clean.numbers import parse_numbers
from analysis.clean.places import Places, refuse
from analysis.clean.rates import counts_from_rates
from analysis.clean.references import References
from analysis.clean.restated import apply_restatements
from analysis.clean.text import read_text_table
from analysis.clean.totals import drop_non_units, drop_totals
from analysis.clean.units import check_units
from analysis.contract.columns import COLUMNS, count_columns
from analysis.contract.measures import MEASURES
from analysis.errors import DataError, Problem
from analysis.study.months import covered_months
from analysis.study.schema import Study
from analysis.study.sources import Source

__all__ = ["read_files", "read_source"]


def read_source(
    study: Study, source: Source, folder: Path, references: References
) -> tuple[pd.DataFrame, Ledger]:
    """Clean the raw files of one source.

    Parameters
    ----------
    study, source
        The study, and the source of it that is wanted.
    folder
        The study's raw folder.
    references
        What the reports are held against.

    Returns
    -------
    table : pandas.DataFrame
        One row for each key that a report has, sorted by key, with the dtypes of the contract.
        Months without a report have no row; see `analysis.panel.balance`.
    ledger : Ledger
        What was done, step by step, and why.

    Raises
    ------
    DataError
        If a file cannot be read as the study describes it; each message names file, row, column
        and remedy.
    """
    named, places = name_columns(read_files(source, folder), source)
    ledger = Ledger((), (Step("raw files", len(named), len(named)),))

    text, done = set_known_errors_missing(named, references.known_errors, places)
    ledger += done
    text, done = drop_totals(text, source.totals)
    ledger += done
    text, done = drop_non_units(text, source.not_a_unit)
    ledger += done
    text, done = check_units(text, source, references, places)
    ledger += done

    first, last = covered_months(study, source)
    dated, done = drop_other_months(parse_months(text, places), first, last)
    ledger += done
    reports, done = apply_restatements(dated, _identity(source), places)
    ledger += done

    count = _count_wide if source.initiators is None else _count_by_initiator
    counted, done = count(reports, source, places)
    ledger += done
    counted, done = bring_to_present_units(counted, source.keys, references, places)
    ledger += done

    ordered = [c for c in COLUMNS if c.name in counted]
    table = counted[[c.name for c in ordered]].astype({c.name: c.dtype for c in ordered})
    table = table.sort_values(list(source.keys), ignore_index=True)
    return table, ledger.for_table(source.name)


def read_files(source: Source, folder: Path) -> dict[str, pd.DataFrame]:
    """Read the raw files of a source as text, by file name in alphabetical order."""
    paths = sorted(folder.glob(source.files))
    hint = "put the raw files there, or correct 'files' in the study file"
    nothing = [Problem(f"no file matches {source.files!r}", f"{folder.name}/", hint)]
    refuse(f"source {source.name!r} has no files", [] if paths else nothing)
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            tables[path.name] = read_text_table(path, source.encoding)
        except DataError as failure:
            problems += failure.problems
    refuse(f"some files of source {source.name!r} cannot be read", problems)
    return tables


def _identity(source: Source) -> list[str]:
    by = [source.initiators.column] if source.initiators is not None else []
    return [*source.keys, *by]


def _count_wide(
    reports: pd.DataFrame, source: Source, places: Places
) -> tuple[pd.DataFrame, Ledger]:
    """Read one column per count."""
    measures = {declared.name for declared in MEASURES}
    counts = [name for name in (*count_columns(), "population") if name in source.headers]
    rates = [name for name in source.headers if name in measures and name not in counts]
    numbers = parse_numbers(reports, places, counts=counts, rates=rates, missing=source.missing)
    refuse("some values cannot be true", find_impossible(numbers, places, rates))
    return counts_from_rates(numbers, source.from_rate)


def _count_by_initiator(
    reports: pd.DataFrame, source: Source, places: Places
) -> tuple[pd.DataFrame, Ledger]:
    """Read one row per initiator."""
    who = source.initiators
    assert who is not None
    raw = sorted({*who.resident, *who.proactive, *who.system})
    numbers = parse_numbers(reports, places, counts=raw, rates=[], missing=source.missing)
    return spread_initiators(numbers, who, source.keys, source.absent, places)
