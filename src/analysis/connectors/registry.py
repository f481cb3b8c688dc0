"""The protocols by name: how each is reached, and where its app token comes from."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from analysis.connectors.arcgis import connect_arcgis
from analysis.connectors.ckan import connect_ckan
from analysis.connectors.connector import Connector
from analysis.connectors.http import Http, Patience
from analysis.connectors.open311 import connect_open311
from analysis.connectors.socrata import connect_socrata
from analysis.study.download import Download, ProtocolName

__all__ = ["PROTOCOLS", "ProtocolEntry", "connect"]


@dataclass(frozen=True, slots=True)
class ProtocolEntry:
    """One row of the registry.

    Attributes
    ----------
    connect
        Reaches a table.
    token_variable
        The environment variable of an app token, where one is of use: with it, portals allow more
        requests. Empty if none is ever sent.
    token_header, token_prefix
        How the token is sent.
    """

    connect: Callable[[Download, Http], Connector]
    token_variable: str = ""
    token_header: str = ""
    token_prefix: str = ""


PROTOCOLS: dict[ProtocolName, ProtocolEntry] = {
    "arcgis": ProtocolEntry(connect_arcgis),
    "ckan": ProtocolEntry(connect_ckan),
    "open311": ProtocolEntry(connect_open311, "OPEN311_API_KEY", "Authorization", "Bearer "),
    "socrata": ProtocolEntry(connect_socrata, "SOCRATA_APP_TOKEN", "X-App-Token"),
}


def connect(
    download: Download,
    patience: Patience | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Connector:
    """Reach the table that a study file names.

    Parameters
    ----------
    download
        The table.
    patience
        How long to go on asking; by default for some minutes.
    say
        Told when a request is tried again, and why.

    Raises
    ------
    RunError
        If the portal cannot be reached, or has no such table or columns.
    """
    entry = PROTOCOLS[download.protocol]
    secret = os.environ.get(entry.token_variable, "").strip() if entry.token_variable else ""
    token = f"{entry.token_prefix}{secret}" if secret else ""
    return entry.connect(download, Http(entry.token_header, token, patience or Patience(), say))
