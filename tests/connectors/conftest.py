"""A portal for each test, and short ways to download from it."""

import gzip
import importlib.util
import json
import sys
from pathlib import Path

import pytest

from analysis.connectors.http import Patience
from analysis.connectors.provenance import read_provenance
from analysis.connectors.registry import connect
from analysis.connectors.run import download_into

# Test folders are no packages, so the portal is loaded by its path.
_SPEC = importlib.util.spec_from_file_location(
    "portal_server", Path(__file__).with_name("server.py")
)
SERVER = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = SERVER
_SPEC.loader.exec_module(SERVER)

WAYS = ("arcgis", "ckan", "ckan without SQL", "ckan file", "open311", "socrata")


@pytest.fixture
def server():
    return SERVER


@pytest.fixture
def portal():
    running = SERVER.Running()
    yield running.portal
    running.close()


@pytest.fixture
def client(portal, tmp_path):
    return Client(portal, tmp_path / "raw")


@pytest.fixture
def make_client():
    return Client


@pytest.fixture(params=WAYS)
def way(request, portal):
    """Each protocol, and each way in which CKAN can be read."""
    name, _, rest = request.param.partition(" ")
    portal.sql = rest != "without SQL"
    portal.datastore = rest != "file"
    return name


class Client:
    """Downloads from the portal without ever sleeping."""

    def __init__(self, portal, raw):
        self.portal, self.raw, self.waits, self.said = portal, raw, [], []
        self.retries, self.timeout = 3, (1.0, 0.1)

    def patience(self):
        return Patience(self.retries, 1.0, 60, self.timeout, self.waits.append)

    def reach(self, download, say):
        return connect(download, self.patience(), say)

    def get(self, protocol, *, fresh=False, **changed):
        given = self.portal.download(protocol, **changed)
        return download_into(self.raw, given, fresh=fresh, say=self.said.append, reach=self.reach)

    @property
    def folder(self):
        return self.raw / "tickets"

    @property
    def record(self):
        return read_provenance(self.folder)

    def rows(self):
        """Read what is on disk, in the order of the parts."""
        paths = sorted(self.folder.glob("part-*.jsonl.gz"))
        texts = [gzip.decompress(path.read_bytes()).decode() for path in paths]
        return [json.loads(line) for text in texts for line in text.splitlines()]

    def page_requests(self):
        heads = ("/resource/", "/files/", "/open311/v2/requests")
        return [
            (path, query)
            for path, query, _ in self.portal.requests
            if (path.startswith(heads) and "count(*)" not in query.get("$select", ""))
            or "resultRecordCount" in query
            or "LIMIT" in query.get("sql", "")
            or "offset" in query
        ]
