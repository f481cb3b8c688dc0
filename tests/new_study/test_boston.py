"""Boston's own files of two vintages, where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# A folder with boston_311_2015.csv.gz and boston_311_animals_2013_2023.csv.gz, or one of each
# in folders below it.
FOLDER = Path(os.environ.get("BOSTON_TICKETS", "/nowhere"))
FILES = sorted(FOLDER.rglob("boston_311_*.csv.gz"))


@pytest.mark.skipif(len(FILES) < 2, reason="BOSTON_TICKETS names no folder with Boston's files")
def test_two_vintages_are_one_source(propose):
    """Would catch a new vintage, an end of a file that is not seen, or a shifted clock."""
    study, proposal, text = propose(FILES, zone="America/New_York", place="Boston")
    source = study.tickets.source[0]
    assert source.headers["due"] == ("TARGET_DT", "sla_target_dt")
    assert set(source.times) == {"iso", "%m/%d/%Y %I:%M:%S %p"}
    assert set(study.tickets.initiator.proactive) == {"City Worker App", "Employee Generated"}
    assert study.tickets.initiator.system == ("Maximo Integration",)
    assert (study.first_period[:4], study.last_period[:4]) == ("2013", "2023")
    assert proposal.sources[0].times.clock.check
    assert "offset_twice" in text
