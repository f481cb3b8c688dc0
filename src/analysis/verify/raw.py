"""Check raw data: the files that were deposited, and, if simulated, what the seed gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.clean.raw_files import check_raw_files
from analysis.errors import CompendiumError, RunError, StudyError
from analysis.pipeline.regenerate import regenerate
from analysis.study.load import load_study
from analysis.verify.verdict import Verdict, of_file

__all__ = ["check_checksums", "check_seeds"]


def check_checksums(root: Path, studies: Iterable[str]) -> Iterator[Verdict]:
    """Compare the raw files of studies, and published figures, with ``SHA256SUMS``."""
    raw = root / "data" / "raw"
    folders = [*studies, *(["published"] if (raw / "published").is_dir() else [])]
    try:
        check_raw_files(raw, folders)
    except CompendiumError as error:
        for problem in error.problems:
            yield of_file("raw data", problem.where, "at hand")("FAIL", problem.what)
        return
    for folder in folders:
        yield of_file("raw data", f"data/raw/{folder}", "at hand")("PASS")


def check_seeds(root: Path, studies: Iterable[str]) -> Iterator[Verdict]:
    """Simulate the raw files of simulated studies again, and compare them byte for byte.

    Parameters
    ----------
    root
        The top folder of a copy; the simulated files are put below its cache for a moment.
    studies
        Studies, simulated or not.
    """
    for study in studies:
        if not load_study(study, root / "notebooks" / "studies").simulated:
            continue
        try:
            regenerate(root, study, write=False)
        except RunError as error:
            for problem in error.problems:
                verdict = of_file("simulated data", f"data/raw/{problem.where}", "rerun")
                place = f"notebooks/studies/{study}.toml"
                yield verdict("FAIL", "it is not what the study's seed gives", place=place)
            continue
        except StudyError as error:
            verdict = of_file("simulated data", f"data/raw/{study}", "rerun")
            yield verdict("FAIL", "; ".join([error.title, *map(str, error.problems)]))
            continue
        yield of_file("simulated data", f"data/raw/{study}", "rerun")("PASS")
