"""The peer in straight DuckDB SQL: land once as Parquet, find old versions, check, count."""

from __future__ import annotations

from pathlib import Path

from analysis.bench.ingest.duckdb_parts import (
    connect,
    landing_sql,
    list_sql,
    reading_sql,
    text_sql,
)
from analysis.bench.ingest.rules import COLUMNS, COUNTS, QUANTILES, TABLES, Rules
from analysis.study.schema import Study

__all__ = ["run"]


def run(study: Study, raw: Path, to: Path, memory: str) -> None:
    """Turn raw tickets into panels; see `analysis.bench.ingest.contestants.Run`."""
    rules = Rules.of(study)
    landed, cases = to / "landed.parquet", to / "cases.parquet"
    with connect(to, memory) as database:

        def execute(statement: str) -> None:
            database.execute(statement)

        execute(f"COPY ({landing_sql(rules, reading_sql(raw))}) TO {text_sql(landed)}")
        execute(_superseded(landed))
        execute(_names(raw))
        execute(_checked(rules, landed))
        kept = "SELECT * EXCLUDE (step, reason) FROM checked WHERE step IS NULL"
        execute(f"COPY ({kept}) TO {text_sql(cases)}")
        aside = "SELECT file, row, id, step, reason FROM checked WHERE step IS NOT NULL"
        execute(f"COPY ({aside}) TO {text_sql(to / 'quarantine.parquet')}")
        landed.unlink()
        execute(_complaints(rules, cases))
        execute(_repeats(rules, cases))
        execute(_cells(rules, cases))
        for table, keys in TABLES.items():
            target = text_sql(to / f"{table}.csv")
            execute(f"COPY ({_panel(rules, raw, keys)}) TO {target} (HEADER)")


def _superseded(landed: Path) -> str:
    """Only rows whose number comes more than once are sorted; hashes find them in little memory."""
    return f"""
    CREATE TABLE superseded AS
    WITH usable AS (
        SELECT id, updated, contents, file_row_number AS place
        FROM read_parquet({text_sql(landed)}, file_row_number = true)
        WHERE id IS NOT NULL AND opened IS NOT NULL
    ),
    repeated AS (
        SELECT hash(id) AS mark FROM usable GROUP BY mark HAVING count(*) > 1
    ),
    ranked AS (
        SELECT place, contents, row_number() OVER latest AS rank,
            first_value(contents) OVER latest AS kept
        FROM usable WHERE hash(id) IN (SELECT mark FROM repeated)
        -- Files were landed in the order of their names, so the place tells the later file, too.
        WINDOW latest AS (PARTITION BY id ORDER BY updated DESC NULLS LAST, place DESC)
    )
    SELECT place,
        CASE WHEN contents = kept THEN 'repeated row' ELSE 'earlier version' END AS reason
    FROM ranked WHERE rank > 1
    """


def _names(raw: Path) -> str:
    """Every name that a street has had, with the street of today."""
    return f"""
    CREATE TABLE register AS SELECT * FROM read_csv({text_sql(raw / "register.csv")});
    CREATE TABLE names AS
    WITH RECURSIVE changes AS (
        SELECT former_unit, unit FROM read_csv({text_sql(raw / "crosswalk.csv")})
        WHERE former_unit <> unit
    ),
    trail AS (
        SELECT unit AS name, unit, district FROM register
        UNION ALL
        SELECT changes.former_unit, trail.unit, trail.district
        FROM changes JOIN trail ON changes.unit = trail.name
    )
    SELECT name AS known_name, unit AS known_unit, district AS known_district FROM trail
    """


