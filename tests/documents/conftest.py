"""A compendium of which the documents can be filled: raw data, a lock, a ledger and a README."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

from analysis.clean.raw_files import write_checksums
from analysis.ledger.tolerance import EXACT

TOY = Path(__file__).parents[1] / "toy_compendium"

PROJECT = """\
[project]
name = "toy"
requires-python = ">=3.11"
dependencies = ["Num_Py>=2"]
[dependency-groups]
test = ["pytest>=9"]
"""

LOCK = """\
# a comment
num-py==2.4.6 ; python_version >= '3.12' \\
    --hash=sha256:00
num-py==2.4.5 ; python_version < '3.12' \\
    --hash=sha256:01
other==1.0 --hash=sha256:02
pytest==9.2.0 \\
    --hash=sha256:03
"""

RUNTIME = {
    "machine": {
        "processor": "Abacus",
        "processors": 2,
        "memory_gigabytes": 8,
        "system": "Linux x86_64",
        "python": "3.11.9",
    },
    "recorded": "2026-03-01",
    "steps": {
        "toy/03_effect-street-complaints": {"seconds": 2.5, "peak_megabytes": 300},
        "toy/03_effect-street-repeat_share": {"seconds": 4.0, "peak_megabytes": 200},
        "paper": {"seconds": 1.5, "peak_megabytes": 100},
    },
}


REGIONS_OF_README = ("exhibits", "data", "runtime", "seeds", "software")


def marked(*names: str) -> str:
    return "".join(
        f"<!-- begin generated: {name} -->\n<!-- end generated: {name} -->\n" for name in names
    )


@pytest.fixture
def compendium(tmp_path: Path) -> Path:
    root = Path(shutil.copytree(TOY, tmp_path / "toy"))
    texts = {
        "pyproject.toml": PROJECT,
        "requirements.txt": LOCK,
        "README.md": f"# Toy\n\n{marked(*REGIONS_OF_README)}\nEnd.\n",
        "paper/exhibits.md": f"# Exhibits\n{marked('exhibits-full')}",
        "data/files.md": f"# Data\n{marked('data-files')}",
        "paper/runtime.json": json.dumps(RUNTIME),
        "paper/ledger/toy.json": json.dumps(ledger()),
        "paper/uses.json": json.dumps({"toy-effect-street-complaints": {"paper": [2, 5]}}),
    }
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    write_checksums(root / "data" / "raw")
    return root


def ledger() -> dict[str, object]:
    hashes = dict.fromkeys(("source", "study", "code", "lock"), "0" * 64)
    runs = {
        f"03_effect-street-{outcome}": hashes
        | {"notebook": "03_effect", "parameters": {"outcome": outcome}, "inputs": {}}
        for outcome in ("complaints", "repeat_share")
    }
    made = {"cell": "cell-05", "simulated": True, "tolerance": asdict(EXACT)}
    tables, numbers = {}, {}
    for run in runs:
        name = run.partition("-")[2]
        tables[f"toy-effect-{name}"] = made | {
            "run": run,
            "line": 48,
            "caption": "Effects.",
            "note": "",
            "files": {f"paper/tables/toy-effect-{name}.csv": "0" * 64},
        }
        numbers[f"toy.{name}.att"] = made | {
            "run": run,
            "line": 47,
            "value": 1,
            "text": "1",
            "unit": "cases",
        }
    content = {"study": "toy", "runs": runs, "numbers": numbers, "tables": tables}
    return content | {"figures": {}, "flows": {}, "code": {}}
