"""Keep finished batches of replications, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import functools
import hashlib
import io
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

import analysis
from analysis.recover.replicate import ROW_COLUMNS, Setting
from analysis.recover.shape import Shape
from analysis.workspace import write_atomically

__all__ = ["Batch", "load_batch", "store_batch"]

# What decides results besides this package.
LIBRARIES = (
    "diff-diff",
    "joblib",
    "linearmodels",
    "numpy",
    "pandas",
    "pyfixest",
    "scipy",
    "statsmodels",
)
# The folders of this package whose code decides results.
CODE = ("effects", "recover", "simulate")


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Replications `first` to `last` - 1 of a setting."""

    setting: Setting
    first: int
    last: int

    def file(self, cache: Path) -> Path:
        """Return where its results are kept: below a folder named by all that decides them."""
        return cache / _key(self.setting) / f"{self.first:06d}-{self.last - 1:06d}.csv"


def load_batch(batch: Batch, cache: Path) -> pd.DataFrame | None:
    """Read a batch that was kept, or return None if there is none."""
    try:
        return pd.read_csv(
            batch.file(cache),
            encoding="utf-8",
            dtype=ROW_COLUMNS,
            keep_default_na=False,
            na_values={name: [""] for name, kind in ROW_COLUMNS.items() if kind == "float64"},
        )
    except FileNotFoundError:
        return None


def store_batch(batch: Batch, rows: pd.DataFrame, cache: Path) -> None:
    """Keep a finished batch, every number to its last digit; a reader sees all of it or nothing."""
    text = io.StringIO()
    rows.to_csv(text, index=False, lineterminator="\n")
    write_atomically(batch.file(cache), text.getvalue())


def _key(setting: Setting) -> str:
    parts = [
        _code_version(),
        shape_digest(setting.shape),
        *(
            repr(value)
            for value in (
                setting.effect,
                setting.size,
                setting.estimator,
                setting.inferences,
                setting.event_times,
                setting.seed,
            )
        ),
    ]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return f"{setting.shape.name}-{setting.effect}-{setting.estimator}-{digest}"


def shape_digest(shape: Shape) -> str:
    """Return a hash of everything in a shape."""
    digest = hashlib.sha256()
    for name in shape.__slots__:
        value = getattr(shape, name)
        digest.update(name.encode())
        if isinstance(value, np.ndarray):
            digest.update(str((value.dtype, value.shape)).encode() + value.tobytes())
        else:
            digest.update(repr(value).encode())
    return digest.hexdigest()


@functools.cache
def _code_version() -> str:
    digest = hashlib.sha256()
    package = Path(str(analysis.__file__)).parent
    for folder in CODE:
        for path in sorted((package / folder).rglob("*.py")):
            digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    digest.update(repr([(name, version(name)) for name in LIBRARIES]).encode())
    return digest.hexdigest()
