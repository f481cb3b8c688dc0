"""The CSV file behind a CKAN resource: read by bytes, page by page."""

import pytest

from analysis.errors import RunError


@pytest.fixture
def file_portal(portal):
    portal.datastore = False
    return portal


def test_pages_begin_where_the_last_row_ended(file_portal, client):
    """Catches cells with line breaks, after which a count of lines is wrong."""
    client.get("ckan", page_size=4)
    begins = [query["Range"] for query in (part.query for part in client.record.parts)]
    assert len(set(begins)) == 6
    assert client.rows() == file_portal.expected("ckan")


def test_rows_are_numbered_as_in_the_datastore(file_portal, client):
    """Catches numbers that begin anew on every page, or after a stop."""
    client.get("ckan", page_size=4, order="_id", select=("_id", "kind"))
    (client.folder / "part-00003.jsonl.gz").unlink()
    client.get("ckan", page_size=4, order="_id", select=("_id", "kind"))
    assert [row["_id"] for row in client.rows()] == list(range(1, 24))


def test_a_portal_without_ranges_is_read_from_the_beginning(file_portal, client):
    file_portal.ranges = False
    client.get("ckan")
    assert client.rows() == file_portal.expected("ckan")


def test_a_file_that_changes_is_told_and_then_fetched_anew(file_portal, client, server):
    file_portal.faults = [server.Fault("500", at=4, times=99)]
    with pytest.raises(RunError):
        client.get("ckan")
    file_portal.faults, file_portal.etag = [], '"two"'
    file_portal.rows = file_portal.rows[3:]
    client.get("ckan")
    assert client.rows() == file_portal.expected("ckan")


def test_a_file_that_changes_between_two_pages_is_refused(file_portal, client, monkeypatch):
    sound, asked = file_portal.answer, []

    def answer(path, query):
        asked.append(path)
        file_portal.etag = '"one"' if len(asked) < 5 else '"two"'
        return sound(path, query)

    monkeypatch.setattr(file_portal, "answer", answer)
    with pytest.raises(RunError, match="changed during the download"):
        client.get("ckan")


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (b'99,"stray\n', "unexpected end of data"),
        (b'99,"a"b,c,d,e,f,g\n', "expected after"),
        (b"99,too,few\n", "a row has 3 cells, the header has 7"),
        (b"99,2024,open,K1,1,\xd0\xd0,x\n", "can't decode"),
        (b"9" * 300_000, "field larger than field limit|cells"),
        (b"9" * 1_200_000, "longer than 1048576 bytes"),
    ],
)
def test_a_file_that_is_no_sound_csv_is_refused(file_portal, client, extra, message):
    file_portal.extra_csv = extra
    with pytest.raises(RunError, match=message) as failure:
        client.get("ckan")
    assert "before byte" in str(failure.value)
    assert len(client.rows()) == 20


def test_a_login_page_instead_of_the_file(file_portal, client, server):
    file_portal.faults = [server.Fault("html", at=1, times=99)]
    with pytest.raises(RunError, match="web page, not data"):
        client.get("ckan")


def test_a_file_has_no_filter(file_portal, client):
    with pytest.raises(RunError, match="a file has no filter"):
        client.get("ckan", where="id > 3")


def test_a_resource_that_is_no_csv(file_portal, client, monkeypatch):
    sound = file_portal.answer

    def answer(path, query):
        reply = sound(path, query)
        if path.endswith("resource_show"):
            reply.document["result"]["format"] = "PDF"
        return reply

    monkeypatch.setattr(file_portal, "answer", answer)
    with pytest.raises(RunError, match="its file is PDF"):
        client.get("ckan")
