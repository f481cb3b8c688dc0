"""The table of the benchmark of ingest: seconds, memory, ratios and growth."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict

from analysis.bench.ingest.race import Result
from analysis.bench.ingest.rules import THREADS

__all__ = ["as_json", "ingest_table"]

# Ours against the best written by hand, against pandas, and from fewer rows to ten times as many.
SLOWEST, FASTER_THAN_PANDAS, GROWTH = 1.1, 4.0, 1.1

_NAN = float("nan")


def ingest_table(results: Sequence[Result], memory: str) -> str:
    """Write the table.

    Parameters
    ----------
    results
        From `analysis.bench.ingest.race.run_ingest_bench`.
    memory
        The limit that engines were given.

    Returns
    -------
    str
        One line for each contestant and number of rows. `x best`, `x pandas` and `x floor` are its
        seconds over those of the best written by hand, of pandas and of the floor; `growth` is its
        seconds over those on the fewest rows. Below, the targets that ours misses.
    """
    lines = [
        f"{THREADS} threads each, engines limited to {memory} where they know a limit, medians",
        "",
        f"{'contestant':<18}{'rows':>13}{'wall s':>9}{'cpu s':>9}{'peak MB':>9}{'spill MB':>9}"
        f"{'x best':>8}{'x pandas':>9}{'x floor':>8}{'growth':>8}  panels",
    ]
    for result in results:
        start = f"{result.contestant.label:<18}{result.rows:>13,}"
        measured, ratios = result.measured, _ratios(result, results)
        if measured.failure:
            lines.append(f"{start}  {measured.failure[:90]}")
            continue
        lines.append(
            f"{start}{measured.seconds:>9.1f}{measured.processor:>9.1f}{measured.memory:>9.0f}"
            f"{measured.spill:>9.0f}{_number(ratios['best'], 8)}{_number(ratios['pandas'], 9)}"
            f"{_number(ratios['floor'], 8)}{_number(ratios['growth'], 8)}  {result.answers}"
        )
    missed = [line for result in results for line in _missed(result, results)]
    return "\n".join([*lines, *([""] if missed else []), *missed])


def as_json(results: Sequence[Result], memory: str) -> str:
    """Write the same for programs."""
    rows = [
        {
            "contestant": result.contestant.name,
            "rows": result.rows,
            **_finite(asdict(result.measured)),
            "ratios": _finite(_ratios(result, results)),
            "panels": result.answers,
        }
        for result in results
    ]
    return json.dumps(
        {"threads": THREADS, "memory": memory, "results": rows}, indent=2, ensure_ascii=False
    )


def _finite(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in values.items()
    }


def _ratios(result: Result, results: Sequence[Result]) -> dict[str, float]:
    seconds = result.measured.seconds
    here = [other for other in results if other.rows == result.rows]
    fewest = min(other.rows for other in results)
    same = result.contestant.name

    def over(chosen: Callable[[Result], bool], others: Sequence[Result] = here) -> float:
        found = [o.measured.seconds for o in others if chosen(o) and not o.measured.failure]
        return seconds / min(found) if found else _NAN

    return {
        "best": over(lambda other: other.contestant.role == "peer"),
        "pandas": over(lambda other: other.contestant.name == "pandas"),
        "floor": over(lambda other: other.contestant.role == "floor"),
        "growth": over(lambda o: o.contestant.name == same and o.rows == fewest, results)
        if result.rows > fewest
        else _NAN,
    }


def _missed(result: Result, results: Sequence[Result]) -> Iterator[str]:
    if result.contestant.role == "ours" and not result.measured.failure:
        name, ratios = (
            f"{result.contestant.label} on {result.rows:,} rows",
            _ratios(result, results),
        )
        more = result.rows / min(other.rows for other in results)
        if ratios["best"] > SLOWEST:
            yield f"missed: {name} takes {ratios['best']:.2f} times the best; {SLOWEST} is wanted"
        if 1 / ratios["pandas"] < FASTER_THAN_PANDAS:
            yield f"missed: {name} is not {FASTER_THAN_PANDAS:g} times as fast as pandas"
        if ratios["growth"] > more * GROWTH:
            growth = f"{ratios['growth']:.1f} times as long for {more:.0f} times as many rows"
            yield f"missed: {name} takes {growth}"
        if result.answers not in ("first", "same"):
            yield f"wrong: {name} gives other panels: {result.answers}"
    elif result.answers not in ("", "first", "same"):
        yield f"{result.contestant.label} on {result.rows:,} rows gives other panels"


def _number(value: float, width: int) -> str:
    return f"{'-' if math.isnan(value) else format(value, '.2f'):>{width}}"
