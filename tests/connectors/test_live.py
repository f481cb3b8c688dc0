"""One page of each city that a study file names, for those who have the network.

Run it with `COMPENDIUM_LIVE=1 python -m pytest tests/connectors/test_live.py`.
"""

import dataclasses
import os
from pathlib import Path

import pytest

from analysis.connectors.registry import connect
from analysis.study.load import list_studies, load_study

LIVE = os.environ.get("COMPENDIUM_LIVE") == "1"
pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not LIVE, reason="asks real portals; set COMPENDIUM_LIVE=1"),
]

STUDIES = Path(__file__).parents[2] / "notebooks" / "studies" / "cities"


def tables():
    for study in list_studies(STUDIES):
        tickets = load_study(study, STUDIES).tickets
        for given in () if tickets is None else tickets.downloads:
            yield pytest.param(given, id=f"{study}-{given.folder}")


@pytest.mark.parametrize("given", list(tables()) if LIVE else [])
def test_a_page_has_rows_and_every_column(given):
    connector = connect(dataclasses.replace(given, page_size=5))
    page = connector.fetch(connector.start)
    assert page.records
    assert set(given.select) <= set(page.columns)
    assert all(record.get(given.order) is not None for record in page.records)
