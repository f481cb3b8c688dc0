"""Hand results on: every number, table and figure that leaves a notebook passes through here.

The paper, the README and the tests read only what was recorded, so each exhibit is known by one
id and names the notebook that made it.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.disclosure import protect_flow, protect_number, protect_table
from analysis.errors import Problem, RunError
from analysis.ledger.flow import RowFlow
from analysis.ledger.origin import line_of_call
from analysis.ledger.tolerance import LAST_DIGIT, PIXELS, Tolerance, tolerance_of_number
from analysis.ledger.write import write_json
from analysis.numerals import column_side, format_number
from analysis.study.schema import Study
from analysis.workspace import Workspace, write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Exhibits"]


@dataclass(slots=True)
class Exhibits:
    """The exhibits of one notebook run.

    Attributes
    ----------
    workspace
        Where they are written.
    study
        The study they belong to; if its data are simulated or restricted, each exhibit says so,
        and of restricted data tells no small counts; see `analysis.disclosure`.
    notebook
        The notebook that makes them, such as ``03_effect``.
    run
        What tells this run from other runs of the notebook, such as ``street-complaints``; empty
        if there is one run a study.

    Notes
    -----
    Files appear below the workspace's output folder: ``paper/figures/<id>.svg`` and ``.png``,
    with ``<id>.csv`` beside them if a figure is given with its data; ``paper/tables/<id>.json``
    (for the paper) and ``.csv`` (for readers); and
    ``data/processed/<study>/exhibits/<notebook>[-<run>].json``, the record of all of them. The
    records of a study make its ledger, ``paper/ledger/<study>.json``.
    """

    workspace: Workspace
    study: Study
    notebook: str
    run: str = ""
    _flows: dict[str, dict[str, Any]] = field(default_factory=dict)
    _numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    _figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    _tables: dict[str, dict[str, Any]] = field(default_factory=dict)

    def number(
        self,
        name: str,
        value: float,
        form: str,
        *,
        unit: str = "",
        published: bool = False,
        tolerance: Tolerance | None = None,
    ) -> str:
        """Record a number that the text may cite.

        Parameters
        ----------
        name
            Its id below the study's, in lower case with dots: ``street.complaints.twfe.att``.
        value
            The number at full precision.
        form
            How it is written: a format specification such as ``".2f"`` or ``",.0f"``.
        unit
            Its unit, for the record.
        published
            Whether it is a published figure and not made from the study's data; then it is real
            even in a simulated study.
        tolerance
            How far another run may be from it, and why; by default a whole number must be the
            same, and any other may differ as floating-point sums do between processors.

        Returns
        -------
        str
            The number as it is written, or that it is a small count of restricted data.

        Raises
        ------
        RunError
            If the id was recorded before, or the value is not finite.
        """
        identity = f"{self.study.name}.{name}"
        self._refuse_twice(identity)
        if not math.isfinite(value):
            problem = Problem(f"the value is {value}", identity, "record only what was estimated")
            raise RunError("a number that is no number cannot be recorded", [problem])
        text = format_number(value, form)
        plain = int(value) if float(value).is_integer() and "." not in form else float(value)
        threshold = 0 if published else self.study.threshold
        told, text = protect_number(plain, text, unit, threshold)
        self._numbers[identity] = {"value": told, "text": text, "unit": unit} | self._origin(
            published, tolerance or tolerance_of_number(plain)
        )
        self._save()
        return text

    def figure(
        self,
        name: str,
        figure: Figure,
        *,
        caption: str,
        alt: str,
        published: bool = False,
        data: pd.DataFrame | None = None,
    ) -> Figure:
        """Record a figure, as SVG for the paper and PNG for everybody else.

        Parameters
        ----------
        name
            Its id below the study's, with hyphens: ``event-study-street-complaints``.
        figure
            The drawn figure.
        caption
            What a reader needs to know to read it, with no number typed in it that is not
            computed.
        alt
            What a person who cannot see it would be told.
        published
            Whether it shows only published figures; see `number`.
        data
            What it shows, for readers who draw it again: written as ``paper/figures/<id>.csv``.

        Returns
        -------
        matplotlib.figure.Figure
            The same figure, so that the cell shows it.
        """
        from analysis.figures.style import save_figure

        identity = f"{self.study.name}-{name}"
        self._refuse_twice(identity)
        # Shown in a notebook, the figure gives its label to readers who cannot see it; every file
        # made of it carries its id, so that a copy that went astray can be traced.
        figure.set_label(alt)
        figure.set_gid(identity)
        path = self.workspace.write_to("paper", "figures", identity)
        files: tuple[Path, ...] = save_figure(figure, path)
        if data is not None:
            files = (*files, path.with_name(f"{identity}.csv"))
            write_atomically(files[-1], self._to_csv(data, published))
        self._figures[identity] = {
            "caption": caption,
            "alt": alt,
            "files": [f"paper/figures/{file.name}" for file in files],
        } | self._origin(published, PIXELS)
        self._save()
        return figure

    def table(
        self,
        name: str,
        frame: pd.DataFrame,
        *,
        caption: str,
        note: str = "",
        published: bool = False,
        tolerance: Tolerance = LAST_DIGIT,
    ) -> pd.DataFrame:
        """Record a table.

        Parameters
        ----------
        name
            Its id below the study's, with hyphens: ``effects-street``.
        frame
            Cells as they are to be read, already formatted as text; column names are the heads.
        caption
            What the table shows.
        note
            What stands below it.
        published
            Whether it shows only published figures, or nothing but methods; see `number`.
        tolerance
            See `number`; by default each number in a cell may differ by one in its last digit.

        Returns
        -------
        pandas.DataFrame
            The frame for the cell to show; if its data are not open, under a head that says so.
        """
        identity = f"{self.study.name}-{name}"
        self._refuse_twice(identity)
        if self.study.threshold and not published:
            frame = protect_table(frame.astype(str), self.study.threshold)
        cells = frame.astype(str)
        record = {"caption": caption, "note": note} | self._origin(published, tolerance)
        shown = {name: record[name] for name in ("caption", "note", "restricted", "simulated")}
        content = {
            "columns": [str(head) for head in cells.columns],
            "align": [column_side(cells.iloc[:, place]) for place in range(cells.shape[1])],
            "rows": cells.to_numpy().tolist(),
        }
        path = self.workspace.write_to("paper", "tables", f"{identity}.json")
        write_json(path, {"id": identity} | shown | content)
        write_atomically(path.with_suffix(".csv"), self._to_csv(cells, published))
        files = [f"paper/tables/{identity}{end}" for end in (".csv", ".json")]
        self._tables[identity] = record | {"files": files}
        self._save()
        mark = "" if published else self.study.mark
        return pd.concat({mark: frame}, axis=1) if mark else frame

    def flow(self, name: str, flow: RowFlow, *, panel: str, label: str = "") -> None:
        """Record the flow of rows into a result, which the text need not use.

        Of restricted data no flow is recorded that tells small numbers of rows.

        Parameters
        ----------
        name
            The result's id below the study's: ``street.complaints.twfe``.
        flow
            Its rows.
        panel
            The file of the panel, below the top folder.
        label
            What the result is, in words, if its id does not say it.

        Raises
        ------
        RunError
            If the id was recorded before.
        """
        identity = f"{self.study.name}.{name}"
        self._refuse_twice(identity)
        told = protect_flow(flow, self.study.threshold)
        if told is None:
            return
        made = {"panel": panel, "label": label, "line": line_of_call(self._source)}
        self._flows[identity] = asdict(told) | made
        self._save()

    @property
    def record_path(self) -> Path:
        """Where the record of this run's exhibits is written."""
        name = f"{self.notebook}-{self.run}" if self.run else self.notebook
        return self.workspace.write_to(
            "data", "processed", self.study.name, "exhibits", f"{name}.json"
        )

    def _origin(self, published: bool, tolerance: Tolerance) -> dict[str, Any]:
        return {
            "restricted": self.study.access == "restricted" and not published,
            "simulated": self.study.access == "simulated" and not published,
            "line": line_of_call(self._source),
            "tolerance": asdict(tolerance),
        }

    @property
    def _source(self) -> Path:
        return self.workspace.root / "notebooks" / f"{self.notebook}.py"

    def _to_csv(self, frame: pd.DataFrame, published: bool) -> str:
        """Write a table whose every row says it, if the data are not open."""
        marked = not published and self.study.mark
        told = frame.assign(data=self.study.access) if marked else frame
        return told.to_csv(index=False, lineterminator="\n")

    def _refuse_twice(self, identity: str) -> None:
        recorded = (self._numbers, self._figures, self._tables, self._flows)
        if any(identity in kind for kind in recorded):
            problem = Problem("this id was recorded before", identity, "give each exhibit its own")
            raise RunError("an exhibit was recorded twice", [problem])

    def _save(self) -> None:
        # After every exhibit, so that a notebook needs no closing call that could be forgotten.
        record = {
            "figures": self._figures,
            "flows": self._flows,
            "numbers": self._numbers,
            "tables": self._tables,
        }
        write_json(self.record_path, record)
