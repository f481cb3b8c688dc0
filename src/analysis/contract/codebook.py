"""Write the codebook from the contract, so that no column is described twice."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.contract.columns import COLUMNS
from analysis.contract.measures import MEASURES
from analysis.markdown import markdown_table
from analysis.tickets.contract import TICKET_COLUMNS

__all__ = ["codebook"]

KINDS = {
    "text": "text",
    "month": "month, written 2024-01",
    "count": "whole number",
    "days": "number",
    "share": "number",
}
SCALES = {
    "count": "cases",
    "share": "share, 0 to 1",
    "days": "days",
    "log": "logarithm of days",
}

# The other tables of a study in ``data/processed/``: column -> what it holds.
CLEANING_LEDGER = {
    "table": "the source or panel that was being made",
    "step": "the cleaner that did it",
    "action": "dropped, restated (gave way to a later correction), set missing, changed, filled "
    "(a row that no file has) or kept (as it is, but worth a look)",
    "reason": "why",
    "file": "the raw file",
    "row": "the row in it, without empty lines; the header is row 1, or `header_row` of the source",
    "column": "the column, if one cell is concerned",
    "before": "the cell before",
    "after": "the cell after",
    "rows": "rows or cells the entry stands for",
}
TRUTH = {
    "level": "the level of the panel",
    "outcome": "the column or measure",
    "estimand": "att, need, reporting or one of their variants, as `description` says",
    "cohort": "first month under the programme; empty for all",
    "event_time": "months since then; empty for all",
    "value": "the true effect: log points for counts, a difference of shares for rates",
    "description": "what it is an average of",
}


def codebook() -> str:
    r"""Return the codebook as Markdown: every column and every measure.

    Examples
    --------
    >>> codebook().splitlines()[0]
    '# Codebook'
    """
    return "\n".join(
        [
            "# Codebook",
            "",
            "This file is written from the data contracts in `src/analysis/contract/` and",
            "`src/analysis/tickets/contract.py`; do not edit it by hand. A row of a panel is one",
            "unit in one month, or one unit, category and month. An empty cell is a value that was",
            "never reported, which is not 0.",
            "",
            "## Columns",
            "",
            _columns(),
            "",
            "## Measures",
            "",
            "Derived from the columns when a panel is built, never read from a report. The weight",
            "of a rate is its denominator, that of a handling time the number of complaints. The",
            "dimensions are those of the argument.",
            "",
            _measures(),
            "",
            "## Treatments",
            "",
            "A panel has one of these: `adoption_period` (switched on for good), `coverage` (share",
            "of the population under the programme) or `dose` (what was done in the months before,",
            "as the study file defines it; `dose_last_month` is the same of one month, for",
            "distributed lags).",
            "",
            "## Tickets",
            "",
            "What a list of single cases may hold; the study file says under which headers. Cases",
            "are cleaned and counted into panels by `compendium ingest`. Care says what is done",
            "with a column, before anything is written, because it may tell who someone is.",
            "",
            _tickets(),
            "",
            "## Cleaning ledger",
            "",
            "`cleaning_ledger.csv` has a row for each thing that cleaning did; `unit`, `category`",
            "and `period` are as above.",
            "",
            _meanings(CLEANING_LEDGER),
            "",
            "## True effects",
            "",
            "`truth.csv` of a simulated study has its true effects.",
            "",
            _meanings(TRUTH),
            "",
        ]
    )


def _columns() -> str:
    rows = [
        [
            f"`{declared.name}`",
            declared.label_en,
            declared.label_zh,
            KINDS[declared.kind],
            declared.unit,
            declared.allowed,
            declared.need + (", part of the key" if declared.key else ""),
            declared.source,
        ]
        for declared in COLUMNS
    ]
    return markdown_table(
        ["Name", "Label", "标签", "Type", "Unit", "Allowed", "Required", "Source"], rows
    )


def _measures() -> str:
    rows = [
        [
            f"`{declared.name}`",
            declared.label_en,
            declared.label_zh,
            declared.dimension,
            SCALES[declared.scale],
            declared.formula,
            f"`{declared.weight}`" if declared.weight else "none",
        ]
        for declared in MEASURES
    ]
    return markdown_table(["Name", "Label", "标签", "Dimension", "Unit", "Formula", "Weight"], rows)


def _tickets() -> str:
    rows = [
        [
            f"`{declared.name}`",
            declared.label_en,
            declared.label_zh,
            declared.kind,
            declared.need,
            declared.care,
            declared.meaning,
        ]
        for declared in TICKET_COLUMNS
    ]
    return markdown_table(["Name", "Label", "标签", "Type", "Required", "Care", "Meaning"], rows)


def _meanings(columns: Mapping[str, str]) -> str:
    rows = [(f"`{name}`", what) for name, what in columns.items()]
    return markdown_table(["Name", "What it holds"], rows)
