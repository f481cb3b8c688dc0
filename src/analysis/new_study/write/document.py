"""The text of a new study file."""

from __future__ import annotations

from analysis.new_study.propose.proposal import Proposal
from analysis.new_study.propose.sources import SourceProposal
from analysis.new_study.propose.table import Table
from analysis.new_study.write.toml import WIDTH, comment, key, shown, value

__all__ = ["write_document"]

CHECK = "CHECK"
_PARTS = {
    "tickets": "what the files of tickets look like",
    "tickets.initiator": "what the codes in tickets mean",
    "tickets.privacy": "how people are protected",
    "level": "which panels are made and used",
    "adoption": "which panels are made and used",
}


def write_document(name: str, proposal: Proposal) -> str:
    """Write a study file in which each guess is explained beside it.

    Parameters
    ----------
    name
        The study's name.
    proposal
        What it says, and why.

    Returns
    -------
    str
        TOML. No cell of a sample is in it but codes that may be shown; see
        `analysis.new_study.look.contents`.
    """
    opening = comment(
        f'The study "{name}", proposed from samples of its files. What is written beside a line '
        f"says where it comes from. Lines under {CHECK} need somebody who knows the data."
    )
    text, parts = [opening], set[str]()
    sources = iter(proposal.sources)
    for table in proposal.tables:
        part = _PARTS.get(table.name)
        if part is not None and part not in parts:
            parts.add(part)
            text.append(f"# {'-' * (WIDTH - 4 - len(part))} {part}\n")
        text.append(_table(table))
        if table.name == "tickets.source.headers":
            text.append(_unused(next(sources)))
    return "\n".join(part for part in text if part)


def _table(table: Table) -> str:
    lines = comment(_marked(table.why, table.check))
    if table.name:
        header = ".".join(key(part) for part in table.name.split("."))
        lines += f"[[{header}]]\n" if table.several else f"[{header}]\n"
    for name, guess in table.keys.items():
        lines += comment(_marked(guess.why, guess.check))
        lines += f"{key(name)} = {value(guess.value)}\n"
    return lines


def _marked(why: str, check: bool) -> str:
    return f"{CHECK}: {why}" if check and why else why


def _unused(source: SourceProposal) -> str:
    if not source.unused:
        return ""
    reasons: dict[str, list[str]] = {}
    for header, why in source.unused.items():
        reasons.setdefault(why, []).append(shown(header))
    lines = [f"{', '.join(headers)} ({why})." for why, headers in reasons.items()]
    return "# Not used:\n" + "".join(comment(line) for line in lines)
