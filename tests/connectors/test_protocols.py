"""What is peculiar to each protocol."""

import itertools
import json
from datetime import datetime, timedelta

import pytest

from analysis.connectors.checks import following
from analysis.errors import RunError


def test_socrata_compares_keys_as_its_column_does(portal, client):
    """Catches `id > '9'` for a column of numbers, although all values come as text."""
    client.get("socrata")
    conditions = [query.get("$where") for _, query in client.page_requests()]
    assert conditions[:3] == [None, "id > 14", "id > 29"]


def test_socrata_keys_of_text_are_quoted(portal, client):
    for row in portal.rows:
        row["address"] = f"it's {row['id']:03}"
    client.get("socrata", select=("address", "kind"), order="address", where="kind = 'K1'")
    last = client.page_requests()[-1][1]["$where"]
    assert last == "(kind = 'K1') AND address > 'it''s 065'"
    assert len(client.rows()) == 6


@pytest.mark.parametrize("protocol", ["arcgis", "ckan", "socrata"])
def test_filters_are_the_portals_own(protocol, portal, client):
    record = client.get(protocol, where="kind = 'K1' OR kind = 'K2'")
    assert {row["kind"] for row in client.rows()} == {"K1", "K2"}
    assert record.total_at_start == record.rows == 12


@pytest.mark.parametrize("protocol", ["arcgis", "ckan"])
def test_an_unknown_column_is_answered_with_the_nearest(protocol, client):
    with pytest.raises(RunError, match=r"no column 'statuss'\n.*did you mean 'status'"):
        client.get(protocol, select=("id", "statuss"))


def test_socrata_says_itself_which_column_it_lacks(client):
    with pytest.raises(RunError, match="no such column: statuss"):
        client.get("socrata", select=("id", "statuss"))


def test_arcgis_is_asked_for_no_more_than_the_layer_gives(client):
    client.get("arcgis", page_size=1000)
    assert {query["resultRecordCount"] for _, query in client.page_requests()} == {"7"}
    assert {query["returnGeometry"] for _, query in client.page_requests()} == {"false"}


def test_arcgis_announcing_more_and_giving_none_is_refused(portal, client, monkeypatch):
    sound = portal.answer

    def answer(path, query):
        reply = sound(path, query)
        if reply.is_page and not reply.document["features"]:
            reply.document["exceededTransferLimit"] = True
        return reply

    monkeypatch.setattr(portal, "answer", answer)
    with pytest.raises(RunError, match="announces more features and gives none"):
        client.get("arcgis")


def test_open311_asks_for_windows_of_at_most_90_days_that_leave_no_gap(portal, client):
    client.get("open311")
    asked = [(q["start_date"], q["end_date"]) for _, q in client.page_requests()]
    windows = [
        tuple(datetime.fromisoformat(text) for text in window) for window in dict.fromkeys(asked)
    ]
    assert windows[0][0].isoformat() == "2024-01-01T00:00:00+00:00"
    assert windows[-1][1].isoformat() == "2024-07-31T23:59:59+00:00"
    assert all(end - begin < timedelta(days=90) for begin, end in windows)
    borders = itertools.pairwise(windows)
    assert all(late[0] - early[1] == timedelta(seconds=1) for early, late in borders)


def test_open311_keeps_the_list_of_services(client):
    client.get("open311")
    kept = json.loads((client.folder / "services.json").read_text(encoding="utf-8"))
    assert kept == [{"service_code": "K0", "service_name": "Potholes"}]


def test_open311_takes_further_parameters(portal, client):
    client.get("open311", where="extensions=true&status=open")
    assert {(q["extensions"], q["status"]) for _, q in client.page_requests()} == {("true", "open")}


def test_open311_leaves_out_requests_that_are_still_being_taken_in(portal, client, monkeypatch):
    sound = portal.answer

    def answer(path, query):
        reply = sound(path, query)
        if reply.is_page and reply.document:
            reply.document.append({"token": "t", "service_request_id": None})
        return reply

    monkeypatch.setattr(portal, "answer", answer)
    client.get("open311")
    assert client.rows() == portal.expected("open311")


def test_open311_that_knows_no_pages_is_refused(portal, client, monkeypatch):
    """Catches an endpoint that ignores `page` and would be read for ever."""
    sound = portal.answer
    monkeypatch.setattr(portal, "answer", lambda path, query: sound(path, query | {"page": "1"}))
    with pytest.raises(RunError, match="repeats rows"):
        client.get("open311")


def test_ckan_without_sql_has_no_filter(portal, client):
    portal.sql = False
    with pytest.raises(RunError, match="allows no SQL"):
        client.get("ckan", where="id > 3")


def test_a_firewall_before_the_sql_is_no_end(portal, client, server):
    """Catches a guard that answers SQL with a web page, as some portals have."""
    portal.sql, portal.no_sql = False, server.Reply(403, server.LOGIN)
    assert client.get("ckan").method == "offsets"
    assert client.rows() == portal.expected("ckan")


def test_ckan_counts_rows_off_only_if_it_must(portal, client):
    assert client.get("ckan").method == "keyset"
    portal.sql = False
    assert client.get("ckan", fresh=True).method == "offsets"
    portal.datastore = False
    assert client.get("ckan", fresh=True).method == "file"


@pytest.mark.parametrize("value", [None, 1.5, True, ["a"]])
def test_a_key_that_cannot_be_compared_is_refused(portal, value):
    with pytest.raises(RunError, match="never empty"):
        following(portal.download("ckan"), ({"id": value},))


def test_a_row_without_a_key_is_refused(portal, client):
    """Catches empty keys, which no `key > last` ever finds again."""
    portal.rows[2]["kind"] = None
    with pytest.raises(RunError, match="has no 'kind'"):
        client.get("ckan", order="kind")
