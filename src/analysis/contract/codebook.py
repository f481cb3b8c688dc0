"""Write the codebook from the contract, so that no column is described twice."""

from __future__ import annotations

from analysis.contract.columns import COLUMNS
from analysis.contract.measures import MEASURES

__all__ = ["codebook"]

KINDS = {
    "text": "text",
    "month": "month, written 2024-01",
    "count": "whole number",
    "share": "number",
}
SCALES = {"count": "cases", "share": "share, 0 to 1"}


def codebook() -> str:
    r"""Return the codebook as Markdown: every column and every measure.

    Examples
    --------
    >>> codebook().splitlines()[0]
    '# Codebook'
    """
    columns = [
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
    measures = [
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
    return "\n".join(
        [
            "# Codebook",
            "",
            "This file is written from the data contract in `src/analysis/contract/`; do not edit",
            "it by hand. A row of a panel is one unit in one month, or one unit, category and",
            "month. An empty cell is a value that was never reported, which is not 0.",
            "",
            "## Columns",
            "",
            *_table(
                ["Name", "Label", "标签", "Type", "Unit", "Allowed", "Required", "Source"],
                columns,
            ),
            "",
            "## Measures",
            "",
            "Derived from the columns when a panel is built, never read from a report. The weight",
            "of a rate is its denominator. The dimensions are those of the argument.",
            "",
            *_table(
                ["Name", "Label", "标签", "Dimension", "Unit", "Formula", "Weight"],
                measures,
            ),
            "",
            "## Treatments",
            "",
            "A panel has one of these: `adoption_period` (switched on for good), `coverage` (share",
            "of the population under the programme) or `dose` (what was done in the months before,",
            "as the study file defines it; `dose_last_month` is the same of one month, for",
            "distributed lags).",
            "",
        ]
    )


def _table(heads: list[str], rows: list[list[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    ]
