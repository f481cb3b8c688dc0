"""The peer in lazy Polars: scanned, landed and checked by its streaming engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

from analysis.bench.ingest.balance import hash_of, read_names, write_tables
from analysis.bench.ingest.rules import (
    ANY_KIND,
    CELL_NAMES,
    COUNTS,
    KINDS,
    NUMBERS,
    QUANTILES,
    TABLES,
    Rules,
)
from analysis.study.schema import Study

__all__ = ["run"]

_MOMENTS = ("opened", "updated", "closed", "due")


def run(study: Study, raw: Path, to: Path, memory: str) -> None:
    """Turn raw tickets into panels; Polars knows no limit of memory."""
    rules = Rules.of(study)
    names, district = read_names(raw)
    landed, cases = to / "landed.parquet", to / "cases.parquet"
    _land(raw, rules).sink_parquet(landed, compression="snappy")
    tickets = pl.scan_parquet(landed)
    checked = _check(tickets, _superseded(tickets), names, district, rules)
    kept = checked.filter(pl.col("step").is_null()).drop("step", "reason", "place")
    kept.sink_parquet(cases, compression="snappy")
    first = pl.col("place").min().over("file")
    aside = tickets.select("place", row=pl.col("place") - first + 2).join(
        checked.filter(pl.col("step").is_not_null()).select(
            "place", "file", "id", "step", "reason"
        ),
        on="place",
    )
    aside.drop("place").sink_parquet(to / "quarantine.parquet", compression="snappy")
    landed.unlink()
    counted = _count_as(pl.scan_parquet(cases), rules)
    handled = {keys: _handled(counted, keys, rules) for keys in TABLES.values()}
    write_tables(_cells(counted, rules), handled, district, rules, to)


def _land(raw: Path, rules: Rules) -> pl.LazyFrame:
    read = pl.scan_csv(
        sorted(raw.glob("hotline_*.csv")),
        # By place, because the header of one column changes.
        has_header=False,
        skip_rows=1,
        schema=dict.fromkeys(CELL_NAMES, pl.String),
        include_file_paths="file",
        row_index_name="place",
    )
    missing = list(rules.missing)
    cells = [_present(pl.col(name).str.strip_chars(), missing).alias(name) for name in CELL_NAMES]
    id_, caller, text = (
        pl.col(name).map_batches(made, return_dtype=pl.String, is_elementwise=True)
        for name, made in (("id", _hide), ("caller", _hash), ("text", _free))
    )
    says = pl.col("text")
    dropped = pl.any_horizontal(says.str.contains(v, literal=True) for v in rules.dropped_texts)
    return (
        read.with_columns(cells)
        .with_columns(written=pl.col("opened"))
        .with_columns(
            *(_moment(name) for name in _MOMENTS),
            id_,
            caller,
            text,
            pl.col("street").replace(rules.recode),
            pl.col("file").str.split("/").list.last(),
            dropped=dropped.fill_null(False),
        )
        .with_columns(bad_opened=pl.col("written").is_not_null() & pl.col("opened").is_null())
        .drop("written")
    )


def _present(cell: pl.Expr, missing: list[str]) -> pl.Expr:
    return pl.when(~cell.is_in(missing)).then(cell)


def _moment(name: str) -> pl.Expr:
    cell = pl.col(name)
    serial = (cell.cast(pl.Float64, strict=False) * 86_400).round().cast(pl.Int64)
    days = pl.datetime(1899, 12, 30) + pl.duration(seconds=serial)
    return pl.coalesce(
        cell.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us"),
        cell.str.to_datetime("%Y/%m/%d %H:%M", strict=False, time_unit="us"),
        days,
    ).alias(name)


def _hash(callers: pl.Series) -> pl.Series:
    distinct = callers.unique().drop_nulls()
    hashes = pl.Series(hash_of(distinct), dtype=pl.String)
    return callers.replace_strict(distinct, hashes, default=None, return_dtype=pl.String)


def _hide(numbers: pl.Series) -> pl.Series:
    personal = numbers.str.contains(NUMBERS).arg_true()
    return numbers.scatter(personal, hash_of(numbers.gather(personal)))


def _free(texts: pl.Series) -> pl.Series:
    """Look once at each text, and only at those that hold anything for every kind."""
    found = texts.str.contains(ANY_KIND).arg_true()
    freed = texts.gather(found)
    for looks, mark in KINDS:
        freed = freed.str.replace_all(looks, mark)
    return texts.scatter(found, freed)


def _superseded(tickets: pl.LazyFrame) -> pl.DataFrame:
    usable = tickets.filter(pl.col("id").is_not_null(), pl.col("opened").is_not_null())
    repeated = usable.group_by(pl.col("id").hash()).len().filter(pl.col("len") > 1).select("id")
    marks = repeated.collect(engine="streaming")["id"]
    several = usable.filter(pl.col("id").hash().is_in(marks.implode())).collect(engine="streaming")
    contents = pl.struct(CELL_NAMES).hash()
    ranked = several.sort(
        "id", "updated", "file", "place", descending=[False, True, True, True], nulls_last=True
    ).with_columns(
        rank=pl.int_range(pl.len()).over("id"), same=contents == contents.first().over("id")
    )
    why = pl.when("same").then(pl.lit("repeated row")).otherwise(pl.lit("earlier version"))
    return ranked.filter(pl.col("rank") > 0).select("place", why=why)


def _check(
    tickets: pl.LazyFrame,
    superseded: pl.DataFrame,
    names: dict[str, str],
    district: dict[str, str],
    rules: Rules,
) -> pl.LazyFrame:
    begin, end, known = map(pd.Timestamp, (rules.begin, rules.end, rules.end_of_data))
    opened, closed, due, status = map(pl.col, ("opened", "closed", "due", "status"))
    channels = {v: name for name, values in rules.initiators.items() for v in values}
    answers = {
        name: dict.fromkeys(yes, True) | dict.fromkeys(no, False)
        for name, (yes, no) in rules.answers.items()
    }
    street, category = pl.col("street"), pl.col("category_1")
    decided = tickets.join(superseded.lazy(), on="place", how="left").with_columns(
        closed=pl.when(((closed < opened) | (closed >= known)).fill_null(False).not_()).then(
            closed
        ),
        due=pl.when((due < opened).fill_null(False).not_()).then(due),
        initiator=_recoded("channel", channels, pl.String),
        unit=_recoded("street", names, pl.String),
        category=category,
        period=opened.dt.truncate("1mo").cast(pl.Date),
        internal=category.is_in(list(rules.internal)).fill_null(False),
        consultation=category.is_in(list(rules.consultation)).fill_null(False),
        is_closed=status.is_in(list(rules.closed)),
        **{name: _recoded(name, given, pl.Boolean) for name, given in answers.items()},
    )
    unit, initiator, why = map(pl.col, ("unit", "initiator", "why"))
    strange = status.is_in([*rules.open, *rules.closed]).not_()
    void, nowhere = status.is_in(list(rules.void)), street.is_in(list(rules.not_a_unit))
    reasons: list[tuple[pl.Expr, str, pl.Expr | str]] = [
        (pl.col("bad_opened"), "read", "time:opened"),
        (pl.col("id").is_null(), "identify", "no id"),
        (opened.is_null(), "identify", "no time of opening"),
        (why.is_not_null(), "versions", why),
        (opened >= known, "validate", "opened in the future"),
        ((opened < begin) | (opened >= end), "validate", "outside the covered months"),
        (initiator.is_null(), "codes", "unknown initiator"),
        (void, "codes", "void"),
        (strange, "codes", "unknown status"),
        (pl.col("dropped"), "flags", "test_case"),
        (street.is_null(), "places", "no unit"),
        (nowhere, "places", "not a unit"),
        (unit.is_null(), "places", "unknown unit"),
    ]
    return decided.with_columns(
        step=_first_that_holds([(holds, step) for holds, step, _ in reasons]),
        reason=_first_that_holds([(holds, reason) for holds, _, reason in reasons]),
        district=unit.replace_strict(district, default=pl.col("district")),
    ).drop("bad_opened", "dropped", "why")


def _recoded(name: str, values: dict[str, Any], kind: type[pl.DataType]) -> pl.Expr:
    return pl.col(name).replace_strict(values, default=None, return_dtype=kind)


def _first_that_holds(cases: list[tuple[pl.Expr, pl.Expr | str]]) -> pl.Expr:
    found = pl.lit(None, pl.String)
    for holds, value in reversed(cases):
        then = value if isinstance(value, pl.Expr) else pl.lit(value)
        found = pl.when(holds).then(then).otherwise(found)
    return found


def _count_as(cases: pl.LazyFrame, rules: Rules) -> pl.DataFrame:
    resident = (pl.col("initiator") == "resident") & ~pl.col("internal")
    proactive = (pl.col("initiator") == "proactive") & ~pl.col("internal")
    question, closed, due = pl.col("consultation"), pl.col("closed"), pl.col("due")
    complaint, window = resident & ~question, rules.follow_up_seconds
    taken = (closed - pl.col("opened")).dt.total_seconds()
    followed = complaint & (pl.col("period") <= pd.Timestamp(rules.last_followed).date())
    unknown = pl.col("is_closed") & closed.is_null()
    within = pl.when("is_closed").then(pl.min_horizontal(taken, window)).otherwise(window)
    asked = pl.any_horizontal(pl.col(name).is_not_null() for name in rules.answers)
    return cases.select(
        pl.col("unit", "category").cast(pl.Categorical),
        "period",
        "caller",
        moment=pl.col("opened").dt.epoch("s"),
        complaints=complaint,
        consultations=resident & question,
        proactive_cases=proactive & ~question,
        surveyed=complaint & asked,
        **{name: complaint & pl.col(name).fill_null(False) for name in rules.answers},
        with_deadline=complaint & due.is_not_null(),
        on_time=complaint & (closed <= due).fill_null(False),
        within=pl.when(followed & ~unknown).then(within.cast(pl.Int32)),
    ).collect(engine="streaming")


def _cells(counted: pl.DataFrame, rules: Rules) -> pd.DataFrame:
    keys = ["unit", "category", "period"]
    callers = counted.lazy().filter(pl.col("complaints"), pl.col("caller").is_not_null())
    ordered = callers.select(
        *keys, "moment", pl.col("caller").str.to_integer(base=16, dtype=pl.UInt64)
    ).sort("caller", "category", "moment", pl.col("unit").cast(pl.String))
    same = (pl.col("caller") == pl.col("caller").shift()) & (
        pl.col("category") == pl.col("category").shift()
    )
    soon = pl.col("moment") - pl.col("moment").shift() <= rules.repeat_seconds
    repeats = (
        ordered.with_columns(repeat=same & soon)
        .group_by(keys)
        .agg(repeat_complaints=pl.col("repeat").sum())
    )
    sums = counted.lazy().group_by(keys).agg(pl.col(COUNTS).sum())
    return _as_pandas(sums.join(repeats, on=keys, how="left").collect())


def _handled(counted: pl.DataFrame, keys: tuple[str, ...], rules: Rules) -> pd.DataFrame:
    within = pl.col("within")
    found = (
        counted.lazy()
        .filter(within.is_not_null())
        .group_by(keys)
        .agg(
            followed=pl.len(),
            closed_within=(within < rules.follow_up_seconds).sum(),
            **{
                name: within.quantile(part / whole, interpolation="linear")
                for name, (part, whole) in QUANTILES.items()
            },
        )
    )
    return _as_pandas(found.collect())


def _as_pandas(table: pl.DataFrame) -> pd.DataFrame:
    texts = table.with_columns(pl.col(pl.Categorical).cast(pl.String))
    columns = {name: texts[name].to_list() for name in texts.columns}
    found = pd.DataFrame(columns)
    return found.assign(period=pd.to_datetime(found["period"]))
