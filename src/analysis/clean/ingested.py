"""Read the tables that were counted from tickets, with the account of how they came about."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.clean.ledger import ACTIONS, Entry, Ledger, Step
from analysis.clean.places import refuse
from analysis.errors import Problem
from analysis.panel.store import read_panel
from analysis.study.schema import Study
from analysis.study.tickets import TABLES

__all__ = [
    "ACCOUNTS",
    "CASES",
    "INGESTED",
    "INGESTED_FILES",
    "PROVENANCE",
    "QUARANTINE",
    "read_ingested",
]

# Below a study's folder of processed data: tables, cleaned tickets, and places of what was set
# aside.
INGESTED, CASES, QUARANTINE = "ingested", "cases", "quarantine"
ACCOUNTS = "accounts.csv"
PROVENANCE = "provenance.json"
INGESTED_FILES = (*(f"{name}.csv" for name in TABLES), ACCOUNTS, PROVENANCE)


def read_ingested(study: Study, folder: Path) -> tuple[dict[str, pd.DataFrame], Ledger]:
    """Read what `analysis.tickets.ingest` made of a study's tickets.

    Parameters
    ----------
    study
        A study with a table ``tickets``.
    folder
        Where the ingest wrote to.

    Returns
    -------
    tables : dict of str to pandas.DataFrame
        Name of the table, as levels name it -> counts with the dtypes of the contract.
    ledger : Ledger
        The steps that the tickets went through; single tickets are not named.

    Raises
    ------
    DataError
        If the tickets were not ingested yet.
    """
    assert study.tickets is not None
    names = [table.name for table in study.tickets.tables]
    hint = f"compendium ingest {study.name}"
    missing = [
        Problem("the tickets were not counted yet", f"{folder.name}/{file}", hint)
        for file in (*(f"{name}.csv" for name in names), ACCOUNTS)
        if not (folder / file).is_file()
    ]
    refuse(f"the tickets of study {study.name!r} cannot be read", missing)
    tables = {name: read_panel(folder / f"{name}.csv") for name in names}
    return tables, _read_accounts(folder / ACCOUNTS)


def _read_accounts(path: Path) -> Ledger:
    """Read the steps and what each did; see `analysis.tickets.accounts`."""
    accounts = pd.read_csv(path, keep_default_na=False)
    steps: dict[tuple[str, str], Step] = {}
    entries: list[Entry] = []
    for row in accounts.to_dict("records"):
        table, step = str(row["table"]), str(row["step"])
        sizes = int(row["rows_in"]), int(row["rows_out"]), int(row["joined"])
        steps[table, step] = Step(step, *sizes, table=table)
        if row["rows"]:
            what = next(action for action in ACTIONS if action == row["action"])
            reason, rows = str(row["reason"]), int(row["rows"])
            entries.append(Entry(step, what, reason, rows=rows, table=table))
    return Ledger(tuple(entries), tuple(steps.values()))
