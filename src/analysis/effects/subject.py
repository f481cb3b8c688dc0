"""What a notebook about one outcome of a level starts from, read in one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.contract.measures import Measure, measure
from analysis.exhibits import Exhibits
from analysis.panel.store import read_panel
from analysis.study.levels import Level
from analysis.study.load import load_study
from analysis.study.schema import Study
from analysis.workspace import find_workspace

__all__ = ["Subject", "read_subject"]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One outcome of one level of a study, with its panel.

    Attributes
    ----------
    study, level
        As the study file has them.
    measure
        The outcome, as the data contract declares it.
    folder
        Where the study's cleaned tables are.
    panel
        One row for each unit and period.
    exhibits
        Where the notebook's results are recorded.
    """

    study: Study
    level: Level
    measure: Measure
    folder: Path
    panel: pd.DataFrame
    exhibits: Exhibits

    @property
    def about(self) -> str:
        """The outcome and the level in lower case, as captions name them."""
        return f"{self.measure.label_en.lower()}, {self.level.title_en.lower()}"

    @property
    def heading(self) -> str:
        """The outcome, the level and the study in English and Chinese, as Markdown."""
        marking = " (Simulated)" if self.study.simulated else ""
        return (
            f"## {self.measure.label_en}, {self.level.title_en.lower()}: "
            f"{self.study.title_en}{marking}\n\n"
            f"{self.measure.label_zh}，{self.level.title_zh}：{self.study.title_zh}"
        )


def read_subject(notebook: str, study: str, level: str, outcome: str) -> Subject:
    """Read the study and the panel, and open the record of the notebook's exhibits.

    Parameters
    ----------
    notebook
        The name of the notebook, such as ``03_effect``.
    study, level, outcome
        Its parameters.
    """
    workspace = find_workspace()
    chosen = load_study(study, workspace.studies)
    folder = workspace.processed(study)
    return Subject(
        study=chosen,
        level=chosen.get_level(level),
        measure=measure(outcome),
        folder=folder,
        panel=read_panel(folder / f"panel_{level}.csv"),
        exhibits=Exhibits(workspace, chosen, notebook, run=f"{level}-{outcome}"),
    )
