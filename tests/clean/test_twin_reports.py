"""The twin's raw reports: cleaning brings back what the simulator drew, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.clean.reports import Cleaned, clean_study
from analysis.contract.columns import count_columns
from analysis.panel.build import build_panels
from analysis.simulate.twin import Twin, simulate_twin
from analysis.study.load import load_study
from analysis.study.schema import Study
from analysis.workspace import find_workspace

WORKSPACE = find_workspace(Path(__file__).parent)


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("beijing", WORKSPACE.studies)


@pytest.fixture(scope="module")
def cleaned(study: Study) -> Cleaned:
    return clean_study(study, WORKSPACE.raw("beijing"))


@pytest.fixture(scope="module")
def twin(study: Study) -> Twin:
    assert study.seed is not None
    return simulate_twin(study.seed)


@pytest.mark.parametrize(
    ("source", "drawn", "keys"),
    [
        ("streets", "panel", ["unit", "period"]),
        ("categories", "categories", ["unit", "category", "period"]),
    ],
)
def test_every_cleaned_count_is_the_one_that_was_drawn(
    cleaned: Cleaned, twin: Twin, source: str, drawn: str, keys: list[str]
):
    """Catches any cleaner that changes a number, and dirt that passes as data."""
    table = cleaned.tables[source].set_index(keys)
    truth = getattr(twin, drawn).set_index(keys).reindex(table.index)
    counts = [name for name in count_columns() if name in table]
    assert len(counts) == (8 if source == "streets" else 2)
    for name in counts:
        known = table[name].notna()
        assert known.mean() > 0.99, name
        assert (table.loc[known, name] == truth.loc[known, name]).all(), name


def test_panels_have_every_unit_and_month(study: Study, cleaned: Cleaned, twin: Twin):
    """Catches a renamed, merged or never-adopting street that is lost on the way."""
    panels, _ = build_panels(study, cleaned)
    street, district = panels["street"], panels["district"]
    assert len(street) == len(twin.panel)
    assert len(district) == 16 * 84
    register = twin.register.set_index("unit")["adoption_period"]
    adopted = street.drop_duplicates("unit").set_index("unit")["adoption_period"]
    pd.testing.assert_series_equal(adopted, register.reindex(adopted.index))
    assert district["complaints"].isna().mean() < 0.1
    covered = district.sort_values("period").groupby("unit")["coverage"]
    assert covered.apply(lambda share: share.is_monotonic_increasing).all()
