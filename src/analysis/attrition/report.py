"""Accounts of rows as text of 80 columns with totals, and as JSON."""

from __future__ import annotations

import dataclasses
import itertools
import json
import textwrap
from collections.abc import Iterator, Sequence

from analysis.attrition.account import StudyAccount
from analysis.attrition.cleaning import CleaningStep
from analysis.attrition.compare import Comparison, OneSided
from analysis.ledger.read import FlowEntry

__all__ = [
    "accounts_as_json",
    "accounts_as_text",
    "comparison_as_json",
    "comparison_as_text",
    "flows_as_text",
]

WIDTH = 80
NAME, NUMBER = 26, 10
CLEANING = ("rows_in", "joined", "dropped", "restated", "filled", "rows_out")
SHORT = 9


def accounts_as_text(accounts: Sequence[StudyAccount]) -> str:
    """Write the accounts of studies: cleaning, then results."""
    lines: list[str] = []
    for account in accounts:
        title = f"{account.study}: cleaning"
        lines += [title, "=" * len(title), *_cleaning(account.cleaning), ""]
        for panel, flows in itertools.groupby(account.results, key=lambda flow: flow.panel):
            title = f"{account.study}: results on {panel}"
            lines += [title, "=" * len(title), *_flows(list(flows)), ""]
    return "\n".join(lines).rstrip() or "There are no ledgers: run the whole compendium first."


def flows_as_text(flows: Sequence[FlowEntry]) -> str:
    """Write the flows of rows into results."""
    return "\n".join(_flows(flows))


def comparison_as_text(compared: Comparison) -> str:
    """Write why the numbers of observations of two results differ."""
    first, second = compared.first, compared.second
    lines = [*_flows([first, second]), "", f"From the first to the second: {second.id}"]
    lines.append(_amount("observations of the first", first.flow.observations))
    for one in compared.differences:
        said = f"{one.reason}: {one.first:,} in the first, {one.second:,} in the second"
        lines += _amount_lines(said, f"{one.adds:+,}".replace("-", "−"))
    lines.append(_amount("observations of the second", second.flow.observations))
    lines.append("")
    if compared.both is None:
        lines += textwrap.wrap(
            "Which rows they share is not known: they are not on the same panel, or are checks, "
            "for which only numbers of rows are recorded.",
            WIDTH,
        )
        return "\n".join(lines)
    lines += ["Rows of the panel", _amount("used by both", compared.both)]
    lines += _one_sided("used by the first only", compared.only_first)
    lines += _one_sided("used by the second only", compared.only_second)
    lines.append(_amount("used by neither", compared.neither or 0))
    lines.append(_amount("together", first.flow.rows_in))
    return "\n".join(lines)


def accounts_as_json(accounts: Sequence[StudyAccount] | Sequence[FlowEntry]) -> str:
    """Write accounts or flows for a program."""
    return _to_json([dataclasses.asdict(account) for account in accounts])


def comparison_as_json(compared: Comparison) -> str:
    """Write a comparison for a program; rows that only one result uses are all listed."""
    return _to_json(dataclasses.asdict(compared))


def _cleaning(steps: Sequence[CleaningStep]) -> Iterator[str]:
    if not steps:
        yield "No table of cleaning is recorded."
        return
    heads = ("in", "joined", "dropped", "restated", "filled", "out")
    yield " " * NAME + "".join(f"{head:>{SHORT}}" for head in heads)
    for table, group in itertools.groupby(steps, key=lambda step: step.table):
        own = list(group)
        yield table
        for step in own:
            yield from _row(step.step, [getattr(step, name) for name in CLEANING])
            for why in step.reasons:
                yield from _indented(f"{why.action} {why.count:,}: {why.reason}")
        totals = [sum(getattr(step, name) for step in own) for name in CLEANING]
        totals[0], totals[-1] = own[0].rows_in, own[-1].rows_out
        yield from _row("together", totals)


def _row(name: str, counts: Sequence[int]) -> Iterator[str]:
    *first, last = textwrap.wrap(name, NAME, subsequent_indent="    ", initial_indent="  ") or [""]
    yield from first
    first_cell, *others = counts
    cells = [f"{first_cell:,}", *(f"{count:,}" if count else "·" for count in others)]
    yield f"{last:<{NAME}}" + "".join(f"{cell:>{SHORT}}" for cell in cells)


def _flows(flows: Sequence[FlowEntry]) -> Iterator[str]:
    heads = ("rows in", "dropped", "again", "obs.", "units", "clusters")
    yield " " * NAME + "".join(f"{head:>{SHORT}}" for head in heads) + ("" if flows else " none")
    for entry in flows:
        flow = entry.flow
        yield entry.id + (f": {entry.label}" if entry.label else "")
        counts = [flow.rows_in, flow.rows_dropped, flow.repeated, flow.observations]
        yield from _row("", [*counts, flow.units, flow.clusters])
        for one in flow.dropped:
            yield from _indented(f"dropped {one.count:,}: {one.reason}")


def _one_sided(title: str, rows: Sequence[OneSided]) -> Iterator[str]:
    yield _amount(title, sum(one.count for one in rows))
    for one in rows:
        yield from _indented(f"{one.count:,}: the other has them as: {one.reason}")
        if one.examples:
            more = " …" if one.count > len(one.examples) else ""
            yield from _indented(f"  {'; '.join(one.examples)}{more}")


def _amount(name: str, count: int) -> str:
    return f"  {name:<{WIDTH - NUMBER - 2}}{count:>{NUMBER},}"


def _amount_lines(name: str, amount: str) -> Iterator[str]:
    *first, last = textwrap.wrap(name, WIDTH - NUMBER - 6)
    yield from (f"    {line}" for line in first)
    yield f"    {last:<{WIDTH - NUMBER - 4}}{amount:>{NUMBER}}"


def _indented(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="      ", subsequent_indent="        ")


def _to_json(content: object) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False)