def _checked(rules: Rules, landed: Path) -> str:
    end = f"TIMESTAMP '{rules.end_of_data}'"
    answers = ",\n".join(
        f"CASE WHEN {name} IN {list_sql(yes)} THEN true WHEN {name} IN {list_sql(no)} "
        f"THEN false END AS {name}"
        for name, (yes, no) in rules.answers.items()
    )
    initiators = " ".join(
        f"WHEN channel IN {list_sql(values)} THEN '{name}'"
        for name, values in rules.initiators.items()
    )
    known = [*rules.open, *rules.closed]
    return f"""
    CREATE VIEW checked AS
    WITH files AS (
        SELECT file AS first_file, min(file_row_number) AS first
        FROM read_parquet({text_sql(landed)}, file_row_number = true) GROUP BY file
    ),
    decided AS (
        SELECT * EXCLUDE (closed, due),
            -- The header is row 1.
            file_row_number - first + 2 AS row,
            CASE WHEN closed < opened OR closed >= {end} THEN NULL ELSE closed END AS closed,
            CASE WHEN due < opened THEN NULL ELSE due END AS due,
            CASE {initiators} END AS initiator
        FROM read_parquet({text_sql(landed)}, file_row_number = true) AS tickets
        LEFT JOIN superseded ON tickets.file_row_number = superseded.place
        LEFT JOIN names ON tickets.street = names.known_name
        JOIN files ON tickets.file = files.first_file
    ),
    marked AS (
        SELECT *, CASE
            WHEN bad_opened THEN 'read'
            WHEN id IS NULL OR opened IS NULL THEN 'identify'
            WHEN reason IS NOT NULL THEN 'versions'
            WHEN opened >= {end} OR opened < TIMESTAMP '{rules.begin}'
                OR opened >= TIMESTAMP '{rules.end}' THEN 'validate'
            WHEN initiator IS NULL OR status NOT IN {list_sql(known)} THEN 'codes'
            WHEN dropped THEN 'flags'
            WHEN known_unit IS NULL THEN 'places'
            END AS step
        FROM decided
    )
    SELECT file, row, id, opened, updated, closed, due,
        coalesce(known_district, district) AS district, street, category_1, category_2, channel,
        caller, status, text, coalesce(known_unit, street) AS unit, category_1 AS category,
        date_trunc('month', opened)::DATE AS period, initiator,
        coalesce(category_1 IN {list_sql(rules.internal)}, false) AS internal,
        coalesce(category_1 IN {list_sql(rules.consultation)}, false) AS consultation,
        {answers},
        status IN {list_sql(rules.closed)} AS is_closed,
        step,
        CASE step
            WHEN 'read' THEN 'time:opened'
            WHEN 'identify' THEN CASE WHEN id IS NULL THEN 'no id' ELSE 'no time of opening' END
            WHEN 'versions' THEN reason
            WHEN 'validate' THEN CASE WHEN opened >= {end} THEN 'opened in the future'
                ELSE 'outside the covered months' END
            WHEN 'codes' THEN CASE WHEN initiator IS NULL THEN 'unknown initiator'
                WHEN status IN {list_sql(rules.void)} THEN 'void' ELSE 'unknown status' END
            WHEN 'flags' THEN 'test_case'
            WHEN 'places' THEN CASE WHEN street IS NULL THEN 'no unit'
                WHEN street IN {list_sql(rules.not_a_unit)} THEN 'not a unit'
                ELSE 'unknown unit' END
        END AS reason
    FROM marked
    """


def _complaints(rules: Rules, cases: Path) -> str:
    """Give each case what it counts as; narrow, so that nothing else is read again."""
    window = rules.follow_up_seconds
    return f"""
    CREATE VIEW counted AS
    SELECT unit, category, period, caller, opened,
        initiator = 'resident' AND NOT internal AND NOT consultation AS complaints,
        initiator = 'resident' AND NOT internal AND consultation AS consultations,
        initiator = 'proactive' AND NOT internal AND NOT consultation AS proactive_cases,
        complaints AND (responded IS NOT NULL OR resolved IS NOT NULL OR satisfied IS NOT NULL)
            AS surveyed,
        complaints AND coalesce(responded, false) AS responded,
        complaints AND coalesce(resolved, false) AS resolved,
        complaints AND coalesce(satisfied, false) AS satisfied,
        complaints AND due IS NOT NULL AS with_deadline,
        complaints AND coalesce(closed <= due, false) AS on_time,
        -- A case that was closed at an unknown time takes no part.
        CASE WHEN NOT complaints OR period > DATE '{rules.last_followed}'
                OR (is_closed AND closed IS NULL) THEN NULL
            WHEN NOT is_closed THEN {window}
            ELSE least(date_diff('second', opened, closed), {window}) END::INTEGER AS within
    FROM read_parquet({text_sql(cases)})
    """


