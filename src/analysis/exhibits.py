"""Hand results on: every number, table and figure that leaves a notebook passes through here.

The paper, the README and the tests read only what was recorded, so each exhibit is known by one
id and names the notebook that made it.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from analysis.errors import Problem, RunError
from analysis.study.schema import SIMULATED, Study
from analysis.workspace import Workspace, write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Exhibits", "format_number"]

Alignment = Literal["left", "right"]


@dataclass(slots=True)
class Exhibits:
    """The exhibits of one notebook run.

    Attributes
    ----------
    workspace
        Where they are written.
    study
        The study they belong to; if it is simulated, each exhibit says so.
    notebook
        The notebook that makes them, such as ``03_effect``.
    run
        What tells this run from other runs of the notebook, such as ``street-complaints``; empty
        if there is one run a study.

    Notes
    -----
    Files appear below the workspace's output folder: ``paper/figures/<id>.svg`` and ``.png``,
    ``paper/tables/<id>.json`` (for the paper) and ``.csv`` (for readers), and
    ``data/processed/<study>/exhibits/<notebook>[-<run>].json``, the record of all of them.
    """

    workspace: Workspace
    study: Study
    notebook: str
    run: str = ""
    _numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    _figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    _tables: dict[str, dict[str, Any]] = field(default_factory=dict)

    def number(
        self, name: str, value: float, form: str, *, unit: str = "", published: bool = False
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

        Returns
        -------
        str
            The number as it is written.

        Raises
        ------
        RunError
            If the id was recorded before, or the value is not finite.
        """
        identity = f"{self.study.name}.{name}"
        self._refuse_twice(identity, self._numbers)
        if not math.isfinite(value):
            problem = Problem(f"the value is {value}", identity, "record only what was estimated")
            raise RunError("a number that is no number cannot be recorded", [problem])
        text = format_number(value, form)
        plain = int(value) if float(value).is_integer() and "." not in form else float(value)
        self._numbers[identity] = {"value": plain, "text": text, "unit": unit} | self._origin(
            published
        )
        self._save()
        return text

    def figure(
        self, name: str, figure: Figure, *, caption: str, alt: str, published: bool = False
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

        Returns
        -------
        matplotlib.figure.Figure
            The same figure, so that the cell shows it.
        """
        from analysis.figures.style import save_figure

        identity = f"{self.study.name}-{name}"
        self._refuse_twice(identity, self._figures)
        # Shown in a notebook, the figure gives its label to readers who cannot see it.
        figure.set_label(alt)
        save_figure(figure, self.workspace.write_to("paper", "figures", identity))
        self._figures[identity] = {"caption": caption, "alt": alt} | self._origin(published)
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

        Returns
        -------
        pandas.DataFrame
            The frame for the cell to show; if it is simulated, under a head that says so.
        """
        identity = f"{self.study.name}-{name}"
        self._refuse_twice(identity, self._tables)
        cells = frame.astype(str)
        record = {"caption": caption, "note": note} | self._origin(published)
        content = {
            "columns": [str(head) for head in cells.columns],
            "align": [_alignment(cells.iloc[:, place]) for place in range(cells.shape[1])],
            "rows": cells.to_numpy().tolist(),
        }
        path = self.workspace.write_to("paper", "tables", f"{identity}.json")
        write_atomically(path, _to_json(record | content))
        marked = cells.assign(data="simulated") if record["simulated"] else cells
        write_atomically(path.with_suffix(".csv"), marked.to_csv(index=False, lineterminator="\n"))
        self._tables[identity] = record
        self._save()
        return pd.concat({SIMULATED: frame}, axis=1) if record["simulated"] else frame

    @property
    def record_path(self) -> Path:
        """Where the record of this run's exhibits is written."""
        name = f"{self.notebook}-{self.run}" if self.run else self.notebook
        return self.workspace.write_to(
            "data", "processed", self.study.name, "exhibits", f"{name}.json"
        )

    def _origin(self, published: bool) -> dict[str, Any]:
        return {
            "study": self.study.name,
            "simulated": self.study.simulated and not published,
            "notebook": self.notebook,
            "run": self.run,
        }

    def _refuse_twice(self, identity: str, recorded: dict[str, Any]) -> None:
        if identity in recorded:
            problem = Problem("this id was recorded before", identity, "give each exhibit its own")
            raise RunError("an exhibit was recorded twice", [problem])

    def _save(self) -> None:
        # After every exhibit, so that a notebook needs no closing call that could be forgotten.
        record = {"figures": self._figures, "numbers": self._numbers, "tables": self._tables}
        write_atomically(self.record_path, _to_json(record))


def format_number(value: float, form: str) -> str:
    """Write a number with a true minus sign.

    Examples
    --------
    >>> format_number(-0.1234, ".2f")
    '−0.12'
    >>> format_number(-0.001, ".2f")
    '0.00'
    """
    text = format(value, form)
    if float(text.replace(",", "").replace("%", "")) == 0:
        text = text.removeprefix("-")
    return text.replace("-", "−")


def _alignment(cells: pd.Series) -> Alignment:
    numeric = cells.str.fullmatch(r"(?:< )?[−+(\[]?[\d.,]+[)%\]*†]*|—|").all()
    return "right" if numeric else "left"


def _to_json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
