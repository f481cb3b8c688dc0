"""A small compendium without a fault, and a way to spoil it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.preflight.finding import Allowed, Finding
from analysis.preflight.registry import CHECKS
from analysis.preflight.tree import Tree

Find = Callable[[str], list[Finding]]
Write = Callable[[str, str], None]

README = """\
# A city's calls

## Overview
One command makes everything from raw data: `python3 reproduce.py`. It takes two minutes; then run
`python3 reproduce.py test`. The codebook is [here](data/README.md).

## Data Availability and Provenance Statements
| folder | source | rights | citation |
|---|---|---|---|
| `data/raw/city/` | City of Somewhere | CC BY 4.0 | City of Somewhere (2020) |

### Statement about Rights
The authors have legitimate access to the data and documented permission to redistribute them.

### Licence for data
CC BY 4.0.

### Summary of Availability
All data are publicly available.

### Details on each Data Source
CSV, downloaded in 2021.

## Dataset list
| file | source |
|---|---|
| `data/raw/city/calls.csv` | City of Somewhere |

## Computational requirements
### Software Requirements
Python 3.12; packages are locked in `requirements.txt`.
### Controlled Randomness
| file | line |
|---|---|
| `notebooks/studies/city.toml` | 2 |
### Memory, Runtime and Storage Requirements
1 GB of memory, two minutes, 1 GB of disk.

## Description of programs/code
`src/` holds the library.
### Licence for code
MIT, see `LICENSE`.

## Instructions to Replicators
1. `python3 reproduce.py`

## List of exhibits and programs
| exhibit | program | line |
|---|---|---|
| Table 1 | `notebooks/01_clean.py` | 1 |

## References
City of Somewhere. 2020. Calls. https://example.org/calls
"""

NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": "# Clean"},
        {"cell_type": "code", "source": "1", "execution_count": 1, "outputs": []},
        {"cell_type": "code", "source": "2", "execution_count": 2, "outputs": []},
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}

LEDGER = {
    "study": "city",
    "runs": {
        "01_clean": {
            "notebook": "01_clean",
            "parameters": {"study": "city"},
            **dict.fromkeys(("source", "study", "code", "lock"), "0" * 64),
            "inputs": {},
        }
    },
    "numbers": {
        "city.calls": {
            "value": 2,
            "text": "2",
            "unit": "calls",
            "line": 1,
            "cell": None,
            "run": "01_clean",
            "simulated": False,
            "tolerance": {"kind": "exact", "reason": "it is counted"},
        }
    },
    "figures": {},
    "tables": {
        "city-calls": {
            "caption": "Calls",
            "note": "",
            "line": 1,
            "cell": None,
            "run": "01_clean",
            "simulated": False,
            "tolerance": {"kind": "exact", "reason": "it is counted"},
            "files": {"paper/tables/city-calls.csv": hashlib.sha256(b"n\n2\n").hexdigest()},
        }
    },
}

CALLS = "street,calls\nA,1\nB,1\n"

FILES = {
    "README.md": README,
    "reproduce.py": '"""Make everything."""\n\nimport sys\n',
    "LICENSE": "Permission is hereby granted to anyone. " * 20,
    "CITATION.cff": (
        "cff-version: 1.2.0\nmessage: Cite it.\ntitle: Calls\nlicense: MIT\n"
        "authors:\n  - family-names: Li\n    given-names: Na\n"
    ),
    "requirements.txt": (
        "numpy==2.4.1 \\\n    --hash=sha256:00\n    # via x\n"
        "pandas[io] == 3.1 ; python_version > '3'\n"
    ),
    "data/README.md": "# Codebook\n\n| name |\n|---|\n| `street` |\n| `calls` |\n",
    "data/raw/city/README.md": "# Calls by street\n",
    "data/raw/city/calls.csv": CALLS,
    "notebooks/01_clean.py": "# %%\nimport pandas as pd\n",
    "notebooks/executed/city/01_clean.ipynb": json.dumps(NOTEBOOK),
    "notebooks/studies/city.toml": 'name = "city"\nseed = 7\n',
    "src/own/__init__.py": "",
    "src/own/draw.py": (
        "import numpy as np\nfrom own import other\n\n\n"
        "def draw(rng: np.random.Generator) -> float:\n    return rng.normal()\n"
    ),
    "paper/paper.typ": "= Calls <calls>\n\nThere were #num(x) calls in 2019, see Table 2.1.\n",
    "paper/numbers.json": json.dumps({"numbers": {"city.calls": {"text": "2"}}}),
    "paper/tables/city-calls.csv": "n\n2\n",
    "paper/ledger/city.json": json.dumps(LEDGER),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    _record_raw_files(tmp_path)
    return tmp_path


def _record_raw_files(root: Path) -> None:
    raw = root / "data" / "raw"
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(raw).as_posix()}\n"
        for path in sorted(raw.glob("*/*"))
    ]
    (raw / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


@pytest.fixture
def write(root: Path) -> Write:
    """Write a file of the compendium, or write it anew."""

    def write_file(name: str, content: str) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    return write_file


@pytest.fixture
def find(root: Path) -> Find:
    """Run one check; what it allows is left out."""

    def find_faults(name: str) -> list[Finding]:
        check = next(check for check in CHECKS if check.name == name)
        return [found for found in check.find(Tree(root)) if isinstance(found, Finding)]

    return find_faults


@pytest.fixture
def allowed(root: Path) -> Callable[[str], list[Allowed]]:
    """Run one check; only what it allows."""

    def find_exceptions(name: str) -> list[Allowed]:
        check = next(check for check in CHECKS if check.name == name)
        return [found for found in check.find(Tree(root)) if isinstance(found, Allowed)]

    return find_exceptions
