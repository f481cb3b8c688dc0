"""Compare the exhibits of two states, entry by entry, each within its own committed tolerance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from analysis.ledger.read import Entry
from analysis.ledger.tolerance import LAST_DIGIT, Tolerance
from analysis.verify.pictures import same_drawing, share_of_pixels
from analysis.verify.state import State
from analysis.verify.tables import compare_grids, read_grid
from analysis.verify.texts import allowed_in_cell, plain_number
from analysis.verify.verdict import Check, Verdict, of_entry

__all__ = ["compare_entries"]

# What is judged by its value; all else that is said of an entry must be the same.
_JUDGED = {"id", "kind", "study", "notebook", "tolerance", "value", "text", "files"}
_SAID = tuple(field.name for field in fields(Entry) if field.name not in _JUDGED)

_GONE = "it is committed, and no run makes it any more"
_NEW = "a run makes it, and it is not committed"
_UNREPEATABLE = "two runs of the same code on the same data differ"


def compare_entries(committed: State, made: State, check: Check) -> list[Verdict]:
    """Compare all entries of two states.

    Parameters
    ----------
    committed, made
        The states. Of a ``second run`` the first and the second: then nothing may differ at all,
        since tolerances are for differences between machines.
    check
        What is compared with what.

    Returns
    -------
    list of Verdict
        One of each entry that passes; of others one for each difference.
    """
    before, after = committed.entries, made.entries
    verdicts: list[Verdict] = []
    for identity in dict.fromkeys([*before, *after]):
        old, new = before.get(identity), after.get(identity)
        if old is None or new is None:
            verdicts.append(_one_sided(old, new, check))
            continue
        found = [*_compare_said(old, new, check), *_compare_value(old, new, committed, made, check)]
        verdicts += found or [of_entry(old, check)("PASS")]
    return verdicts


def _one_sided(old: Entry | None, new: Entry | None, check: Check) -> Verdict:
    if old is not None:
        reason = _UNREPEATABLE if check == "second run" else _GONE
        return of_entry(old, check)("FAIL", reason, committed=_shown(old))
    assert new is not None
    reason = _UNREPEATABLE if check == "second run" else _NEW
    return of_entry(new, check)("FAIL", reason, made=_shown(new))


def _compare_said(old: Entry, new: Entry, check: Check) -> Iterator[Verdict]:
    verdict = of_entry(old, check)
    for name in _SAID:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            values = {"committed": str(before), "made": str(after)}
            yield verdict("FAIL", f"its {name} changed", where=name, **values)
    if old.tolerance != new.tolerance:
        values = {"committed": _described(old.tolerance), "made": _described(new.tolerance)}
        yield verdict("FAIL", "its tolerance changed", where="tolerance", **values)


def _compare_value(
    old: Entry, new: Entry, committed: State, made: State, check: Check
) -> Iterator[Verdict]:
    if old.kind != new.kind:
        values = {"committed": old.kind, "made": new.kind}
        yield of_entry(old, check)("FAIL", "it is another kind of exhibit", **values)
    elif old.kind == "number":
        yield from _compare_numbers(old, new, check)
    else:
        yield from _compare_files(old, new, committed.root, made.root, check)


def _compare_numbers(old: Entry, new: Entry, check: Check) -> Iterator[Verdict]:
    if (old.value, old.text) == (new.value, new.text):
        return
    assert old.value is not None
    assert new.value is not None
    verdict, values = of_entry(old, check), {"committed": _shown(old), "made": _shown(new)}
    if check == "second run":
        yield verdict("FAIL", _UNREPEATABLE, **values)
    elif old.value == new.value:
        yield verdict("FAIL", "the value is the same, but is written another way", **values)
    elif old.tolerance.allows(old.value, new.value):
        yield verdict("EXPLAINED", old.tolerance.reason, **values)
    else:
        yield verdict("FAIL", f"not within its tolerance, {_described(old.tolerance)}", **values)


def _compare_files(
    old: Entry, new: Entry, root: Path, other: Path, check: Check
) -> Iterator[Verdict]:
    verdict = of_entry(old, check)
    if list(old.files) != list(new.files):
        values = {"committed": ", ".join(old.files), "made": ", ".join(new.files)}
        yield verdict("FAIL", "it has other files", **values)
        return
    for name in old.files:
        if not (root / name).is_file() or not (other / name).is_file():
            yield verdict("FAIL", "the file is missing", where=name)
            continue
        if (root / name).read_bytes() != (other / name).read_bytes():
            yield from _compare_bytes(old, name, root, other, check)


def _compare_bytes(
    entry: Entry, name: str, root: Path, other: Path, check: Check
) -> Iterator[Verdict]:
    suffix = Path(name).suffix
    if entry.kind == "table" or suffix == ".csv":
        yield from _compare_cells(entry, name, root, other, check)
    elif suffix == ".png":
        yield _compare_pictures(entry, name, root, other, check)
    else:
        yield _compare_drawings(entry, name, root, other, check)


def _compare_cells(
    entry: Entry, name: str, root: Path, other: Path, check: Check
) -> Iterator[Verdict]:
    verdict, strict = of_entry(entry, check), check == "second run"
    # What a figure shows stands beside it as numbers.
    tolerance = entry.tolerance if entry.kind == "table" else LAST_DIGIT
    try:
        grids = read_grid(root / name), read_grid(other / name)
    except ValueError as failure:
        yield verdict("FAIL", f"it cannot be read as a table: {failure}", where=name)
        return
    alike = True
    for found in compare_grids(*grids, lambda old, new: allowed_in_cell(tolerance, old, new)):
        alike = False
        allowed = found.allowed and not strict
        wrong = _UNREPEATABLE if strict else f"not within {_described(tolerance)}"
        yield verdict(
            "EXPLAINED" if allowed else "FAIL",
            tolerance.reason if allowed else wrong,
            where=f"{found.where} of {name}",
            committed=found.committed,
            made=found.made,
        )
    if alike:
        yield verdict("FAIL", "its cells are the same, but not what stands around them", where=name)


def _compare_pictures(entry: Entry, name: str, root: Path, other: Path, check: Check) -> Verdict:
    verdict = of_entry(entry, check)
    share = share_of_pixels((root / name).read_bytes(), (other / name).read_bytes())
    found = f"{share:.2%} of its pixels differ"
    if check == "second run":
        return verdict("FAIL", f"{_UNREPEATABLE}: {found}", where=name)
    if share > entry.tolerance.absolute:
        return verdict("FAIL", f"{found}, more than {entry.tolerance.absolute:.2%}", where=name)
    return verdict("EXPLAINED", f"{found}; {entry.tolerance.reason}", where=name)


def _compare_drawings(entry: Entry, name: str, root: Path, other: Path, check: Check) -> Verdict:
    verdict = of_entry(entry, check)
    before, after = ((top / name).read_text("utf-8", "replace") for top in (root, other))
    if check == "second run":
        return verdict("FAIL", _UNREPEATABLE, where=name)
    if not same_drawing(before, after):
        return verdict("FAIL", "it is another drawing", where=name)
    reason = f"only coordinates differ, invisibly; {entry.tolerance.reason}"
    return verdict("EXPLAINED", reason, where=name)


def _shown(entry: Entry) -> str:
    if entry.kind != "number":
        return entry.caption
    exact = plain_number(entry.text) == str(entry.value).removesuffix(".0")
    return entry.text if exact else f"{entry.text} ({entry.value!r})"


def _described(tolerance: Tolerance) -> str:
    parts: list[str] = [tolerance.kind]
    if tolerance.relative:
        parts.append(f"relative {tolerance.relative:g}")
    if tolerance.absolute:
        parts.append(f"absolute {tolerance.absolute:g}")
    return f"{' '.join(parts)} ({tolerance.reason})"
