"""Where the files of a study are, below the top folder."""

from __future__ import annotations

from pathlib import Path

from analysis.clean.ingested import INGESTED, INGESTED_FILES
from analysis.study.schema import Study

__all__ = [
    "cleaned_tables",
    "ingested_files",
    "panel_file",
    "processed_file",
    "study_file",
    "truth_files",
]


def study_file(study: Study) -> Path:
    """Name the file that describes the study."""
    return Path("notebooks/studies", f"{study.name}.toml")


def ingested_files(study: Study) -> tuple[Path, ...]:
    """Name all that the ingest makes of the study's tickets; nothing if it has none."""
    if study.tickets is None:
        return ()
    return tuple(processed_file(study, INGESTED, file) for file in INGESTED_FILES)


def cleaned_tables(study: Study) -> tuple[Path, ...]:
    """Name all that cleaning makes: panels, the cleaning ledger and true effects."""
    panels = [panel_file(study, level.name) for level in study.level]
    return (*panels, processed_file(study, "cleaning_ledger.csv"), *truth_files(study))


def panel_file(study: Study, level: str) -> Path:
    """Name the panel of a level."""
    return processed_file(study, f"panel_{level}.csv")


def truth_files(study: Study) -> tuple[Path, ...]:
    """Name the table of true effects, if they are known."""
    return (processed_file(study, "truth.csv"),) if study.truth else ()


def processed_file(study: Study, *parts: str) -> Path:
    """Name a file that is made from the study's raw data."""
    return Path("data", "processed", study.name, *parts)
