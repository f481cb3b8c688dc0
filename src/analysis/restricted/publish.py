"""What may leave the workspace of a restricted export, after a last look for names of units."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

from analysis.clean.ingested import INGESTED
from analysis.disclosure import names_in
from analysis.errors import Problem, RunError
from analysis.ledger.read import read_ledger
from analysis.pipeline.plan import LEDGERS, NUMBERS
from analysis.restricted.place import Place
from analysis.study.load import read_study
from analysis.tickets.clean.references import NO_REFERENCES, read_ticket_references

__all__ = ["publish"]

TEXTS = {".csv", ".json", ".svg"}
REPORT = Path("report.pdf")


def publish(place: Place) -> tuple[Path, ...]:
    """Copy figures, tables, ledger, numbers and the report to the folder ``publishable``.

    Parameters
    ----------
    place
        Of the export, whose workspace is up to date.

    Returns
    -------
    tuple of pathlib.Path
        The files, below ``publishable``. A person still has to look at them.

    Raises
    ------
    RunError
        If the name of a unit or district stands in one of the files: then nothing is copied, and
        what was there before is gone.
    """
    shutil.rmtree(place.publishable, ignore_errors=True)
    sources = _sources(place)
    _refuse_names(place, sources)
    for name, source in sources.items():
        target = place.publishable / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return tuple(sources)


def _sources(place: Place) -> dict[Path, Path]:
    """Say which file of the workspace each publishable file is a copy of."""
    ledger = LEDGERS / f"{place.study}.json"
    entries = read_ledger(place.workspace / ledger).entries.values()
    exhibits = sorted(Path(file) for entry in entries for file in entry.files)
    named = {path.relative_to("paper"): path for path in (*exhibits, ledger, NUMBERS)}
    named[REPORT] = Path("paper/paper.pdf")
    return {name: place.workspace / path for name, path in named.items()}


def _refuse_names(place: Place, sources: dict[Path, Path]) -> None:
    texts = {
        name.as_posix(): source.read_text(encoding="utf-8")
        for name, source in sources.items()
        if name.suffix in TEXTS
    }
    problems = [
        Problem(
            f"it names {name!r}, a unit or district of the export",
            text,
            "withhold it in the notebook that makes this file",
        )
        for text, name in names_in(texts, _names(place))
    ]
    if problems:
        raise RunError("nothing was made ready for publication", problems)


def _names(place: Place) -> set[str]:
    """Collect the names of units and districts, present and former."""
    processed = place.workspace / "data" / "processed" / place.study
    study = read_study(place.workspace / "notebooks" / "studies" / f"{place.study}.toml")
    paths = [*processed.glob("panel_*.csv"), processed / "cleaning_ledger.csv"]
    paths += processed.glob(f"{INGESTED}/*.csv")
    tables = [pd.read_csv(path, dtype="str", keep_default_na=False) for path in paths]
    # The ledger of tickets tells no units, so the former ones are read from the crosswalk.
    raw = place.workspace / "data" / "raw" / place.study
    references = read_ticket_references(study, raw) if study.tickets else NO_REFERENCES
    tables.append(references.crosswalk)
    names: set[str] = set()
    for table in tables:
        for column in ("former_unit", "unit", "district"):
            if column in table.columns:
                names |= set(table[column])
    # The author chose these words for readers.
    return names - {study.place_en, study.title_en, study.title_zh}
