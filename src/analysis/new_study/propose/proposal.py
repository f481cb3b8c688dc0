"""All that a study file will say of the samples, with a reason for each guess."""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.errors import DataError, ParameterError, Problem, listing
from analysis.new_study.guess import Guess
from analysis.new_study.look.sample import Sample
from analysis.new_study.propose.cases import FOLLOW_UP_DAYS, REPEAT_DAYS
from analysis.new_study.propose.categories import look_by_category
from analysis.new_study.propose.codes import propose_no_unit
from analysis.new_study.propose.levels import propose_levels
from analysis.new_study.propose.periods import (
    openings_and_all,
    propose_extracted,
    propose_months,
)
from analysis.new_study.propose.source_table import source_tables
from analysis.new_study.propose.sources import (
    UNPUBLISHED,
    SourceProposal,
    pooled,
    propose_sources,
)
from analysis.new_study.propose.table import Table, Value
from analysis.study.access import Disclosure

__all__ = ["Proposal", "Wishes", "propose_study"]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user says of the study.

    Attributes
    ----------
    name, title, title_zh, place
        As in a study file; the last three follow from the name if empty.
    zone
        The time zone, or None to guess it by the script of the headers.
    unit
        The panel's unit: a header, ``district`` or ``street``; or None to guess it.
    today
        A day after which nothing can have happened yet.
    restricted
        Whether the tickets must not leave the machine.
    """

    name: str
    title: str = ""
    title_zh: str = ""
    place: str = ""
    zone: str | None = None
    unit: str | None = None
    today: date = date.max
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the study file will say.

    Attributes
    ----------
    sources
        What was seen, by source.
    tables
        The file's tables, in its order.
    """

    sources: tuple[SourceProposal, ...]
    tables: tuple[Table, ...]


def propose_study(samples: Sequence[Sample], wishes: Wishes) -> Proposal:
    """Propose a study file.

    Parameters
    ----------
    samples
        What was seen of each file.
    wishes
        What the user says.

    Raises
    ------
    DataError
        If no header can be the number of a case, its opening or its unit.
    ParameterError
        If the time zone can be guessed from nothing, or the unit is no header.
    """
    zone = _zone(samples, wishes.zone)
    _check_unit(samples, wishes.unit)
    sources = propose_sources(samples, wishes.unit, zone.value)
    _check_columns(sources)
    unit = _unit(sources, wishes.unit)
    place = wishes.place or wishes.title or _title(wishes.name)
    whole = all(sample.whole for sample in samples)
    opened, latest = openings_and_all(sources, zone.value, wishes.today)
    first, last = propose_months(opened, latest, whole=whole)
    read = look_by_category(
        sources,
        unit.value,
        zone.value,
        months=len(pd.period_range(first.value, last.value, freq="M")),
        whole=whole,
        stands_for=_stands_for(samples),
    )
    sources, category = read.sources, read.category
    top: dict[str, Guess[Value]] = {
        "name": Guess(wishes.name),
        "title_en": Guess(wishes.title or _title(wishes.name)),
        "title_zh": Guess(wishes.title_zh or wishes.title or _title(wishes.name)),
        "place_en": Guess(place),
        "simulated": Guess(False),
        **_report(wishes),
        "first_period": first,
        "last_period": last,
        "bootstrap_seed": Guess(
            zlib.crc32(wishes.name.encode()) % 10_000,
            "The random numbers of the wild cluster bootstrap; any whole number will do.",
        ),
    }
    tickets: dict[str, Guess[Value]] = {
        "zone": zone,
        "extracted": Guess(
            propose_extracted(latest, whole=whole),
            "From the latest moment in the samples. Write the day on which the data were taken: "
            "what comes later is taken for an error.",
            check=True,
        ),
        "unit": unit,
        "category": category,
    }
    if nowhere := propose_no_unit(sources, unit.value):
        tickets["not_a_unit"] = Guess(nowhere, "Values of the unit's column that are no place.")
    tickets["follow_up_days"] = Guess(
        FOLLOW_UP_DAYS, "Each case is followed for so many days, so that months compare."
    )
    tickets["repeat_days"] = Guess(
        REPEAT_DAYS, "A complaint of the same caller and category within so many days repeats it."
    )
    constants = {
        "district": place,
        "street": place,
        "channel": UNPUBLISHED,
        "category_1": "all",
    }
    constants = {
        column: value
        for column, value in constants.items()
        if column in {"district", unit.value, category.value, "channel"}
    }
    tables = [
        Table("", top),
        *([_disclosure()] if wishes.restricted else []),
        Table("tickets", tickets),
        *(t for s in sources for t in source_tables(s, constants, set(read.answers), unit.value)),
        *read.codes,
        _privacy(sources),
        *propose_levels(read.panel),
    ]
    return Proposal(sources, tuple(tables))


