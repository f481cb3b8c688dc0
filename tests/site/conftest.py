"""A small compendium whose results are made by hand, the site built of it, and a browser."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
import typst
from matplotlib.figure import Figure
from playwright.sync_api import Browser, Page, sync_playwright

from analysis.contract.measures import add_measures
from analysis.ledger.uses import Use, write_uses
from analysis.panel.store import write_panel
from analysis.pipeline.code import read_library
from analysis.pipeline.plan import plan_steps
from analysis.pipeline.step import Step
from analysis.site.build import build_site
from analysis.study.load import read_study
from analysis.workspace import file_hash

TOY = Path(__file__).parents[1] / "toy_compendium"
RUN = "03_effect-street-complaints"

# The toy study, of a place with published facts.
STAGES = """
[[stage]]
begins = "2020-01"
title_en = "Trial"
title_zh = "试点"

[[stage.milestone]]
date = "2020-01"
title_en = "It begins"
title_zh = "开始"
"""
TIMELINE = """\
date,event_en,event_zh,scope,source_url
2019,A plan is made,计划,city,https://example.org/plan
2020-01,The trial begins,试点开始,city,https://example.org/a https://example.org/b
"""
CLEANING = """\
table,step,action,reason,file,row,unit,category,period,column,before,after,rows
reports,total rows,dropped,sums up other rows,reports.csv,5,Secret street,,2020-01,,,,1
reports,total rows,dropped,sums up other rows,reports.csv,9,Secret street,,2020-02,,,,1
"""
PATHS = """\
estimator,event_time,value,lower,upper
Two-way fixed effects,-1,0,,
Two-way fixed effects,0,-0.2,-0.3,-0.1
Truth,0,-0.21,,
"""


@pytest.fixture(scope="session")
def made_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the compendium once; tests only read it."""
    return _make_tree(tmp_path_factory.mktemp("made") / "compendium")


@pytest.fixture
def tree(made_tree: Path, tmp_path: Path) -> Path:
    """Give a copy of the compendium, to be changed."""
    return Path(shutil.copytree(made_tree, tmp_path / "compendium"))


