"""Put the records of all notebook runs together: one ledger for each study."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from analysis.errors import Problem, RunError
from analysis.ledger.cells import CellFinder
from analysis.ledger.described import describe_study
from analysis.ledger.write import write_json
from analysis.pipeline.records import read_record
from analysis.study.schema import Study
from analysis.workspace import file_hash

__all__ = ["KINDS", "write_ledger", "write_numbers"]

# What the paper prints of an entry, by kind.
PRINTED = {
    "numbers": ("text",),
    "figures": ("caption", "alt", "run", "restricted", "simulated"),
    "tables": ("caption", "note", "run", "restricted", "simulated"),
}
# Flows of rows are for those who ask why a number of observations is what it is.
KINDS = (*PRINTED, "flows")


def write_ledger(
    root: Path, study: str, records: Sequence[Path], output: Path, *, code: Sequence[Path] = ()
) -> None:
    """Assemble the ledger of a study from the records of its notebook runs.

    The ledger has ``study``; ``code``, the hash of each file of the library that its exhibits were
    made with; ``runs``, by name, each with its notebook, parameters and the hashes of all that it
    was made from; and ``numbers``, ``figures`` and ``tables``, by id, each with the
    run, cell and line that made it, its tolerance, and its value or the hashes of its files; and
    ``flows``, by the id of a result, each with its flow of rows.

    Parameters
    ----------
    root
        The top folder of the compendium.
    study
        Its name.
    records
        The records, below the top folder.
    output
        Where the ledger is written.
    code
        The files of the library that the runs use; only those below the top folder are named.

    Raises
    ------
    RunError
        If an id was recorded by two runs.
    """
    read: Any = nbformat.read
    hashes = {p.as_posix(): file_hash(root / p) for p in code if not p.is_absolute()}
    ledger: dict[str, Any] = {"study": study, "code": hashes, "runs": {}}
    ledger |= {kind: {} for kind in KINDS}
    problems = []
    for path in records:
        run = path.stem
        executed = root / "notebooks" / "executed" / study / f"{run}.ipynb"
        made_from = read(executed, as_version=4).metadata["compendium"]
        ledger["runs"][run] = dict(made_from)
        cells = CellFinder(root / "notebooks" / f"{made_from['notebook']}.py", executed)
        for kind, entries in read_record(root / path).items():
            for identity, entry in entries.items():
                for other in (ledger[one][identity] for one in KINDS if identity in ledger[one]):
                    what = f"both {other['run']} and {run} record it"
                    problems.append(Problem(what, identity, "give each exhibit an id of its own"))
                place = {"run": run, "cell": cells.cell_at(entry["line"] or 0)}
                ledger[kind][identity] = entry | place | _hashes(root, entry)
    if problems:
        raise RunError(f"the exhibits of {study} cannot be put together", problems)
    write_json(output, ledger)


def write_numbers(ledgers: Sequence[Path], output: Path, studies: Sequence[Study] = ()) -> None:
    """Write ``numbers.json``: what the paper prints of the entries of all ledgers.

    Parameters
    ----------
    ledgers
        The files of the ledgers.
    output
        Where it is written.
    studies
        Of each, ``studies`` says what `analysis.ledger.described` takes from its study file, so
        that the documents say whether data are simulated or restricted, and what the design is.
    """
    content: dict[str, dict[str, Any]] = {kind: {} for kind in PRINTED}
    content["studies"] = {study.name: describe_study(study) for study in studies}
    for path in ledgers:
        ledger = json.loads(path.read_text(encoding="utf-8"))
        for kind, names in PRINTED.items():
            for identity, entry in ledger[kind].items():
                content[kind][identity] = {name: entry[name] for name in names}
    write_json(output, content)


def _hashes(root: Path, entry: Mapping[str, Any]) -> dict[str, Any]:
    if "files" not in entry:
        return {}
    return {"files": {name: file_hash(root / name) for name in entry["files"]}}
