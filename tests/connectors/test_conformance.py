"""What every connector of the registry must do, tried on each way of reading a portal."""

import gzip
import json
import typing

import pytest

from analysis.connectors.connector import Connector
from analysis.connectors.provenance import folder_problems
from analysis.connectors.registry import PROTOCOLS
from analysis.errors import RunError
from analysis.study.download import ProtocolName


def test_every_protocol_that_a_study_may_name_is_in_the_registry():
    assert sorted(PROTOCOLS) == sorted(typing.get_args(ProtocolName))


def test_each_is_a_connector(way, portal, client):
    assert isinstance(client.reach(portal.download(way), print), Connector)


@pytest.mark.parametrize("page_size", [1, 4, 23, 24, 50])
def test_every_record_comes_once_and_in_order(way, portal, client, page_size):
    """Catches a page that is lost or read twice at a border, and ids ordered as text."""
    record = client.get(way, page_size=page_size)
    assert client.rows() == portal.expected(way)
    assert (record.rows, record.complete) == (23, True)


def test_a_portal_that_caps_its_pages_is_read_to_the_end(way, portal, client, server):
    """Catches a short page that is taken for the last one."""
    portal.rows = server.make_rows(130)
    client.get(way, page_size=1000)
    assert client.rows() == portal.expected(way)


def test_what_was_not_asked_for_is_nowhere_on_disk(way, portal, client):
    client.get(way)
    stored = [path.read_bytes() for path in client.folder.iterdir()]
    texts = [gzip.decompress(given) if given[:2] == b"\x1f\x8b" else given for given in stored]
    assert not any(b"Secret Street" in text for text in texts)


def test_the_provenance_says_where_from(way, portal, client):
    record = client.get(way, licence="invented for this test")
    kept = json.loads((client.folder / "provenance.json").read_text(encoding="utf-8"))
    assert kept["download"]["address"].startswith(portal.url)
    assert kept["download"]["licence"] == "invented for this test"
    assert sum(part["rows"] for part in kept["parts"]) == record.rows == kept["rows"] == 23
    assert all(part["query"] and part["fetched"] >= kept["started"] for part in kept["parts"])
    assert folder_problems(client.folder) == []


def test_two_downloads_have_the_same_bytes(way, client):
    """Catches a time or a name in the compressed files, which would change their hashes."""
    first = [part.sha256 for part in client.get(way).parts]
    heads = [path.read_bytes()[:10] for path in client.folder.glob("part-*")]
    assert {(head[3], head[4:8]) for head in heads} == {(0, b"\0\0\0\0")}
    again = [part.sha256 for part in client.get(way, fresh=True).parts]
    assert first == again


def test_a_complete_download_asks_the_portal_nothing(way, portal, client):
    client.get(way)
    asked = len(portal.requests)
    client.get(way)
    assert len(portal.requests) == asked


def test_a_part_that_was_altered_is_fetched_again_and_the_others_are_kept(way, portal, client):
    client.get(way)
    path = client.folder / "part-00003.jsonl.gz"
    sound = path.read_bytes()
    path.write_bytes(sound[:-4] + b"\0\0\0\0")
    assert "altered" in str(folder_problems(client.folder)[0])
    before = len(client.page_requests())
    client.get(way)
    assert path.read_bytes() == sound
    parts = len(list(client.folder.glob("part-*")))
    assert 1 <= len(client.page_requests()) - before < parts


def test_unknown_data_sets_are_named(way, client):
    other = {"arcgis": "7", "open311": "tickets"}.get(way, "zzzz-9999")
    with pytest.raises(RunError, match=r"Not found|Invalid URL|no such resource"):
        client.get(way, dataset=other)
    assert not list(client.folder.glob("part-*"))


def test_a_page_without_a_column_is_refused(way, portal, client, server):
    """Catches a portal that renames a column: its cells would all be empty from then on."""
    if not portal.datastore:
        pytest.skip("a file has one header")
    portal.faults = [server.Fault("rename", at=2, times=9)]
    with pytest.raises(RunError, match=r"page 2 lacks the columns '(opened|requested_datetime)'"):
        client.get(way)
    assert len(client.rows()) == 5


def test_a_page_that_comes_twice_is_refused_and_the_next_try_is_whole(way, portal, client, server):
    if not portal.datastore:
        pytest.skip("a file is asked for by its bytes")
    portal.faults = [server.Fault("repeat", at=3)]
    with pytest.raises(RunError, match="repeats rows"):
        client.get(way)
    client.get(way)
    assert client.rows() == portal.expected(way)


def test_a_key_that_is_not_unique_is_refused(way, portal, client, server):
    if not portal.datastore:
        portal.rows[1]["id"] = portal.rows[0]["id"]
    portal.faults = [server.Fault("double", at=1)]
    with pytest.raises(RunError, match="stands twice on page 1"):
        client.get(way)


def test_a_row_that_is_lost_shows_in_the_total(way, portal, client, server):
    if way == "open311" or not portal.datastore:
        pytest.skip("announces no total")
    portal.faults = [server.Fault("lose", at=2)]
    with pytest.raises(RunError, match=r"22 rows came, but the portal announced 23|repeats rows"):
        client.get(way)
    assert not client.record.complete


def test_rows_that_are_added_meanwhile_are_no_fault(way, portal, client, server):
    """Catches a total that is asked for once: it grows while the pages are fetched."""
    rows = server.make_rows(30)
    portal.rows = rows[:23]
    seen = []

    def add(total):
        seen.append(total)
        portal.rows = rows if len(seen) > 1 else rows[:23]

    from analysis.connectors.table import download_table

    given = portal.download(way)
    download_table(
        given,
        client.folder,
        lambda: client.reach(given, add),
        lambda rows, total: add(total),
    )
    ids = [row[given.order] for row in client.rows()]
    assert len(ids) == len(set(ids)) >= 23


def test_nothing_at_all_is_an_error(way, portal, client):
    """Catches a filter that lets nothing through, which would look like months without tickets."""
    portal.rows = []
    with pytest.raises(RunError, match="no rows"):
        client.get(way)
