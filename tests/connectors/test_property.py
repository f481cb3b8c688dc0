"""Whatever the size of pages and whatever goes wrong once, every record is there exactly once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.connectors.provenance import folder_problems
from analysis.errors import RunError

# An endpoint that announces no total can lose a row unseen; only it is spared that fault.
FAULTS = ["429", "500", "503", "cut", "cut_chunked", "reset", "not_json", "html", "stated"]
ROW_FAULTS = ["repeat", "rename", "double", "lose"]
WAYS = ["arcgis", "ckan", "ckan without SQL", "ckan file", "open311", "socrata"]


@pytest.mark.parametrize("way", WAYS)
def test_parts_hold_every_record_exactly_once(way, server, tmp_path_factory, make_client):
    protocol, _, rest = way.partition(" ")
    wrong = FAULTS + ([] if rest == "file" else ROW_FAULTS)
    if protocol == "open311":
        wrong = [kind for kind in wrong if kind != "lose"]

    @settings(max_examples=20, deadline=None, derandomize=True)
    @given(
        rows=st.integers(1, 40),
        page_size=st.integers(1, 45),
        kind=st.sampled_from(wrong),
        at=st.integers(1, 12),
        of_all=st.booleans(),
    )
    def holds(rows, page_size, kind, at, of_all):
        running = server.Running()
        try:
            portal = running.portal
            portal.rows = server.make_rows(rows)
            portal.sql, portal.datastore = rest != "without SQL", rest != "file"
            portal.faults = [server.Fault(kind, at=at, of_all=of_all)]
            client = make_client(portal, tmp_path_factory.mktemp("raw"))
            for fresh in (False, False, True):
                try:
                    client.get(protocol, page_size=page_size, fresh=fresh)
                    break
                except RunError:
                    assert not fresh
            assert client.rows() == portal.expected(protocol)
            assert folder_problems(client.folder) == []
        finally:
            running.close()

    holds()
