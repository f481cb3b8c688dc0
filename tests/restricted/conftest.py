"""A small compendium, and as its restricted export a part of a twin with another seed."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import tomli_w

from analysis.simulate.twin import simulate_twin

REPOSITORY = Path(__file__).parents[2]

COPIED = (
    "pyproject.toml",
    "requirements.txt",
    "paper/template.typ",
    "paper/report.typ",
    "paper/references.bib",
)

# Districts side by side, and how many of the streets of each.
DISTRICTS = ("东城区", "西城区", "海淀区", "朝阳区", "通州区", "丰台区")
STREETS = 8
FIRST, LAST = "2020-01", "2022-06"
SEED = 7
DISTINCTIVE = (98_731, 87_641, 76_543)
RATES = {
    "response_rate": "responded",
    "resolution_rate": "resolved",
    "satisfaction_rate": "satisfied",
}


@pytest.fixture
def compendium(tmp_path: Path) -> Path:
    """Make a compendium with all notebooks and a public study that asks for little."""
    root = tmp_path / "compendium"
    shutil.copytree(
        REPOSITORY / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns("executed")
    )
    shutil.copytree(REPOSITORY / "data" / "raw" / "published", root / "data/raw/published")
    shutil.copytree(REPOSITORY / "paper" / "fonts", root / "paper" / "fonts")
    shutil.copytree(REPOSITORY / "paper" / "report", root / "paper" / "report")
    for name in COPIED:
        shutil.copyfile(REPOSITORY / name, root / name)
    studies = root / "notebooks" / "studies"
    study = tomllib.loads((studies / "beijing.toml").read_text(encoding="utf-8"))
    (studies / "beijing.toml").write_text(tomli_w.dumps(_reduced(study)), encoding="utf-8")
    return root


@pytest.fixture
def export(compendium: Path) -> Path:
    """Put a restricted export into the compendium."""
    folder = compendium / "data" / "restricted" / "beijing"
    folder.mkdir(parents=True)
    study = tomllib.loads((compendium / "notebooks/studies/beijing.toml").read_text("utf-8"))
    twin = simulate_twin(SEED)
    register = twin.register[twin.register["district"].isin(DISTRICTS)]
    register = register.groupby("district", sort=False).head(STREETS)
    panel = twin.panel[
        twin.panel["unit"].isin(register["unit"]) & twin.panel["period"].between(FIRST, LAST)
    ].copy()
    for row, count in zip(panel.index[[5, 400, 900]], DISTINCTIVE, strict=True):
        panel.loc[row, "complaints"] = count
    # Three reports never came: too few to be told.
    panel = panel.drop(panel.index[[50, 51, 700]])
    headers = study["source"][0]["headers"]
    for rate, count in RATES.items():
        panel[rate] = (100 * panel[count] / panel["surveyed"]).round(2)
    columns = [name for name in headers if name in panel.columns]
    renamed = panel[columns].rename(columns={name: headers[name][0] for name in columns})
    renamed.to_csv(folder / "streets_all.csv", index=False, encoding="gb18030")
    register.drop(columns="adoption_period").to_csv(
        folder / "register.csv", index=False, encoding="gb18030"
    )
    adopters = register.drop(columns="population").dropna()
    adopters.to_csv(folder / "adoption.csv", index=False, encoding="gb18030")
    return folder


@pytest.fixture
def distinctive() -> tuple[int, ...]:
    """Give counts of single months and streets of the export that nothing else can be."""
    return DISTINCTIVE


@pytest.fixture
def units(export: Path) -> pd.DataFrame:
    """Give the register of the export."""
    return pd.read_csv(export / "register.csv", encoding="gb18030")


def _reduced(study: dict[str, Any]) -> dict[str, Any]:
    """Ask for a few months, outcomes and estimators only; what is left uses every notebook."""
    street, district = study["level"]
    few = {"outcomes": ["complaints"], "exceptional_months": ["2022-05"]}
    street |= few | {"estimators": ["twfe", "callaway_santanna"], "unit_effects": []}
    district |= few | {"estimators": ["twfe"], "robustness": [], "lags": 0}
    del district["categories"]
    study["source"] = study["source"][:1]
    study["tile"] = [tile for tile in study["tile"] if tile["district"] in DISTRICTS]
    study["recovery"] |= {"estimators": ["twfe"]}
    del study["recovery"]["monte_carlo"]
    return study | {"first_period": FIRST, "last_period": LAST}