def _stands_for(samples: Sequence[Sample]) -> float | None:
    """Say how many rows of the files each row that was looked at stands for."""
    totals = [sample.total for sample in samples]
    known = [total for total in totals if total is not None]
    return sum(known) / sum(s.rows for s in samples) if len(known) == len(totals) else None


def _report(wishes: Wishes) -> dict[str, Guess[Value]]:
    if wishes.restricted:
        # A run on restricted data makes a report in any case, beside what else may be published.
        return {}
    return {"report": Guess(True, f"Its results go into paper/reports/{wishes.name}.pdf.")}


def _disclosure() -> Table:
    why = "Fewer cases, people, rows or units than this are not told in what may be published."
    return Table("disclosure", {"threshold": Guess(Disclosure().threshold, why)})


def _title(name: str) -> str:
    return name.replace("_", " ").title()


def _zone(samples: Sequence[Sample], told: str | None) -> Guess[str]:
    if told is not None:
        return Guess(told)
    headers = "".join(header for sample in samples for header in sample.columns)
    if any(unicodedata.name(sign, "").startswith("CJK UNIFIED") for sign in headers):
        why = "Guessed from Chinese headers; another place that writes Chinese has its own zone."
        return Guess("Asia/Shanghai", why)
    hint = "name it with --zone, such as --zone America/New_York or --zone Asia/Shanghai"
    problem = Problem("nothing in the samples tells the city's time zone", "--zone", hint)
    raise ParameterError("a study cannot be made from the samples", [problem])


def _check_unit(samples: Sequence[Sample], unit: str | None) -> None:
    headers = list(dict.fromkeys(header for sample in samples for header in sample.columns))
    if unit is not None and unit not in {*headers, "district", "street"}:
        hint = f"headers are {listing(headers)}"
        problem = Problem(f"no sample has a column {unit!r}", "--unit", hint)
        raise ParameterError("a study cannot be made from the samples", [problem])


def _check_columns(sources: Sequence[SourceProposal]) -> None:
    problems = []
    for source in sources:
        where = ", ".join(sample.path.name for sample in source.samples)
        headers = f"headers are {listing(source.contents)}"
        lacking = {
            "id": "no column holds a number of its own for each case",
            "opened": "no column tells when a case was opened",
        }
        for column, what in lacking.items():
            if not source.has(column):
                problems.append(Problem(what, where, f"{headers}; add or rename one"))
            elif column in source.optional:
                hint = "rename the headers so that both files call it alike"
                problems.append(Problem(f"{what} in some of these files", where, hint))
        if not source.has("district") and not source.has("street"):
            hint = f"{headers}; name the column with --unit"
            problems.append(Problem("no column tells the district or street", where, hint))
    if problems:
        raise DataError("a study cannot be made from the samples", problems)


def _unit(sources: Sequence[SourceProposal], told: str | None) -> Guess[str]:
    if told is not None:
        unit = "district" if told == "district" else "street"
        if not any(source.has(unit) for source in sources):
            hint = "name the header of the column instead"
            problem = Problem(f"no header was found to be the {unit}", "--unit", hint)
            raise ParameterError("a study cannot be made from the samples", [problem])
        return Guess(unit, "As --unit says.")
    unit = "street" if all(source.has("street") for source in sources) else "district"
    areas = len(pooled(sources, unit).counts)
    return Guess(
        unit,
        f"The smallest area that the files have: {areas} in the samples. A larger one is district."
        if unit == "street"
        else f"The only area: {areas} in the samples.",
        check=areas < 2,
    )


def _privacy(sources: Sequence[SourceProposal]) -> Table:
    names = tuple(dict.fromkeys(name for source in sources for name in source.names))
    keys: dict[str, Guess[Value]] = {
        "text": Guess(
            "drop",
            'Free text is not kept. To keep it without numbers and names: text = "strip", and a '
            "header for text under the source's headers.",
        )
    }
    if names:
        keys["names"] = Guess(names, "Columns of people's names: never kept.")
    return Table("tickets.privacy", keys)
