"""Building panels: real raw counts against the panels they become."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.clean.reports import Cleaned, clean_study
from analysis.errors import DataError
from analysis.panel.build import build_panels
from analysis.study.load import load_study
from analysis.study.schema import Study
from analysis.workspace import find_workspace

WORKSPACE = find_workspace(Path(__file__).parent)
RAW = WORKSPACE.raw("boston")


@pytest.fixture(scope="module")
def boston() -> tuple[Study, Cleaned]:
    study = load_study("boston", WORKSPACE.studies)
    return study, clean_study(study, RAW)


@pytest.mark.parametrize("source", ["all_types", "animals"])
def test_cleaned_totals_are_those_of_the_raw_file(boston, source: str):
    """Catches a ticket that is lost, counted twice or given to the wrong initiator."""
    study, cleaned = boston
    declared = study.get_source(source)
    raw = pd.read_csv(RAW / declared.files, encoding="utf-8", keep_default_na=False)
    raw = raw[~raw["neighbourhood"].isin(declared.not_a_unit)]
    by_initiator = raw.groupby("initiator")[["tickets", "with_deadline", "on_time"]].sum()
    table = cleaned.tables[source]
    expected = {
        "complaints": by_initiator.loc["resident", "tickets"],
        "proactive_cases": by_initiator.loc["proactive", "tickets"],
        "with_deadline": by_initiator.loc["resident", "with_deadline"],
        "on_time": by_initiator.loc["resident", "on_time"],
    }
    assert table[list(expected)].sum().to_dict() == expected


def test_panels_are_balanced_over_seventeen_neighbourhoods(boston):
    """Catches a label that is no neighbourhood, and a month or a pair without a row."""
    study, cleaned = boston
    panels, ledger = build_panels(study, cleaned)
    for name, months in {"all_types_2015": 12, "animals_2013_2019": 84}.items():
        panel = panels[name]
        assert panel["unit"].nunique() == 17
        assert panel["period"].nunique() == months
        assert len(panel) == 17 * panel["category"].nunique() * months
        by_category = panel.groupby("category")[["complaints", "proactive_cases"]].sum()
        assert (by_category.min(axis=1) / by_category.sum(axis=1)).min() >= 0.05
        assert panel["dose"].isna().sum() == 3 * len(panel) / months
        # The dose of one month, for distributed lags: known from the second month on.
        last = panel.groupby(["unit", "category"])["proactive_cases"].shift(1).astype("Float64")
        expected = np.log1p(last.to_numpy("float64", na_value=np.nan))
        np.testing.assert_allclose(panel["dose_last_month"].to_numpy(), expected)
    summary = ledger.summary()
    lost = summary["dropped"] - summary["filled"]
    assert summary["table"].unique().tolist() == [f"panel_{name}" for name in panels]
    assert (summary["rows_in"] - lost).tolist() == summary["rows_out"].tolist()


def test_a_panel_that_breaks_the_contract_is_not_built(boston):
    """Catches a panel that is handed on without being held against the contract."""
    study, cleaned = boston
    table = cleaned.tables["animals"]
    more = table.assign(on_time=table["with_deadline"] + 1)
    broken = dataclasses.replace(cleaned, tables=cleaned.tables | {"animals": more})
    with pytest.raises(DataError, match=r"panel_animals_2013_2019[\s\S]*on_time exceeds"):
        build_panels(study, broken)
