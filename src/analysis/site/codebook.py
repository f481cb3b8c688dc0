"""The codebook, with the distribution of each column in each panel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.contract.codebook import KINDS, SCALES
from analysis.contract.columns import COLUMNS
from analysis.contract.measures import MEASURES
from analysis.panel.store import read_panel
from analysis.site.material import Material
from analysis.site.page import Page

__all__ = ["codebook_page", "distribution"]

BINS = 24


def codebook_page(material: Material) -> Page:
    """Make the codebook."""
    panels = [
        (study, level, read_panel(material.processed(study, f"panel_{level.name}.csv")))
        for study in material.studies
        for level in study.level
    ]

    def distributions(name: str) -> list[dict[str, Any]]:
        return [
            {"study": study, "level": level.title_en} | distribution(panel[name])
            for study, level, panel in panels
            if name in panel
        ]

    columns = [
        {"column": column, "type": KINDS[column.kind], "distributions": distributions(column.name)}
        for column in COLUMNS
    ]
    # A count is its own measure, and stands among the columns.
    known = {column.name for column in COLUMNS}
    measures = [
        {
            "measure": measure,
            "unit": SCALES[measure.scale],
            "distributions": distributions(measure.name),
        }
        for measure in MEASURES
        if measure.name not in known
    ]
    content = {"columns": columns, "measures": measures}
    names = tuple(study.name for study in material.studies)
    return Page("codebook.html", "Codebook", "codebook.html.j2", content, names)


def distribution(cells: pd.Series) -> dict[str, Any]:
    """Describe the cells of a column in a few figures and the heights of small bars.

    Parameters
    ----------
    cells
        A column of a cleaned panel: text, months, or numbers.

    Returns
    -------
    dict
        `rows`; `missing`, the share that is; `heights` of bars, from 0 to 1 (none for text); and
        `facts`, pairs of a name and a text.

    Notes
    -----
    The last bar of a number holds all above its 99th percentile, so that a few large values do not
    push all others into the first.

    Examples
    --------
    >>> distribution(pd.Series([1.0, 2.0, None]))["facts"]
    [('lowest', '1'), ('median', '1.5'), ('highest', '2')]
    """
    given = cells.dropna()
    shared = {"rows": len(cells), "missing": float(cells.isna().mean())}
    if given.empty:
        return shared | {"heights": [], "facts": []}
    if pd.api.types.is_numeric_dtype(given):
        values = given.to_numpy(dtype="float64")
        ends = (float(values.min()), float(np.quantile(values, 0.99)))
        counts, _ = np.histogram(np.minimum(values, ends[1]), bins=BINS, range=ends)
        facts = [("lowest", values.min()), ("median", np.median(values)), ("highest", values.max())]
        written = [(name, _written(float(value))) for name, value in facts]
        return shared | {"heights": _heights(counts), "facts": written}
    if isinstance(given.dtype, pd.PeriodDtype):
        counts = given.value_counts().sort_index().to_numpy()
        written = [("first", str(given.min())), ("last", str(given.max()))]
        return shared | {"heights": _heights(counts), "facts": written}
    return shared | {"heights": [], "facts": [("different values", f"{given.nunique():,}")]}


def _heights(counts: np.ndarray) -> list[float]:
    return [round(float(count), 4) for count in counts / counts.max()]


def _written(value: float) -> str:
    return f"{value:,.0f}" if value.is_integer() or abs(value) >= 100 else f"{value:.3g}"
