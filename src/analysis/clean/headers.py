"""Give raw columns the names of the contract, under whatever header they have in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.clean.header_forms import plain_header
from analysis.clean.places import Places, refuse
from analysis.errors import Problem, did_you_mean, listing
from analysis.study.sources import Source

__all__ = ["name_columns"]


def name_columns(files: Mapping[str, pd.DataFrame], source: Source) -> tuple[pd.DataFrame, Places]:
    """Bring the files of a source together under the names of the contract.

    Parameters
    ----------
    files
        File name -> its text cells, as `analysis.clean.text.read_text_table` gives them.
    source
        What the study says about them.

    Returns
    -------
    table : pandas.DataFrame
        All rows, as text: `file`, `row`, the columns of `source.headers`, those of
        `source.initiators` under their own headers, `restated` if the source marks corrections,
        and `source.constants`.
    places : Places
        The way back to the files.

    Raises
    ------
    DataError
        If a file lacks a column under any of its headers, has it under two, or has a header that
        the study does not name. Full-width and half-width characters count as the same,
        and blanks do not count.
    """
    wanted = _wanted_headers(source)
    optional = {"restated"}
    headers: dict[tuple[str, str], str] = {}
    tables: list[pd.DataFrame] = []
    problems: list[Problem] = []
    for file, raw in files.items():
        found = _Found(file, {plain_header(header): header for header in raw.columns})
        named: dict[str, pd.Series] = {}
        for column, accepted in wanted.items():
            matches = found.among(accepted)
            if len(matches) == 1:
                headers[file, column] = matches[0]
                named[column] = raw[matches[0]]
            elif matches or column not in optional:
                problems.append(found.problem(column, accepted, matches))
        problems.extend(found.unknown(wanted, source.ignored))
        tables.append(pd.DataFrame({"file": file, "row": raw.index} | _values(named)))
    refuse(
        f"the columns of source {source.name!r} are not those that the study describes", problems
    )
    table = pd.concat(tables, ignore_index=True).assign(**source.constants)
    return table, Places(headers)


@dataclass(frozen=True, slots=True)
class _Found:
    """The headers of one file, by their plain form."""

    file: str
    headers: Mapping[str, str]

    @property
    def where(self) -> str:
        return f"{self.file}, row 1"

    def among(self, accepted: tuple[str, ...]) -> list[str]:
        plain = dict.fromkeys(plain_header(header) for header in accepted)
        return [self.headers[header] for header in plain if header in self.headers]

    def problem(self, column: str, accepted: tuple[str, ...], matches: list[str]) -> Problem:
        if matches:
            return Problem(
                f"column {column!r} stands under {listing(matches)}",
                self.where,
                "keep one of them in 'headers' and name the other under 'ignored'",
            )
        nearest = did_you_mean(accepted[-1], self.headers.values())
        return Problem(
            f"column {column!r} is missing; its headers may be {listing(accepted)}",
            self.where,
            f"among the headers of the file, {nearest}",
        )

    def unknown(
        self, wanted: Mapping[str, tuple[str, ...]], ignored: tuple[str, ...]
    ) -> list[Problem]:
        named = {header for accepted in wanted.values() for header in accepted} | set(ignored)
        plain = {plain_header(header) for header in named}
        return [
            Problem(
                f"header {header!r} is not named in the study file",
                self.where,
                "if the column is not needed, add its header to 'ignored'; "
                f"{did_you_mean(header, named)}",
            )
            for key, header in self.headers.items()
            if key not in plain
        ]


def _wanted_headers(source: Source) -> dict[str, tuple[str, ...]]:
    wanted = dict(source.headers)
    if source.initiators is not None:
        who = source.initiators
        counts = {name for part in (who.resident, who.proactive, who.system) for name in part}
        wanted |= {name: (name,) for name in (who.column, *sorted(counts))}
    if source.restated is not None:
        wanted["restated"] = (source.restated,)
    return wanted


def _values(named: Mapping[str, pd.Series]) -> dict[str, object]:
    return {column: cells.to_numpy() for column, cells in named.items()}