def _repeats(rules: Rules, cases: Path) -> str:
    return f"""
    CREATE TABLE repeats AS
    WITH waits AS (
        SELECT unit, category, period, moment - lag(moment) OVER same AS since
        FROM (
            SELECT unit, category, period, ('0x' || caller)::UBIGINT AS caller,
                epoch(opened)::BIGINT AS moment
            FROM counted WHERE complaints AND caller IS NOT NULL
        )
        WINDOW same AS (PARTITION BY caller, category ORDER BY moment, unit)
    )
    SELECT unit, category, period, count(*) AS repeat_complaints
    FROM waits WHERE since <= {rules.repeat_seconds} GROUP BY ALL
    """


def _cells(rules: Rules, cases: Path) -> str:
    sums = ", ".join(f"count(*) FILTER ({name}) AS {name}" for name in COUNTS)
    handled = f"""count(within) AS followed,
        count(*) FILTER (within < {rules.follow_up_seconds}) AS closed_within,
        quantile_cont(within, [0.5, 0.9]) AS quantiles"""
    return f"""
    CREATE TABLE cells AS
    SELECT unit, category, period, {sums}, {handled} FROM counted GROUP BY ALL;
    CREATE TABLE handled_by_unit AS
    SELECT unit, period, {handled} FROM counted GROUP BY ALL;
    """


def _panel(rules: Rules, raw: Path, keys: tuple[str, ...]) -> str:
    """Balance a table: every unit, or every category seen in it, in every month with tickets."""
    names = ", ".join(keys)
    sums = ", ".join(f"sum({name}) AS {name}" for name in (*COUNTS, "repeat_complaints"))
    cells = "(SELECT * FROM cells WHERE complaints + consultations + proactive_cases > 0)"
    seen = f"(SELECT DISTINCT unit, category FROM {cells})"
    rows = f"register JOIN {seen} USING (unit)" if "category" in keys else "register"
    handled = "cells" if "category" in keys else "handled_by_unit"
    filled = {name: f"coalesce({name}, 0)::BIGINT" for name in COUNTS}
    filled["repeat_complaints"] = (
        f"CASE WHEN period >= DATE '{rules.first_with_history}' "
        "THEN coalesce(repeat_complaints, 0)::BIGINT END"
    )
    filled["on_time"] = (
        f"CASE WHEN period <= DATE '{rules.last_followed}' THEN {filled['on_time']} END"
    )
    # A quantile is known if the case above it was closed within the window.
    for place, (name, (part, whole)) in enumerate(QUANTILES.items(), start=1):
        filled[name] = (
            f"CASE WHEN ((followed - 1) * {part} + {whole - 1}) // {whole} < closed_within "
            f"THEN quantiles[{place}] / 86400 END"
        )
    columns = ", ".join(f"{filled[name]} AS {name}" for name in COLUMNS)
    category = "category, " if "category" in keys else ""
    return f"""
    WITH sums AS (
        SELECT {names}, {sums}
        FROM {cells} LEFT JOIN repeats USING (unit, category, period) GROUP BY {names}
    ),
    months AS (SELECT DISTINCT period FROM cells)
    SELECT unit, district, {category}strftime(period, '%Y-%m') AS period, {columns}
    FROM {rows} CROSS JOIN months
    LEFT JOIN sums USING ({names})
    LEFT JOIN (SELECT {names}, followed, closed_within, quantiles FROM {handled}) USING ({names})
    ORDER BY {names}
    """
