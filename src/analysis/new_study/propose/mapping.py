"""Which header is which column of the ticket contract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.new_study.look.contents import Contents
from analysis.new_study.look.sample import Sample
from analysis.new_study.propose.headers import HEADERS, NEEDS, PARTS, TYPES, plain

__all__ = ["Match", "map_headers", "pool_contents"]

Sure = Literal["sure", "likely", "guess", "told"]

_CATEGORIES = ("category_1", "category_2", "category_3")


@dataclass(frozen=True, slots=True)
class Match:
    """A column of the ticket contract and the headers it has had.

    Attributes
    ----------
    column
        The column.
    headers
        Its headers, in the order in which the samples have them; none stands beside another.
    sure
        ``sure`` (the name is known and the cells fit), ``likely`` (only part of the name fits, or
        no cell was filled), ``guess`` (only the cells fit) or ``told`` (the user said so).
    """

    column: str
    headers: tuple[str, ...]
    sure: Sure


def pool_contents(samples: Sequence[Sample]) -> dict[str, Contents]:
    """Put together what stands under each header in all the samples that have it."""
    headers = dict.fromkeys(header for sample in samples for header in sample.columns)
    return {
        header: Contents(
            tuple(cell for s in samples if header in s.columns for cell in s.columns[header])
        )
        for header in headers
    }


def map_headers(
    samples: Sequence[Sample], contents: dict[str, Contents], unit: str | None
) -> tuple[Match, ...]:
    """Propose a mapping: by names, then by parts of names, then by what the cells hold.

    Parameters
    ----------
    samples
        Files of one kind.
    contents
        What `pool_contents` says of them.
    unit
        The header of the panel's unit, if the user named one; it becomes ``street``.

    Returns
    -------
    tuple of Match
        At most one for each column; no header is in two of them.
    """
    together = _Together(samples)
    found: dict[str, Match] = {}
    if unit is not None and unit in contents:
        found["street"] = Match("street", (unit,), "told")
    taken = {header for match in found.values() for header in match.headers}
    for column, names in (HEADERS | TYPES).items():
        if column not in found:
            ranked = _by_name(names, contents, taken, together)
            fitting = [
                header for header in ranked if _FITS.get(column, _anything)(contents[header])
            ]
            headers = together.in_turn(fitting)
            if headers:
                empty = all(contents[header].filled == 0 for header in headers)
                found[column] = Match(column, headers, "likely" if empty else "sure")
                taken.update(headers)
    for column, parts in PARTS.items():
        if column not in found:
            resembling = [
                header
                for part in parts
                for header in contents
                if part in plain(header)
                and header not in taken
                and contents[header].filled
                and _FITS.get(column, _anything)(contents[header])
            ]
            headers = together.in_turn(list(dict.fromkeys(resembling))[:1])
            if headers:
                found[column] = Match(column, headers, "likely")
                taken.update(headers)
    _add_by_contents(found, contents, taken)
    return tuple(_number_categories(found))


class _Together:
    """Which headers stand in one file: two of these cannot be one column."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self.files = [set(sample.columns) for sample in samples]

    def in_turn(self, ranked: Sequence[str]) -> tuple[str, ...]:
        """Take the headers, best first, that never stand beside one that was taken before."""
        chosen: list[str] = []
        for header in ranked:
            if not any(header in file and not file.isdisjoint(chosen) for file in self.files):
                chosen.append(header)
        return tuple(chosen)

    def has(self, name: str) -> bool:
        return any(plain(header) == name for file in self.files for header in file)


def _by_name(
    names: tuple[str, ...], contents: dict[str, Contents], taken: set[str], together: _Together
) -> list[str]:
    return [
        header
        for name in names
        if name not in NEEDS or together.has(NEEDS[name])
        for header in contents
        if plain(header) == name and header not in taken
    ]


def _anything(_: Contents) -> bool:
    return True


_FITS: dict[str, Callable[[Contents], bool]] = {
    "id": lambda cells: cells.may_identify and not cells.is_personal,
    "opened": lambda cells: cells.filled > 0 and cells.is_time,
    **dict.fromkeys(("updated", "dispatched", "closed", "due"), lambda cells: cells.is_time),
    **dict.fromkeys(
        ("on_time", "status", "channel", "responded", "resolved", "satisfied"),
        lambda cells: cells.is_code,
    ),
    **dict.fromkeys(
        ("district", "street", *TYPES), lambda cells: cells.filled > 0 and cells.is_grouping
    ),
}


def _add_by_contents(
    found: dict[str, Match], contents: dict[str, Contents], taken: set[str]
) -> None:
    """Where no name tells, a column without repeats is the id, the earliest moment the opening."""
    if "opened" not in found:
        moments = [
            header
            for header, cells in contents.items()
            if header not in taken and cells.filled and cells.is_time and not cells.moments.number
        ]
        if moments:
            fullest = max(moments, key=lambda header: contents[header].filled)
            found["opened"] = Match("opened", (fullest,), "guess")
            taken.add(fullest)
    if "id" not in found:
        unique = [
            header
            for header, cells in contents.items()
            if header not in taken
            and cells.is_unique
            and not cells.is_personal
            and not cells.moments.share
            and all(len(value) <= 40 and " " not in value for value in cells.counts)
        ]
        if unique:
            found["id"] = Match("id", (unique[0],), "guess")
            taken.add(unique[0])


def _number_categories(found: dict[str, Match]) -> list[Match]:
    levels = [found.pop(level) for level in TYPES if level in found]
    for column, match in zip(_CATEGORIES, levels, strict=False):
        found[column] = Match(column, match.headers, match.sure)
    return list(found.values())
