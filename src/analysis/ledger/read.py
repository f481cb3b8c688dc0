"""Read ledgers: every exhibit with its origin, for those who verify and trace."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from analysis.errors import Problem, RunError
from analysis.ledger.flow import RowFlow
from analysis.ledger.tolerance import Tolerance

__all__ = ["Entry", "FlowEntry", "Kind", "Ledger", "MadeFrom", "read_ledger", "read_ledgers"]

Kind = Literal["number", "figure", "table"]

KINDS: dict[Kind, str] = {"number": "numbers", "figure": "figures", "table": "tables"}


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """What a notebook run was made from, by sha256.

    Attributes
    ----------
    notebook, parameters
        What was run.
    source, study, lock
        Hashes of the notebook's source, the study file and the lock.
    code
        Joint hash of the library's modules that it uses.
    inputs
        Path -> hash of the data it read.
    records
        The records of other runs that it read.
    """

    notebook: str
    parameters: Mapping[str, str]
    source: str
    study: str
    code: str
    lock: str
    inputs: Mapping[str, str]
    records: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One exhibit.

    Attributes
    ----------
    id, kind, study
        What it is.
    simulated
        Whether it was made from simulated data.
    run
        The notebook run that made it: ``03_effect-street-complaints``.
    notebook, cell, line
        Where it was recorded: the notebook's name, the cell's id in the executed copy and the line
        of the source; None if that is not known.
    tolerance
        How far another run may be from it.
    value, text, unit
        Of a number: at full precision, as it is written, and its unit.
    files
        Of a figure or table: path below the top folder -> sha256.
    caption, note, alt
        Of a figure or table.
    """

    id: str
    kind: Kind
    study: str
    simulated: bool
    run: str
    notebook: str
    cell: str | None
    line: int | None
    tolerance: Tolerance
    value: float | None
    text: str
    unit: str
    files: Mapping[str, str]
    caption: str
    note: str
    alt: str

    @property
    def source(self) -> str:
        """The notebook's source, below the top folder."""
        return f"notebooks/{self.notebook}.py"

    @property
    def executed(self) -> str:
        """The executed copy, below the top folder."""
        return f"notebooks/executed/{self.study}/{self.run}.ipynb"

    @property
    def place(self) -> str:
        """Where it is recorded, for people: ``notebooks/03_effect.py, line 135``."""
        return self.source if self.line is None else f"{self.source}, line {self.line}"


@dataclass(frozen=True, slots=True)
class FlowEntry:
    """The flow of rows into one result.

    Attributes
    ----------
    id, study, run, notebook, cell, line
        As of `Entry`; the id is that of the result, ``<study>.<level>.<outcome>.<estimator>``.
    label
        What the result is, in words, if its id does not say it.
    panel
        The panel's file, below the top folder.
    flow
        The rows.
    """

    id: str
    study: str
    run: str
    notebook: str
    cell: str | None
    line: int | None
    label: str
    panel: str
    flow: RowFlow


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of one study.

    Attributes
    ----------
    study
        Its name.
    runs
        Name -> what the run was made from.
    entries
        Id -> entry: numbers, then figures, then tables, each in the order of ids.
    code
        Path -> hash of the library's files that the runs use.
    flows
        Id of a result -> the flow of its rows.
    """

    study: str
    runs: Mapping[str, MadeFrom]
    entries: Mapping[str, Entry]
    code: Mapping[str, str] = field(default_factory=dict)
    flows: Mapping[str, FlowEntry] = field(default_factory=dict)


def read_ledgers(root: Path) -> dict[str, Ledger]:
    """Read all ledgers of a compendium, in the order of studies."""
    files = sorted((root / "paper" / "ledger").glob("*.json"))
    return {path.stem: read_ledger(path) for path in files}


def read_ledger(path: Path) -> Ledger:
    """Read one ledger.

    Raises
    ------
    RunError
        If the file is no ledger.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        runs = {name: MadeFrom(**made_from) for name, made_from in content["runs"].items()}
        entries = {
            identity: _entry(identity, kind, content["study"], runs, entry)
            for kind, plural in KINDS.items()
            for identity, entry in content[plural].items()
        }
        flows = {
            identity: _flow(identity, content["study"], runs, entry)
            for identity, entry in content.get("flows", {}).items()
        }
    except (ValueError, KeyError, TypeError) as failure:
        problem = Problem(f"it cannot be read: {failure}", path.name, "make it anew by a run")
        raise RunError("a ledger is broken", [problem]) from failure
    return Ledger(content["study"], runs, entries, content.get("code", {}), flows)


def _entry(
    identity: str, kind: Kind, study: str, runs: Mapping[str, MadeFrom], entry: dict[str, Any]
) -> Entry:
    return Entry(
        id=identity,
        kind=kind,
        study=study,
        simulated=entry["simulated"],
        run=entry["run"],
        notebook=runs[entry["run"]].notebook,
        cell=entry["cell"],
        line=entry["line"],
        tolerance=Tolerance(**entry["tolerance"]),
        value=entry.get("value"),
        text=entry.get("text", ""),
        unit=entry.get("unit", ""),
        files=entry.get("files", {}),
        caption=entry.get("caption", ""),
        note=entry.get("note", ""),
        alt=entry.get("alt", ""),
    )


def _flow(
    identity: str, study: str, runs: Mapping[str, MadeFrom], entry: dict[str, Any]
) -> FlowEntry:
    return FlowEntry(
        id=identity,
        study=study,
        run=entry["run"],
        notebook=runs[entry["run"]].notebook,
        cell=entry["cell"],
        line=entry["line"],
        label=entry["label"],
        panel=entry["panel"],
        flow=RowFlow.from_json(entry),
    )
