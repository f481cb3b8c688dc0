"""Compare executed notebooks: whether they show what the code makes now, cell by cell."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from analysis.ledger.tolerance import NUMERICAL, PIXELS
from analysis.verify.pictures import share_of_pixels
from analysis.verify.state import State
from analysis.verify.texts import allowed_in_output, first_difference
from analysis.verify.verdict import Check, Verdict, of_file

__all__ = ["check_origins", "compare_notebooks"]

_PICTURES = ("image/png", "image/jpeg")


def compare_notebooks(
    committed: Path, made: Path, names: Iterable[str], check: Check
) -> list[Verdict]:
    """Compare executed notebooks of two trees.

    Parameters
    ----------
    committed, made
        The top folders.
    names
        The notebooks, by their paths below the top folder.
    check
        What is compared with what; in a ``second run`` nothing may differ.

    Returns
    -------
    list of Verdict
        One of each notebook that passes; of others one for each output that differs.
    """
    verdicts: list[Verdict] = []
    for name in names:
        found = list(_compare(committed / name, made / name, name, check))
        verdicts += found or [of_file("notebook", name, check)("PASS")]
    return verdicts


def check_origins(state: State) -> Iterator[Verdict]:
    """Compare what committed executed notebooks say they were made from with the ledger."""
    for study, ledger in state.ledgers.items():
        for run, made_from in ledger.runs.items():
            name = f"notebooks/executed/{study}/{run}.ipynb"
            verdict = of_file("notebook", name, "at hand")
            read = _read(state.root / name)
            if read is None:
                yield verdict("FAIL", "the file is missing, or is no notebook")
                continue
            metadata = read.get("metadata")
            said = metadata.get("compendium", {}) if isinstance(metadata, dict) else {}
            differing = [key for key in said if said[key] != getattr(made_from, key, None)]
            if differing or not said:
                reason = "it was not made by the run that the ledger records"
                yield verdict("FAIL", reason, where=", ".join(differing))
            else:
                yield verdict("PASS")


def _compare(committed: Path, made: Path, name: str, check: Check) -> Iterator[Verdict]:
    verdict = of_file("notebook", name, check)
    if committed.is_file() and made.is_file() and committed.read_bytes() == made.read_bytes():
        return
    before, after = _read(committed), _read(made)
    if before is None or after is None:
        missing = "committed" if before is None else "made"
        yield verdict("FAIL", f"it is not {missing}, or is no notebook")
        return
    cells, others = before["cells"], after["cells"]
    if len(cells) != len(others):
        values = {"committed": f"{len(cells)} cells", "made": f"{len(others)} cells"}
        yield verdict("FAIL", "it has other cells", **values)
        return
    for old, new in zip(cells, others, strict=True):
        yield from _compare_cells(old, new, name, check)


def _compare_cells(
    old: dict[str, Any], new: dict[str, Any], name: str, check: Check
) -> Iterator[Verdict]:
    verdict = of_file("notebook", name, check)
    cell = str(old.get("id", ""))
    for key in sorted((old.keys() | new.keys()) - {"outputs"}):
        if old.get(key) != new.get(key):
            before, after = first_difference(_text(old.get(key)), _text(new.get(key)))
            where = f"{cell}, {key}"
            yield verdict("FAIL", "the cell differs", where=where, committed=before, made=after)
    outputs, others = old.get("outputs", []), new.get("outputs", [])
    if len(outputs) != len(others):
        values = {"committed": f"{len(outputs)} outputs", "made": f"{len(others)} outputs"}
        yield verdict("FAIL", "the cell has other outputs", where=cell, **values)
        return
    for number, (output, other) in enumerate(zip(outputs, others, strict=True), start=1):
        shown, made = _contents(output), _contents(other)
        for mime in dict.fromkeys([*shown, *made]):
            where = f"{cell}, output {number} ({mime})"
            if mime not in shown or mime not in made:
                there = "it is not made" if mime in shown else "it is not committed"
                yield verdict("FAIL", there, where=where)
            elif shown[mime] != made[mime]:
                yield _judge(mime, shown[mime], made[mime], name, where, check)


def _judge(mime: str, before: str, after: str, name: str, where: str, check: Check) -> Verdict:
    verdict, strict = of_file("notebook", name, check), check == "second run"
    if mime in _PICTURES:
        share = _share(before, after)
        found = f"{share:.2%} of the picture's pixels differ"
        if share <= PIXELS.absolute and not strict:
            return verdict("EXPLAINED", f"{found}; {PIXELS.reason}", where=where)
        return verdict("FAIL", found, where=where)
    first, second = first_difference(before, after)
    values = {"where": where, "committed": first, "made": second}
    if allowed_in_output(before, after) and not strict:
        return verdict("EXPLAINED", NUMERICAL.reason, **values)
    reason = "two runs of the same code on the same data differ" if strict else "it shows another"
    return verdict("FAIL", reason, **values)


def _share(before: str, after: str) -> float:
    try:
        return share_of_pixels(base64.b64decode(before), base64.b64decode(after))
    except ValueError:
        # One of them is no picture at all.
        return 1.0


def _contents(output: dict[str, Any]) -> dict[str, str]:
    """Return all that an output shows, by what it is."""
    shown = {str(mime): _text(value) for mime, value in output.get("data", {}).items()}
    if "text" in output:
        shown[str(output.get("name", "text"))] = _text(output["text"])
    about = {k: v for k, v in output.items() if k not in {"data", "text"}}
    return shown | {"about": _text(about)}


def _text(value: object) -> str:
    # Notebooks keep text as a string or as a list of lines.
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    cells = content.get("cells") if isinstance(content, dict) else None
    whole = isinstance(cells, list) and all(isinstance(cell, dict) for cell in cells)
    return content if whole else None
