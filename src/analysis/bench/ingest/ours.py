"""The compendium's own ingest, as a contestant."""

from __future__ import annotations

import shutil
from pathlib import Path

from analysis.bench.ingest.rules import THREADS
from analysis.study.schema import Study
from analysis.study.tickets import TABLES
from analysis.tickets.ingest import WORK, Means, ingest

__all__ = ["run"]


def run(study: Study, raw: Path, to: Path, memory: str) -> None:
    """Ingest the study's tickets in a compendium of their own, and hand on the tables."""
    root = to / "root"
    (root / "data" / "raw").mkdir(parents=True)
    (root / "data" / "raw" / study.name).symlink_to(raw.resolve(), target_is_directory=True)
    # Where the ingest spills, under the name under which everybody's is looked at.
    (to / "spill").symlink_to(root / ".cache" / "tickets" / study.name / WORK / "scratch")
    ingest(study, root, means=Means(memory=_mebibytes(memory), threads=THREADS, quiet=True))
    for name in TABLES:
        made = root / "data" / "processed" / study.name / "ingested" / f"{name}.csv"
        shutil.copyfile(made, to / f"{name}.csv")


def _mebibytes(memory: str) -> int:
    unit = {"MB": 1, "GB": 1024}[memory[-2:]]
    return int(float(memory[:-2]) * unit)
