"""Run one contestant of the benchmark; started as a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

from analysis.bench.ingest.city import bench_study
from analysis.bench.ingest.contestants import choose, get_run

__all__ = ["main"]


def main(name: str, raw: str, to: str, memory: str) -> None:
    """Run the contestant of that name."""
    (contestant,) = choose([name])
    get_run(contestant)(bench_study(), Path(raw), Path(to), memory)


if __name__ == "__main__":
    main(*sys.argv[1:])
