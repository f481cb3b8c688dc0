"""What a new study file was made of, in a few lines."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence

from analysis.new_study.propose.proposal import Proposal
from analysis.new_study.write.toml import shown

__all__ = ["proposal_as_json", "proposal_as_text"]


def proposal_as_text(proposal: Proposal) -> str:
    """Tell which header is which column, how sure that is, and what to check."""
    blocks = []
    for source in proposal.sources:
        files = ", ".join(sample.path.name for sample in source.samples)
        rows = [
            (match.column, match.sure, " | ".join(shown(header) for header in match.headers))
            for match in source.matches
        ]
        table = _aligned([("COLUMN", "HOW SURE", "HEADER"), *rows])
        blocks.append(f"{source.name}: {files}\n{table}")
        if source.unused:
            blocks.append(f"Not used: {', '.join(shown(header) for header in source.unused)}")
    lines = [f"  {place}: {_first_sentence(why)}" for place, why in _checks(proposal)]
    if lines:
        blocks.append("\n".join(["To check (the file says more):", *lines]))
    return "\n\n".join(blocks)


def proposal_as_json(proposal: Proposal) -> str:
    """Tell the same to programs."""
    told = {
        "sources": [
            {
                "name": source.name,
                "files": [sample.path.name for sample in source.samples],
                "columns": [
                    {"column": m.column, "headers": list(m.headers), "sure": m.sure}
                    for m in source.matches
                ],
                "unused": source.unused,
            }
            for source in proposal.sources
        ],
        "checks": [{"where": where, "what": what} for where, what in _checks(proposal)],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _checks(proposal: Proposal) -> list[tuple[str, str]]:
    checks = []
    for table in proposal.tables:
        if table.check and table.why:
            checks.append((table.name, table.why))
        for name, guess in table.keys.items():
            if guess.check and guess.why:
                checks.append((f"{table.name}.{name}".strip("."), guess.why))
    return checks


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=\.) ", text, maxsplit=1)[0]


def _aligned(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return "\n".join(
        "  "
        + "".join(cell + " " * (w - _width(cell) + 2) for cell, w in zip(row, widths, strict=False))
        + row[-1]
        for row in rows
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
