"""Samples of one kind as one source: which files, which headers, what is left out."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from analysis.new_study.guess import Guess
from analysis.new_study.look.contents import Contents
from analysis.new_study.look.encoding import ONLY_ASCII
from analysis.new_study.look.sample import Sample
from analysis.new_study.propose.headers import NAMES, PERSONAL, plain
from analysis.new_study.propose.known_values import MISSING
from analysis.new_study.propose.mapping import Match, map_headers, pool_contents
from analysis.new_study.propose.times import Times, propose_times
from analysis.new_study.propose.times_of_day import (
    TimesOfDay,
    joined_cells,
    propose_times_of_day,
)
from analysis.preflight.personal_patterns import HEADERS as PERSONAL_HEADERS
from analysis.tickets.contract import ticket_columns

__all__ = ["UNPUBLISHED", "SourceProposal", "pooled", "propose_sources"]

# What stands in place of a column that a source does not have, but a panel must.
UNPUBLISHED = "not published"

# Encodings that are ASCII where there is nothing else.
_WITH_ASCII = ("utf-8-sig", "gb18030", "big5", "cp1252", "latin-1")

# Of rows in a small area, those that are in its own large one, for the areas to be nested.
NESTED_SHARE = 0.98


@dataclass(frozen=True)
class SourceProposal:
    """Samples that one source of the study file describes.

    Attributes
    ----------
    name
        What the study file calls it.
    files
        A glob in the study's raw folder.
    folder
        The folder below that in which its files are; empty for the raw folder itself.
    samples, contents
        What was seen.
    matches
        Which header is which column.
    times
        How moments are written.
    times_of_day
        Moment -> the headers of its time of day, if that stands in a column of its own.
    encoding
        For text.
    missing
        Cells that mean "no value".
    unused
        Header -> why it is not used.
    names
        Headers of people's names.
    """

    name: str
    files: Guess[str]
    folder: str
    samples: tuple[Sample, ...] = field(repr=False)
    contents: dict[str, Contents] = field(repr=False)
    matches: tuple[Match, ...]
    times: Times
    times_of_day: Guess[TimesOfDay]
    encoding: Guess[str] | None
    missing: tuple[str, ...]
    unused: dict[str, str]
    names: tuple[str, ...]

    def has(self, column: str) -> bool:
        """Say whether it has a column of the ticket contract."""
        return any(match.column == column for match in self.matches)

    def headers(self, column: str) -> tuple[str, ...]:
        """Give the headers of a column of the ticket contract; none if it lacks it."""
        return next((m.headers for m in self.matches if m.column == column), ())

    def rows(self, *columns: str) -> Iterator[tuple[str | None, ...]]:
        """Go through the rows that were looked at, with these columns only."""
        missing = set(self.missing)
        for sample in self.samples:
            cells = [
                joined_cells(sample, self.headers(c), self.times_of_day.value.get(c, ()), missing)
                for c in columns
            ]
            yield from zip(*cells, strict=True)

    def also(self, column: str, same_as: str) -> SourceProposal:
        """Let the headers of one column be another column too."""
        matches = [*self.matches, Match(column, self.headers(same_as), "likely")]
        ordered = tuple(m for name in ticket_columns() for m in matches if m.column == name)
        return replace(self, matches=ordered)

    @property
    def optional(self) -> tuple[str, ...]:
        """The columns that some of its samples lack."""
        return tuple(
            match.column
            for match in self.matches
            if any(not set(match.headers) & set(sample.columns) for sample in self.samples)
        )


class _Kind(NamedTuple):
    """How files are written that one source can describe."""

    format: str
    encoding: str | None
    delimiter: str | None
    quote: str | None
    sheet: str | None
    header_row: int


def propose_sources(
    samples: Sequence[Sample], unit: str | None, zone: str
) -> tuple[SourceProposal, ...]:
    """Put samples that are written alike into one source, and propose what it says.

    Parameters
    ----------
    samples
        What was seen.
    unit
        The header of the panel's unit, if the user named one.
    zone
        The city's time zone.
    """
    groups: dict[_Kind, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(_kind(sample, samples), []).append(sample)
    several = len(groups) > 1
    names = [f"tickets_{n}" if several else "tickets" for n in range(1, len(groups) + 1)]
    return tuple(
        _propose(name, name if several else "", group, kind.encoding, unit, zone)
        for name, (kind, group) in zip(names, groups.items(), strict=True)
    )


def pooled(sources: Sequence[SourceProposal], column: str) -> Contents:
    """Put together what stands in a column of the ticket contract in all sources."""
    return Contents(tuple(cell for source in sources for (cell,) in source.rows(column)))


def _kind(sample: Sample, samples: Sequence[Sample]) -> _Kind:
    """Tell what makes files of one kind: how they are written, and where their headers are."""
    encoding = None if sample.encoding is None else sample.encoding.value
    others = {s.encoding.value for s in samples if s.encoding is not None}
    # ASCII is part of these encodings, and UTF-8 with or without its mark is read alike.
    if sample.encoding is not None and sample.encoding.why == ONLY_ASCII:
        encoding = next((e for e in _WITH_ASCII if e in others), encoding)
    if encoding == "utf-8" and "utf-8-sig" in others:
        encoding = "utf-8-sig"
    # What was taken for Latin-1 has hardly ever one of the bytes that cp1252 reads otherwise.
    if encoding == "latin-1" and "cp1252" in others:
        encoding = "cp1252"
    return _Kind(
        sample.format, encoding, sample.delimiter, sample.quote, sample.sheet, sample.header_row
    )


def _propose(
    name: str,
    folder: str,
    samples: Sequence[Sample],
    encoding: str | None,
    unit: str | None,
    zone: str,
) -> SourceProposal:
    contents = pool_contents(samples)
    found = map_headers(samples, contents, unit)
    matches, dropped = _drop_what_does_not_nest(found, samples)
    times_of_day = propose_times_of_day(matches, samples, contents)
    used = {header for match in matches for header in match.headers}
    used |= {header for headers in times_of_day.value.values() for header in headers}
    names = tuple(h for h in contents if plain(h) in NAMES and h not in used)
    unused = {h: _why_unused(h, contents[h]) for h in contents if h not in used} | dropped
    unused |= {h: "holds lists or tables" for sample in samples for h in sample.nested}
    ordered = tuple(m for c in ticket_columns() for m in matches if m.column == c)
    seen = {marker for h in used for marker in contents[h].counts if marker in MISSING}
    first = samples[0].encoding
    guess = None
    if first is not None and encoding is not None:
        own = [s.encoding for s in samples if s.encoding and s.encoding.value == encoding]
        seen_first = max(own, key=lambda told: told.check, default=first)
        guess = Guess(encoding, seen_first.why, seen_first.check)
    moments = {
        match.column: [contents[header] for header in match.headers]
        for match in ordered
        if match.column in ticket_columns("time")
    }
    moments |= {
        day.column: [Contents(joined_cells(s, day.headers, times, seen)) for s in samples]
        for day in ordered
        if (times := times_of_day.value.get(day.column))
    }
    return SourceProposal(
        name,
        _glob(folder, [sample.path for sample in samples]),
        folder,
        tuple(samples),
        contents,
        ordered,
        propose_times(moments, zone),
        times_of_day,
        guess,
        ("", *sorted(seen)),
        unused,
        names,
    )


def _drop_what_does_not_nest(
    matches: Sequence[Match], samples: Sequence[Sample]
) -> tuple[list[Match], dict[str, str]]:
    """Leave districts out across whose borders streets lie: a unit is in one district only."""
    by_column = {match.column: match for match in matches}
    if not {"district", "street"} <= set(by_column):
        return list(matches), {}
    inside: dict[str, dict[str, int]] = {}
    for sample in samples:
        pair = [
            next((h for h in by_column[c].headers if h in sample.columns), None)
            for c in ("street", "district")
        ]
        if pair[0] is not None and pair[1] is not None:
            for street, district in zip(
                sample.columns[pair[0]], sample.columns[pair[1]], strict=True
            ):
                if street and district:
                    counts = inside.setdefault(street, {})
                    counts[district] = counts.get(district, 0) + 1
    total = sum(sum(counts.values()) for counts in inside.values())
    own = sum(max(counts.values()) for counts in inside.values())
    if total == 0 or own >= NESTED_SHARE * total:
        return list(matches), {}
    why = "its areas cut across those of the unit, which must be in one district each"
    dropped = dict.fromkeys(by_column["district"].headers, why)
    return [match for match in matches if match.column != "district"], dropped


def _why_unused(header: str, contents: Contents) -> str:
    name = plain(header)
    if name in NAMES:
        return "people's names, which are never kept"
    if contents.is_personal or PERSONAL.search(name) or PERSONAL_HEADERS.search(header):
        return "may tell who or where somebody is, and is not kept"
    if contents.filled == 0:
        return "empty in the samples"
    if contents.is_time_of_day:
        return "holds times of day, which 'times_of_day' joins to the day of a moment"
    return "not a column of the ticket contract"


def _glob(folder: str, paths: Sequence[Path]) -> Guess[str]:
    """Write names that differ in their numbers only as one pattern."""
    before = f"{folder}/" if folder else ""
    # Years and dates, alone or from one to another.
    patterns = {re.sub(r"\d{4,}(?:[-_.]?\d{2,})*", "*", glob.escape(path.name)) for path in paths}
    if len({path.name for path in paths}) == 1:
        name = glob.escape(paths[0].name)
        if "*" in (pattern := patterns.pop()) and pattern.split(".")[0] != "*":
            return Guess(before + pattern, "Numbers in the file's name may be another in the next.")
        return Guess(before + name)
    if len(patterns) == 1:
        return Guess(before + patterns.pop())
    endings = {"".join(path.suffixes[-2 if path.suffix == ".gz" else -1 :]) for path in paths}
    ending = endings.pop() if len(endings) == 1 else ""
    return Guess(f"{before}*{ending}", "All files of the folder with this ending.")
