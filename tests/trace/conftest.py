"""A small compendium with two runs: one records numbers, figures and a table, one reads them."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis.exhibits import Exhibits
from analysis.figures.style import new_figure, styled
from analysis.ledger.assemble import write_ledger
from analysis.ledger.uses import Use, write_uses
from analysis.pipeline.code import NOTEBOOK_RUNNER, joint_hash, read_library
from analysis.study.load import read_study
from analysis.workspace import Workspace, file_hash

TOY = Path(__file__).parents[1] / "toy_compendium"
PANEL = "data/processed/toy/panel_street.csv"

EFFECT = """\
# %% tags=["parameters"]
study = "toy"

# %%
exhibits.number("street.complaints.att", -0.1304, ".3f")
exhibits.figure("map", draw_map())
"""
SUMMARY = """\
# %% tags=["parameters"]
study = "toy"

# %%
exhibits.table("effects", table)
"""

# A PDF of which only what a tracer reads is there.
PDF = """%PDF-1.7
<?xpacket begin="" id="W5M0"?><x:xmpmeta><dc:title><rdf:Alt>
<rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>{more}</x:xmpmeta>
<?xpacket end="r"?>
"""


@dataclass(frozen=True)
class Toy:
    """The compendium, and a folder outside it for files that went astray."""

    root: Path
    stray: Path

    def path(self, *parts: str) -> Path:
        return self.root.joinpath(*parts)

    def astray(self, name: str, content: bytes) -> str:
        path = self.stray / name
        path.write_bytes(content)
        return str(path)


@styled
def draw_map(slope: float) -> Figure:
    figure, axes = new_figure(1.0, width=1.5)
    axes[0].plot([0, 1], [0, slope])
    return figure


@pytest.fixture
def toy(tmp_path: Path, compendium: Path) -> Toy:
    stray = tmp_path / "elsewhere"
    stray.mkdir()
    return Toy(shutil.copytree(compendium, tmp_path / "toy"), stray)


@pytest.fixture(scope="session")
def compendium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the compendium once; each test has a copy."""
    root = shutil.copytree(TOY, tmp_path_factory.mktemp("trace") / "toy")
    (root / PANEL).parent.mkdir(parents=True)
    (root / PANEL).write_text("unit,period,complaints\na,2024-01,5\n", encoding="utf-8")
    study = read_study(root / "notebooks" / "studies" / "toy.toml")

    def exhibits(notebook: str, run: str = "") -> Exhibits:
        return Exhibits(Workspace(root, root), study, notebook, run)

    effect = exhibits("03_effect", "street")
    effect.number("street.complaints.att", -0.1304, ".3f", unit="log points")
    effect.number("street.complaints.n", 28812, ",d", unit="rows")
    effect.figure("map", draw_map(1), caption="A map of 28,812 rows.", alt="A rising line.")
    effect.table("unused", pd.DataFrame({"Estimate": ["−0.130 to 0.001"]}), caption="Not in use")
    summary = exhibits("06_summary")
    cells = {"Outcome": ["Complaints", "Repeats"], "Estimate": ["−0.130", "0.020"]}
    summary.table("effects", pd.DataFrame(cells), caption="Effects")

    records = [
        _execute(root, effect, EFFECT, line=5, inputs={PANEL: file_hash(root / PANEL)}),
        _execute(root, summary, SUMMARY, line=5, records=[_below(root, effect.record_path)]),
    ]
    write_ledger(root, "toy", records, root / "paper" / "ledger" / "toy.json")
    shown = ["toy.street.complaints.att", "toy-map", "toy-effects"]
    uses = [Use(identity, "paper", page) for page, identity in enumerate(shown, start=1)]
    write_uses([*uses, Use(shown[0], "paper", 4)], root / "paper" / "uses.json")
    text = 'Complaints fell by #num("toy.street.complaints.att").\nSee @toy-effects.\n'
    (root / "paper" / "paper.typ").write_text(text, encoding="utf-8")
    (root / "README.md").write_text("The table toy-effects-old is gone.\n", encoding="utf-8")
    pdf = PDF.format(title="A toy &amp; a paper", more="")
    (root / "paper" / "paper.pdf").write_text(pdf, encoding="utf-8")
    return root


def _below(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _execute(root: Path, exhibits: Exhibits, code: str, *, line: int, **made: Any) -> Path:
    """Write a run's source and executed copy, and put the line in its record."""
    name = exhibits.record_path.stem
    source = root / "notebooks" / f"{exhibits.notebook}.py"
    source.write_text(code, encoding="utf-8")
    library = read_library()
    used = library.used_by_notebook(source) | library.used_by([NOTEBOOK_RUNNER])
    made_from = {
        "notebook": exhibits.notebook,
        "parameters": {"study": "toy"},
        "source": file_hash(source),
        "study": file_hash(root / "notebooks" / "studies" / "toy.toml"),
        "lock": file_hash(root / "requirements.txt"),
        "code": joint_hash(library.file(module) for module in sorted(used)),
        "inputs": {},
    } | made
    kinds: Any = nbformat.v4
    cell = code.partition("# %%\n")[2]
    notebook = kinds.new_notebook(
        cells=[kinds.new_code_cell(cell, id="cell-02")], metadata={"compendium": made_from}
    )
    executed = root / "notebooks" / "executed" / "toy" / f"{name}.ipynb"
    executed.parent.mkdir(parents=True, exist_ok=True)
    write: Any = nbformat.writes
    executed.write_text(write(notebook, version=4), encoding="utf-8")
    record = json.loads(exhibits.record_path.read_text(encoding="utf-8"))
    for kind in record.values():
        for entry in kind.values():
            entry["line"] = line
    exhibits.record_path.write_text(json.dumps(record), encoding="utf-8")
    return exhibits.record_path.relative_to(root)
