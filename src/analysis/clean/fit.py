"""Check that what a study asks for can be made from what its sources have, before reading them."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.contract.columns import COLUMNS, count_columns, key_columns
from analysis.contract.measures import MEASURES, measure
from analysis.errors import Problem, StudyError, did_you_mean, listing
from analysis.study.levels import Level
from analysis.study.schema import Study
from analysis.study.sources import Source
from analysis.study.tickets import TicketTable

__all__ = ["check_fit", "report_columns"]


def check_fit(study: Study) -> None:
    """Stop if a source or a level of a study contradicts itself.

    Parameters
    ----------
    study
        A study whose keys and types are valid; here it is asked whether they go together.

    Raises
    ------
    StudyError
        If a source lacks a column that identifies its rows, or names one that no report can
        give; or a level needs columns, categories, a register or an adoption table that the
        study does not have. All problems are reported together.
    """
    problems = [
        Problem(what, f"{study.name}.toml, source {source.name!r}", hint)
        for source in study.source
        for what, hint in _source_problems(source)
    ]
    problems += [
        Problem(what, f"{study.name}.toml, level {level.name!r}", hint)
        for level in study.level
        for what, hint in _level_problems(study, level)
    ]
    if problems:
        raise StudyError(f"the study {study.name!r} cannot be carried out as it is", problems)


def report_columns(study: Study, source: Source | TicketTable) -> set[str]:
    """Name the counts that a source's cleaned table has."""
    if isinstance(source, TicketTable):
        assert study.tickets is not None
        return set(study.tickets.counts)
    if source.initiators is not None:
        who = source.initiators
        return {*who.resident.values(), *who.proactive.values(), *who.system.values()}
    read = set(source.headers) & {*count_columns(), "population"}
    return read | {given.count for given in source.from_rate}


def _source_problems(source: Source) -> Iterator[tuple[str, str]]:
    given = {*source.headers, *source.constants}
    for name in dict.fromkeys(["unit", "district", "period", *source.keys]):
        if name not in given:
            yield f"there is no {name!r}", "name it under 'headers' or 'constants'"
    rates = {given.rate for given in source.from_rate}
    counts = set() if source.initiators is not None else {*count_columns(), "population"}
    readable = {*key_columns(), *counts, *rates}
    for name in source.headers:
        if name in readable:
            continue
        if name in {m.name for m in MEASURES if m.scale == "share"}:
            yield f"{name!r} is a rate, and rates are derived", "say in 'from_rate' of what"
        else:
            yield f"{name!r} is not read under a header", did_you_mean(name, readable)
    for wanted in source.from_rate:
        for name in (wanted.rate, wanted.of):
            if name not in source.headers:
                yield (
                    f"{wanted.count!r} is worked out from {name!r}, which has no header",
                    ("name it under 'headers'"),
                )


def _level_problems(study: Study, level: Level) -> Iterator[tuple[str, str]]:
    base = level if level.aggregate is None else study.get_level(level.aggregate)
    if base.source is None:
        yield f"level {base.name!r} is itself summed from another", "sum a level with a 'source'"
        return
    source = study.get_table(base.source)
    rows = (
        ["unit"] if level.aggregate else [k for k in source.keys if k not in {"district", "period"}]
    )
    if set(level.unit) != set(rows):
        what = f"'unit' is {listing(level.unit)} but a row is one {listing(rows)} and month"
        yield what, f"write unit = {rows}".replace("'", '"')
    if level.aggregate and "category" in source.keys:
        yield "a level by category cannot be summed within districts", "give it its own source"
    if level.keep is not None and "category" not in source.keys:
        yield "'keep' is about categories, which the source does not have", "delete 'keep'"
    if level.categories and "category" not in study.get_table(level.categories).keys:
        yield f"source {level.categories!r} has no categories", "name one with key 'category'"
    if level.treatment == "coverage" and level.aggregate is None:
        yield (
            "coverage is worked out when a level is summed",
            "write 'aggregate' or another treatment",
        )
    if (level.treatment == "adoption" or level.aggregate) and study.adoption is None:
        yield "the study has no adoption table", "add the table 'adoption'"
    if level.aggregate and study.register is None:
        yield "the study has no register, which gives the population", "add the table 'register'"
    columns = report_columns(study, source)
    for needed in COLUMNS:
        if needed.kind == "count" and needed.need == "always" and needed.name not in columns:
            yield f"every panel needs {needed.name!r}: {needed.source}", _where_named(source)
    for outcome in level.outcomes:
        absent = [name for name in measure(outcome).needs if name not in columns]
        if level.aggregate and measure(outcome).scale in {"days", "log"}:
            what = f"{outcome!r} of a district does not follow from those of its parts"
            yield what, f"take it out of 'outcomes', or ask for it on level {base.name!r}"
        elif outcome == "targeting" and level.categories is None:
            yield "'targeting' needs cases by category", "name their source under 'categories'"
        elif absent:
            yield (
                f"{outcome!r} needs {listing(absent)}, which the source does not have",
                (f"it has {listing(sorted(columns))}"),
            )
    if level.dose is not None and level.dose.column not in columns:
        yield f"the dose needs {level.dose.column!r}", did_you_mean(level.dose.column, columns)


def _where_named(source: Source | TicketTable) -> str:
    if isinstance(source, TicketTable):
        return "name the columns of the tickets that it is counted from under 'headers'"
    table = "headers" if source.initiators is None else "initiators"
    return f"name it under {table!r} of source {source.name!r}"
