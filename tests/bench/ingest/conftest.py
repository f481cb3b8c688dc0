"""Some thousand generated tickets, and what every peer makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.bench.ingest.city import bench_study
from analysis.bench.ingest.contestants import CONTESTANTS, get_run
from analysis.bench.ingest.generate import generate_tickets

ROWS = 8_000


@pytest.fixture(scope="session")
def raw_tickets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tickets")
    generate_tickets(folder, ROWS, seed=3)
    return folder


@pytest.fixture(scope="session")
def results(raw_tickets: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Name of contestant -> folder of its results."""
    folders = {}
    for one in CONTESTANTS:
        folders[one.name] = tmp_path_factory.mktemp(one.name)
        get_run(one)(bench_study(), raw_tickets, folders[one.name], "1GB")
    return folders
