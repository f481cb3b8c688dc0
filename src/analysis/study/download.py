"""The part of a study file that says where its tickets are downloaded from."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from analysis.errors import did_you_mean, listing
from analysis.study.fields import Name, Strict

__all__ = ["Day", "Download", "Downloads", "ProtocolName"]

ProtocolName = Literal["arcgis", "ckan", "open311", "socrata"]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
# No "?", "#" or "@": a query or a password in the address would end in the provenance file.
Address = Annotated[str, Field(pattern=r"^https?://[^\s?#@]+$")]
Dataset = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Strict):
    """What is asked of a portal, whichever of its tables is meant.

    Attributes
    ----------
    protocol
        What the portal speaks: ``ckan``, ``socrata``, ``arcgis`` or ``open311``.
    address
        Where the portal is, such as ``https://data.boston.gov``; for ``arcgis`` the service
        (``…/FeatureServer``), for ``open311`` the endpoint (``…/open311/v2``).
    order
        A column that is unique and never changes; pages follow it.
    select
        The columns to fetch, `order` among them. What is not named here is never written to disk,
        and only ``open311`` and files without a datastore send it at all. Nested fields have
        dotted names, such as ``extended_attributes.ward``.
    where
        Which rows, in the protocol's own filter language: SQL (``ckan``, ``arcgis``), SoQL
        (``socrata``), or further parameters such as ``extensions=true&status=open``
        (``open311``).
    page_size
        Rows to ask for at once. Portals cap it: CKAN at 32,000, Socrata at 50,000, ArcGIS as each
        layer says.
    first_day, last_day
        For ``open311``, which answers by date only: the days to fetch, as in ``2024-01-31``.
    licence
        The licence of the data, for the provenance file.
    """

    protocol: ProtocolName
    address: Address
    order: str
    select: Annotated[tuple[str, ...], Field(min_length=1)]
    where: Annotated[str, Field(min_length=1)] | None = None
    page_size: Annotated[int, Field(ge=1, le=50_000)] = 10_000
    first_day: Day | None = None
    last_day: Day | None = None
    licence: str | None = None

    def __post_init__(self) -> None:
        twice = [name for name in dict.fromkeys(self.select) if self.select.count(name) > 1]
        if twice:
            raise ValueError(f"'select' names {listing(twice)} more than once")
        quoted = [name for name in self.select if not name or '"' in name]
        if quoted:
            raise ValueError(f"'select' names {listing(quoted)}, which is no name of a column")
        if self.order not in self.select:
            hint = did_you_mean(self.order, self.select)
            raise ValueError(f"'select' must hold the column of 'order', {self.order!r}; {hint}")
        days = (self.first_day, self.last_day)
        if (self.protocol == "open311") != all(days) or any(days) != all(days):
            raise ValueError("protocol 'open311' and the keys 'first_day', 'last_day' go together")
        if self.first_day and self.last_day and _day(self.first_day) > _day(self.last_day):
            raise ValueError("'first_day' is after 'last_day'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Download(Query):
    """One table of an open-data portal, and the folder that its pages are written to.

    Attributes
    ----------
    folder
        A folder below ``data/raw/<study>/``.
    dataset
        Which table: the resource's id (``ckan``), its four-by-four id (``socrata``), the layer's
        number (``arcgis``) or ``requests`` (``open311``).

    Examples
    --------
    >>> Download(
    ...     folder="current",
    ...     protocol="socrata",
    ...     address="https://data.example.gov",
    ...     dataset="abcd-1234",
    ...     order="id",
    ...     select=("id", "opened"),
    ... ).page_size
    10000
    """

    folder: Name
    dataset: Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloads(Query):
    """Tables of one portal that are asked for in the same way.

    Attributes
    ----------
    datasets
        Folder below ``data/raw/<study>/`` -> which table; see `Download`.
    """

    datasets: Annotated[dict[Name, Dataset], Field(min_length=1)]

    @property
    def tables(self) -> tuple[Download, ...]:
        """The tables, one by one."""
        shared = {given.name: getattr(self, given.name) for given in fields(Query)}
        return tuple(
            Download(folder=folder, dataset=dataset, **shared)
            for folder, dataset in self.datasets.items()
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as failure:
        raise ValueError(f"{text!r} is not a day: {failure}") from None
