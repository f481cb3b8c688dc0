"""Tickets of a city, laid as a download lays them, ingested with the study file that is shipped."""

from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.clean.reports import clean_study
from analysis.panel.build import build_panels
from analysis.study.load import read_study
from analysis.study.schema import Study
from analysis.tickets.ingest import Ingested, Means, ingest

CITIES = Path(__file__).parents[2] / "notebooks" / "studies" / "cities"


@dataclass(frozen=True)
class Counts:
    """What an ingest made.

    Attributes
    ----------
    done
        The ingest's own account.
    folder
        The study's processed data.
    """

    done: Ingested
    folder: Path

    @property
    def by_unit(self) -> pd.DataFrame:
        return pd.read_csv(self.folder / "ingested" / "tickets.csv").set_index(["unit", "period"])

    @property
    def by_category(self) -> pd.DataFrame:
        table = pd.read_csv(self.folder / "ingested" / "tickets_by_category.csv")
        return table.set_index(["unit", "category", "period"])

    @property
    def cases(self) -> pd.DataFrame:
        """The kept cases by number."""
        rows = pd.read_parquet(self.folder / "cases")
        return rows[rows["step"].isna()].set_index("id").sort_index()

    @property
    def quarantine(self) -> pd.DataFrame:
        return pd.read_parquet(self.folder / "quarantine")

    @property
    def set_aside(self) -> dict[str, int]:
        """How many rows were set aside for each reason."""
        rows = self.quarantine
        return _numbers(rows.loc[rows["column"].isna(), "reason"])

    @property
    def set_missing(self) -> dict[str, int]:
        """How many cells of each column were set missing."""
        return _numbers(self.quarantine["column"])


def _numbers(values: pd.Series) -> dict[str, int]:
    return {str(value): int(number) for value, number in values.value_counts().items()}


@dataclass(frozen=True)
class City:
    """A study, and the folder in which its compendium is."""

    study: Study
    root: Path

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw" / self.study.name

    def deliver(self, folder: str, *records: dict[str, Any]) -> None:
        """Write records as a download of that folder does: every selected column in each."""
        assert self.study.tickets is not None
        (given,) = (table for table in self.study.tickets.downloads if table.folder == folder)
        lines = []
        for record in records:
            assert set(record) <= set(given.select), "the portal is not asked for this column"
            lines.append(json.dumps({name: record.get(name) for name in given.select}))
        self.write(f"{folder}/part-00001.jsonl.gz", "\n".join(lines) + "\n")

    def write(self, name: str, text: str, encoding: str = "utf-8") -> None:
        """Write a raw file, packed if its name says so."""
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = text.encode(encoding)
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)

    def ingest(self) -> Counts:
        done = ingest(self.study, self.root, means=Means(quiet=True, threads=2))
        return Counts(done, self.root / "data" / "processed" / self.study.name)

    def panels(self) -> dict[str, pd.DataFrame]:
        """Ingest, and make the panels of the study's levels."""
        ingested = self.ingest().folder / "ingested"
        panels, _ = build_panels(self.study, clean_study(self.study, self.raw, ingested))
        return panels


@pytest.fixture
def city(tmp_path: Path) -> Callable[..., City]:
    """Take a shipped study, perhaps with other values for some of its keys.

    In a handful of rows one is soon more than the share that may be in quarantine, which
    `quarantine_limit` raises.
    """

    def take(name: str, quarantine_limit: float | None = None, **keys: Any) -> City:
        study = replace(read_study(CITIES / f"{name}.toml"), **keys)
        if quarantine_limit is not None:
            assert study.tickets is not None
            tickets = replace(study.tickets, quarantine_limit=quarantine_limit)
            study = replace(study, tickets=tickets)
        return City(study, tmp_path)

    return take


@pytest.fixture(scope="session")
def commented() -> Callable[[str], list[dict[str, Any]]]:
    """Read the tables that a study file offers as comments, as a user would take them in."""

    def read(name: str) -> list[dict[str, Any]]:
        lines = [*(CITIES / f"{name}.toml").read_text(encoding="utf-8").splitlines(), ""]
        begins = [place for place, line in enumerate(lines) if line.startswith("# [[")]
        blocks = []
        for begin in begins:
            end = next(n for n, line in enumerate(lines) if n > begin and not line.startswith("#"))
            blocks.append("\n".join(line.removeprefix("#") for line in lines[begin:end]))
        return [tomllib.loads(block) for block in blocks]

    return read
