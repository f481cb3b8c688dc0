"""Whether results may be deposited: all are there, none is stale, and ledgers tell the truth."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from analysis.errors import Problem
from analysis.git import list_files
from analysis.ledger.read import read_ledgers
from analysis.pipeline.plan import LEDGERS
from analysis.study.load import list_studies
from analysis.workspace import file_hash

__all__ = ["check_ledgers", "check_publishable", "check_up_to_date"]

_RUN = "run python3 reproduce.py"
STEPS_SHOWN = 5


def check_up_to_date(root: Path) -> list[Problem]:
    """Name the steps of the pipeline whose products are missing or stale, and why.

    Parameters
    ----------
    root
        The top folder of the compendium. What is compared is its state after the last run in this
        folder, so results that came with a fresh copy count as stale until they are made in it.
    """
    # The engine is heavy, and only this function needs it.
    from analysis.pipeline.explain import explain

    reasons: dict[str, list[str]] = {}
    for told in explain(root):
        if told.verdict != "up to date":
            reason = "; ".join(told.reasons) or "a step before it is stale"
            reasons.setdefault(reason, []).append(told.step.name)
    return [Problem(reason, _shortened(names), _RUN) for reason, names in reasons.items()]


def _shortened(names: list[str]) -> str:
    more = f" and {len(names) - STEPS_SHOWN} more steps" if len(names) > STEPS_SHOWN else ""
    return f"{', '.join(names[:STEPS_SHOWN])}{more}"


def check_ledgers(root: Path) -> list[Problem]:
    """Compare every figure and table with the hash that its study's ledger gives."""
    ledgers = read_ledgers(root)
    problems = [
        Problem("the ledger is missing", (LEDGERS / f"{study}.json").as_posix(), _RUN)
        for study in list_studies(root / "notebooks" / "studies")
        if study not in ledgers
    ]
    for ledger in ledgers.values():
        for entry in ledger.entries.values():
            for name, listed in entry.files.items():
                path = root / name
                if not path.is_file():
                    what = f"the {entry.kind} {entry.id} is missing"
                    problems.append(Problem(what, name, _RUN))
                elif file_hash(path) != listed:
                    what = f"the {entry.kind} {entry.id} is not the one in the ledger"
                    problems.append(Problem(what, name, f"see {entry.place}, or {_RUN}"))
    return problems


def check_publishable(root: Path, folders: Iterable[str]) -> list[Problem]:
    """Name the folders of raw data of which git ignores files: somebody keeps them to himself.

    Parameters
    ----------
    root
        The top folder of the compendium.
    folders
        Folders below ``data/raw`` that would go into the deposit.
    """
    if not (root / ".git").exists():
        # A repository around the compendium, if there is one, ignores it for its own reasons.
        return []
    problems = []
    for folder in folders:
        where = f"data/raw/{folder}"
        ignored = list_files(root, "--others", "--ignored", "--exclude-standard", "--", where)
        files = [name for name in ignored if not Path(name).name.startswith(".")]
        if files:
            what = f"git ignores {len(files)} of its files, and preflight does not look at them"
            hint = (
                f"if they may be published, write !/{where}/ into .gitignore; else take them away"
            )
            problems.append(Problem(what, where, hint))
    return problems