@pytest.fixture(scope="session")
def site(made_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site once; tests only read it."""
    folder = tmp_path_factory.mktemp("built") / "site"
    build_site(made_tree, folder)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.skip(f"there is no browser in PATH: {', '.join(names)}")
    switches = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking"
    switches += " disable-component-update disable-sync"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=program, args=[f"--{switch}" for switch in switches.split()]
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


def _make_tree(root: Path) -> Path:
    shutil.copytree(TOY, root)
    study_file = root / "notebooks" / "studies" / "toy.toml"
    text = study_file.read_text(encoding="utf-8")
    text = text.replace('truth = "truth.csv"\n', 'truth = "truth.csv"\npublished = true\n')
    study_file.write_text(text + STAGES, encoding="utf-8")
    _write(root / "data/raw/published/timeline.csv", TIMELINE)
    study = read_study(study_file)
    steps = plan_steps(root, [study], read_library())
    processed = root / "data" / "processed" / "toy"
    write_panel(_panel(), processed / "panel_street.csv")
    _write(processed / "cleaning_ledger.csv", CLEANING)
    runs = {step.file: _make_notebook(root, step) for step in steps if step.kind == "notebook"}
    _write_exhibits(root, runs)
    (root / "paper" / "paper.pdf").write_bytes(typst.compile(b"Toy"))
    write_uses([Use("toy.street.complaints.twfe.att", "paper", 1)], root / "paper" / "uses.json")
    for step in steps:
        for path in step.products:
            if not (root / path).is_file():
                _write(root / path, "{}")
    return root


def _panel() -> pd.DataFrame:
    months = pd.period_range("2020-01", "2020-02", freq="M")
    rows = [(unit, month) for unit in ("North", "South") for month in months]
    panel = pd.DataFrame(rows, columns=["unit", "period"]).assign(
        district="Toy town",
        population=pd.array([1000] * 4, dtype="Int64"),
        complaints=pd.array([10, 12, 8, None], dtype="Int64"),
        proactive_cases=pd.array([1, 2, 3, 4], dtype="Int64"),
        repeat_complaints=pd.array([1, 2, 1, None], dtype="Int64"),
    )
    panel["adoption_period"] = pd.PeriodIndex(["2020-02", "2020-02", None, None], freq="M")
    return add_measures(panel)


def _make_notebook(root: Path, step: Step) -> dict[str, Any]:
    made: Any = nbformat.v4
    picture = {"image/png": base64.b64encode(_png()).decode(), "text/plain": "A rising line."}
    styles = "<style scoped>\n b {}\n</style>\n"
    table = f'<div>\n{styles}<table border="1"><tr><td>7</td></tr></table></div>'
    cells = [
        made.new_markdown_cell("# One effect: Toy town\n\nEstimates it.", id="cell-01"),
        made.new_markdown_cell("## The estimate", id="cell-02"),
        made.new_code_cell(
            'print("<b>" < "c")',
            id="cell-03",
            execution_count=1,
            outputs=[
                made.new_output("stream", name="stdout", text="<b> it is\n"),
                made.new_output("display_data", data=picture),
                made.new_output("display_data", data={"text/html": table}),
                made.new_output("display_data", data={"text/markdown": "It is **so**."}),
            ],
        ),
    ]
    made_from = {
        "notebook": step.notebook,
        "parameters": dict(step.parameters),
        "inputs": {"data/raw/toy/reports.csv": "0" * 64},
        **dict.fromkeys(("source", "study", "code", "lock"), "0" * 64),
    }
    notebook = made.new_notebook(cells=cells, metadata={"compendium": made_from})
    write: Any = nbformat.writes
    _write(root / step.products[0], write(notebook, version=4))
    return made_from


def _write_exhibits(root: Path, runs: dict[str, dict[str, Any]]) -> None:
    place = {
        "run": RUN,
        "cell": "cell-03",
        "line": 33,
        "simulated": True,
        "tolerance": {"kind": "exact", "reason": "counted", "relative": 0, "absolute": 0},
    }
    start = "toy.street.complaints.twfe"
    values = {"att": -0.2, "lower": -0.3, "upper": -0.1, "truth": -0.21}
    numbers = {
        f"{start}.{part}": {"value": value, "text": f"{value:.2f}", "unit": "log points"} | place
        for part, value in values.items()
    }
    figure = "toy-event-study-street-complaints"
    (root / "paper" / "figures").mkdir()
    (root / "paper" / "figures" / f"{figure}.png").write_bytes(_png())
    _write(root / "paper" / "figures" / f"{figure}.svg", "<svg/>")
    _write(root / "paper" / "figures" / f"{figure}.csv", PATHS)
    files = [f"paper/figures/{figure}.{end}" for end in ("csv", "png", "svg")]
    figures = {
        figure: {
            "caption": "Effect by month.",
            "alt": "A rising line.",
            "files": {name: file_hash(root / name) for name in files},
        }
        | place
    }
    tables = {
        "toy-cleaning": _table(
            root, "toy-cleaning", ["Where", "Step", "Rows in", "Rows out", "Dropped"], "reports"
        )
        | place
        | {"simulated": False}
    }
    flow = {
        "rows_in": 4,
        "dropped": [{"reason": "outcome missing", "count": 1, "rows": ""}],
        "repeated": 0,
        "observations": 3,
        "units": 2,
        "clusters": 2,
        "panel": "data/processed/toy/panel_street.csv",
        "label": "",
    }
    ledger = {
        "study": "toy",
        "runs": runs,
        "numbers": numbers,
        "figures": figures,
        "tables": tables,
        "flows": {start: flow | {name: place[name] for name in ("run", "cell", "line")}},
    }
    _write(root / "paper" / "ledger" / "toy.json", json.dumps(ledger))


def _table(root: Path, identity: str, columns: list[str], where: str) -> dict[str, Any]:
    shown = {"caption": "Cleaning, step by step", "note": "", "simulated": False}
    content = {
        "columns": columns,
        "align": ["left", "left", "right", "right", "right"],
        "rows": [[where, "total rows", "6", "4", "2"]],
    }
    name = f"paper/tables/{identity}.json"
    _write(root / name, json.dumps(shown | content))
    files = {name: file_hash(root / name)}
    return {"caption": shown["caption"], "note": "", "files": files}


def _png() -> bytes:
    stream = BytesIO()
    drawn = Figure(figsize=(2, 1), dpi=50)
    drawn.subplots().plot([0, 1], [0, 1])
    drawn.savefig(stream, metadata={"Software": None})
    return stream.getvalue()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
