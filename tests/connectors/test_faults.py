"""Passing faults are tried again within bounds; others end in an error that names them."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from analysis.errors import RunError

PASSING = ["429", "500", "502", "503", "504", "202", "cut", "cut_chunked", "reset", "slow"]


@pytest.mark.parametrize("kind", [*PASSING, "not_json"])
def test_a_passing_fault_leaves_no_trace(way, portal, client, server, kind):
    if kind == "not_json" and not portal.datastore:
        pytest.skip("a file is no JSON")
    portal.faults = [server.Fault(kind, times=2)]
    client.get(way)
    assert client.rows() == portal.expected(way)
    # A page of a file is complete as soon as its rows are here, wherever the rest is cut.
    assert len(client.waits) == len(client.said)
    assert len(client.waits) == 2 or not portal.datastore


@pytest.mark.parametrize("kind", [*PASSING, "not_json"])
def test_a_fault_that_does_not_pass_is_told_after_some_tries(portal, client, server, kind):
    portal.faults = [server.Fault(kind, times=99)]
    with pytest.raises(RunError) as failure:
        client.get("socrata")
    words = {
        "cut": "cut before the end",
        "cut_chunked": "cut before the end",
        "reset": "no connection",
        "slow": "does not answer in time",
        "not_json": "not JSON",
    }
    message = str(failure.value)
    assert f"{words.get(kind, f'it answers {kind}')}" in message
    assert "4 times" in message
    assert f"{portal.url}/resource/abcd-1234.json" in message
    assert "goes on where it stopped" in message
    assert len(client.rows()) == 5
    assert [path.name for path in client.folder.iterdir() if path.name.startswith(".")] == []


def test_waits_grow(portal, client, server):
    portal.faults = [server.Fault("503", times=99)]
    client.retries = 6
    with pytest.raises(RunError):
        client.get("socrata")
    first, *later = client.waits
    assert first == 0
    assert all(2**n <= wait <= 2**n + 1 for n, wait in enumerate(later, start=1))


def test_no_wait_is_longer_than_the_bound(portal, client, server):
    portal.faults = [server.Fault("503", times=99)]
    client.retries = 9
    with pytest.raises(RunError):
        client.get("socrata")
    assert max(client.waits) == 60


@pytest.mark.parametrize(
    ("header", "low", "high"),
    [
        ("17", 17, 17),
        ("86400", 60, 60),
        (timedelta(seconds=40), 20, 40),
        (timedelta(days=2), 60, 60),
        (timedelta(days=-2), 0, 0),
        ("soon", 0, 0),
    ],
)
def test_what_the_portal_asks_to_wait_is_kept_within_a_bound(
    portal, client, server, header, low, high
):
    if isinstance(header, timedelta):
        header = format_datetime(datetime.now(UTC) + header, usegmt=True)
    portal.faults = [server.Fault("429", headers={"Retry-After": header})]
    client.get("socrata")
    assert low <= client.waits[0] <= high
    assert client.rows() == portal.expected("socrata")


def test_a_login_page_is_named(way, portal, client, server):
    if not portal.datastore:
        pytest.skip("see test_ckan_file.py")
    portal.faults = [server.Fault("html", times=99)]
    with pytest.raises(RunError, match="web page, not data: a login"):
        client.get(way)
    assert client.waits == []


def test_an_error_served_as_a_success_is_named(way, portal, client, server):
    """Catches an error document that is read as a page without rows, the end of the table."""
    if not portal.datastore:
        pytest.skip("a file states no errors")
    portal.faults = [server.Fault("stated", times=99)]
    with pytest.raises(RunError, match="Search index is corrupt"):
        client.get(way)
    assert len(client.rows()) == 5


def test_a_busy_server_that_says_so_in_its_answer_is_asked_again(portal, client, monkeypatch):
    """Catches ArcGIS's errors 429 and 503, which come with status 200."""
    sound, asked = portal.answer, []

    def answer(path, query):
        asked.append(path)
        reply = sound(path, query)
        if len(asked) == 3:
            reply.document = {"error": {"code": 503, "message": "Too many requests"}}
        return reply

    monkeypatch.setattr(portal, "answer", answer)
    client.get("arcgis")
    assert client.rows() == portal.expected("arcgis")
    assert "answers 503: Too many requests" in client.said[0]


def test_a_host_that_is_not_there(client):
    with pytest.raises(RunError, match="no connection, 4 times"):
        client.get("socrata", address="http://127.0.0.1:9")


@pytest.mark.parametrize("address", ["http://[", "http://127.0.0.1:99999"])
def test_an_address_that_is_none_is_not_tried_again(client, address):
    with pytest.raises(RunError, match="nothing can be fetched from this address"):
        client.get("socrata", address=address)
    assert client.waits == []


def test_another_protocol_at_the_address(portal, client):
    with pytest.raises(RunError, match="it answers 404"):
        client.get("socrata", address=f"{portal.url}/api/3/action")


def test_an_answer_of_another_kind_is_named(way, portal, client, server, monkeypatch):
    """Catches data in a shape that no version of the protocol has, read as a page without rows."""
    monkeypatch.setattr(portal, "answer", lambda path, query: server.Reply(200, {"hello": 1}))
    with pytest.raises(RunError, match=f"see that 'protocol' is right: {way} is expected"):
        client.get(way)


def test_a_long_address_is_cut_in_messages(portal, client, server):
    portal.faults = [server.Fault("500", times=99)]
    with pytest.raises(RunError) as failure:
        client.get("socrata", where=" OR ".join(["id > 0"] * 100))
    assert max(map(len, str(failure.value).splitlines())) < 500
