"""A download that was stopped goes on; one that starts over leaves the last good one."""

import json
import shutil

import pytest

from analysis.connectors import table
from analysis.connectors.provenance import folder_problems
from analysis.connectors.run import check_tables, choose_tables
from analysis.errors import DataError, ParameterError, RunError


class Killed(BaseException):
    """As if the process ended here."""


@pytest.mark.parametrize("moment", ["before the provenance", "after the provenance"])
def test_a_killed_download_goes_on_where_it_stopped(way, portal, client, monkeypatch, moment):
    write, written = table.write_provenance, []

    def kill(folder, record):
        written.append(record)
        killed = len(record.parts) == 3
        if not killed or moment == "after the provenance":
            write(folder, record)
        if killed:
            raise Killed

    monkeypatch.setattr(table, "write_provenance", kill)
    with pytest.raises(Killed):
        client.get(way)
    monkeypatch.undo()
    assert client.record is not None
    assert not client.record.complete
    assert any("not complete" in problem.what for problem in folder_problems(client.folder))
    before = len(client.page_requests())
    kept = 2 if moment == "before the provenance" else 3
    client.get(way)
    assert client.rows() == portal.expected(way)
    # Besides the missing pages: the empty one at the end, a file's header, Open311's empty pages.
    more = {"open311": 3}.get(way, 1 if portal.datastore else 2)
    assert len(client.page_requests()) - before == len(client.record.parts) - kept + more


def test_a_fresh_download_that_fails_leaves_the_last_good_one(way, portal, client, server):
    client.get(way)
    before = {path.name: path.read_bytes() for path in client.folder.iterdir()}
    portal.faults = [server.Fault("500", times=99, at=portal.pages + 3)]
    with pytest.raises(RunError):
        client.get(way, fresh=True)
    assert {path.name: path.read_bytes() for path in client.folder.iterdir()} == before
    assert [path.name for path in client.raw.iterdir()] == ["tickets"]


def test_a_fresh_download_has_what_the_portal_has_now(way, portal, client, server):
    client.get(way)
    portal.rows, portal.etag = server.make_rows(7), '"two"'
    client.get(way, fresh=True)
    assert client.rows() == portal.expected(way)
    assert folder_problems(client.folder) == []


def test_a_kill_in_the_middle_of_a_swap_is_mended(portal, client):
    """Catches a table that is gone because the former one was moved away and the new one not in."""
    client.get("socrata")
    rows, asked = client.rows(), len(portal.requests)
    client.folder.rename(client.raw / ".tickets.former")
    client.get("socrata")
    assert (client.rows(), len(portal.requests)) == (rows, asked)


def test_a_folder_of_another_request_is_not_continued(client):
    client.get("socrata")
    with pytest.raises(RunError, match="another 'where'"):
        client.get("socrata", where="id > 20")
    assert client.get("socrata", where="id > 20", fresh=True).rows < 23


def test_pages_of_another_size_fit_on(way, portal, client, server):
    """Catches page numbers that are taken up with another size: they would skip rows."""
    portal.faults = [server.Fault("500", times=99, at=3)]
    with pytest.raises(RunError):
        client.get(way, page_size=2)
    portal.faults = []
    client.get(way, page_size=6)
    assert client.rows() == portal.expected(way)
    # Open311's parts are fetched anew, the others' first one is kept.
    assert client.record.parts[0].rows == (6 if way == "open311" else 2)


def test_rows_that_go_in_an_altered_part_leave_no_part_of_the_former_download(
    portal, client, server
):
    """Catches a page that is fetched anew, ends elsewhere now, and leaves rows in two parts."""
    client.get("socrata")
    portal.rows = [row for row in portal.rows if row["id"] not in (17, 20, 23, 26, 29, 32)]
    (client.folder / "part-00002.jsonl.gz").unlink()
    client.get("socrata")
    assert client.rows() == portal.expected("socrata")
    assert folder_problems(client.folder) == []


def test_a_way_that_has_changed_is_told(portal, client, server):
    """Catches a portal that switches SQL off in the middle: its positions mean something else."""
    portal.faults = [server.Fault("500", times=99, at=3)]
    with pytest.raises(RunError):
        client.get("ckan")
    portal.faults, portal.sql = [], False
    with pytest.raises(RunError, match="began with keyset; the portal now gives offsets"):
        client.get("ckan")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "Expecting"),
        ("[]", "not a JSON object"),
        ('{"format": 2}', "key 'download' is missing"),
    ],
)
def test_a_provenance_file_that_cannot_be_read_is_named(client, text, message):
    client.get("socrata")
    (client.folder / "provenance.json").write_text(text, encoding="utf-8")
    with pytest.raises(RunError, match=message):
        client.get("socrata")
    assert client.get("socrata", fresh=True).complete


def test_check_names_every_file_that_is_not_as_downloaded(portal, client):
    given = portal.download("open311")
    with pytest.raises(DataError, match="was not downloaded"):
        check_tables(client.raw, [given])
    client.get("open311")
    check_tables(client.raw, [given])
    (client.folder / "part-00001.jsonl.gz").unlink()
    (client.folder / "services.json").write_text("[]", encoding="utf-8")
    (client.folder / "mine.csv").touch()
    with pytest.raises(DataError) as failure:
        check_tables(client.raw, [given])
    told = [(problem.where, problem.what) for problem in failure.value.problems]
    assert told == [
        ("tickets/part-00001.jsonl.gz", "the file is missing"),
        ("tickets/services.json", "the file was altered since it was downloaded"),
        ("tickets/mine.csv", "the file is not of this download"),
    ]


def test_the_same_table_elsewhere_is_known_by_its_files_alone(portal, client):
    client.get("arcgis")
    shutil.copytree(client.folder, client.raw / "copy")
    assert folder_problems(client.raw / "copy") == []


def test_tables_are_chosen_by_folder(portal):
    tables = [portal.download("ckan", folder=name) for name in ("legacy_2015", "legacy_2016")]
    assert choose_tables(tables, []) == tables
    assert choose_tables(tables, ["legacy_2016"]) == tables[1:]
    with pytest.raises(ParameterError, match="did you mean 'legacy_2015'"):
        choose_tables(tables, ["legacy_2105"])
    with pytest.raises(ParameterError, match="nothing to download"):
        choose_tables([], [])


def test_progress_tells_rows_and_total(portal, client):
    told = []
    given = portal.download("ckan", page_size=10)
    table.download_table(
        given,
        client.folder,
        lambda: client.reach(given, print),
        lambda rows, total: told.append((rows, total)),
    )
    assert told == [(10, 23), (20, 23), (23, 23)]
    assert json.loads((client.folder / "provenance.json").read_text("utf-8"))["rows"] == 23
