"""One step of the pipeline: all that it reads and all that it writes, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

__all__ = ["Kind", "Step"]

Kind = Literal["ingest", "notebook", "ledger", "numbers", "paper", "report"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the pipeline. All paths are below the top folder, but for code outside it.

    Attributes
    ----------
    name
        Its name, such as ``beijing/03_effect-street-complaints``.
    kind
        ``ingest`` (tickets become tables of counts), ``notebook``, ``ledger`` (put the exhibits
        of a study together), ``numbers`` (what the paper prints of them), ``paper`` or
        ``report`` (a document about one study that the paper does not treat).
    inputs
        Files it reads.
    records
        Records of exhibits it reads, each with every figure and table that it lists.
    code
        Files of the library that it uses.
    products
        Files it writes.
    record
        The record of the exhibits it makes; the figures and tables listed there are its products
        too.
    study
        The study of a notebook or ledger.
    notebook, parameters, subtitle
        For a notebook: what is run, with which parameters, and what its title adds.
    """

    name: str
    kind: Kind
    inputs: tuple[Path, ...]
    records: tuple[Path, ...]
    code: tuple[Path, ...]
    products: tuple[Path, ...]
    record: Path | None = None
    study: str = ""
    notebook: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    subtitle: str = ""

    @property
    def file(self) -> str:
        """The name of its files, without a suffix: ``03_effect-street-complaints``."""
        return self.name.rpartition("/")[2]
