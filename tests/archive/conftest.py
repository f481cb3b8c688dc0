"""The toy compendium with all that a deposit needs, and one ledger that tells of three exhibits."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from analysis.archive.description import Description, describe
from analysis.clean.raw_files import write_checksums
from analysis.ledger.tolerance import EXACT, PIXELS
from analysis.workspace import file_hash

TOY = Path(__file__).parents[1] / "toy_compendium"
PICTURE = "paper/figures/toy-volumes.png"
CELLS = "paper/tables/toy-effect.json"

CITATION = """\
cff-version: 1.2.0
message: Please cite it.
title: "Toy town: a compendium"
version: "0"
date-released: 2026-03-01
abstract: What toys do.
authors:
  - family-names: Carberry
    given-names: Josiah
    orcid: https://orcid.org/0000-0002-1825-0097
  - name: The toy makers
license: [MIT, CC-BY-4.0]
keywords: [toys]
"""


@pytest.fixture
def compendium(tmp_path: Path) -> Path:
    root = Path(shutil.copytree(TOY, tmp_path / "toy"))
    texts = {
        "CITATION.cff": CITATION,
        "README.md": "# Toy\n",
        "LICENSE": "MIT\n",
        "reproduce.py": "print()\n",
        "src/analysis/__init__.py": '"""Code."""\n',
        "notebooks/executed/toy/01_clean.ipynb": "{}\n",
        "notebooks/executed/toy/01_clean.html": "<p>made for reading\n",
        "data/processed/toy/panel_street.csv": "street,month\n",
        PICTURE: "a picture\n",
        CELLS: "{}\n",
        "paper/numbers.json": "{}\n",
        "paper/paper.pdf": "%PDF\n",
        "paper/uses.json": json.dumps({"toy-volumes": {"paper": [2, 5]}}),
    }
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    write_checksums(root / "data" / "raw")
    write_ledger(root)
    return root


def write_ledger(root: Path) -> None:
    origin = {"run": "02_describe", "cell": "cell-05", "line": 41, "simulated": True}
    exact = origin | {"tolerance": asdict(EXACT)}
    made_from = {"notebook": "02_describe", "parameters": {"study": "toy"}, "inputs": {}}
    made_from |= dict.fromkeys(("source", "study", "code", "lock"), "0" * 64)
    ledger = {
        "study": "toy",
        "runs": {"02_describe": made_from},
        "numbers": {"toy.total": exact | {"value": 100, "text": "100", "unit": "cases"}},
        "figures": {
            "toy-volumes": origin
            | {"tolerance": asdict(PIXELS), "caption": "Volumes.", "alt": "A rising line."}
            | {"files": {PICTURE: file_hash(root / PICTURE)}}
        },
        "tables": {
            "toy-effect": exact
            | {"caption": "Effects.", "note": "", "files": {CELLS: file_hash(root / CELLS)}}
        },
        "flows": {},
        "code": {},
    }
    path = root / "paper" / "ledger" / "toy.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(ledger), encoding="utf-8")


@pytest.fixture
def description(compendium: Path) -> Description:
    return describe(compendium)


Rewrite = Callable[[str, str, str], None]


@pytest.fixture
def rewrite(compendium: Path) -> Rewrite:
    """Replace words in a file of the compendium."""

    def replace(name: str, old: str, new: str) -> None:
        text = (compendium / name).read_text(encoding="utf-8")
        assert old in text
        (compendium / name).write_text(text.replace(old, new), encoding="utf-8")

    return replace
