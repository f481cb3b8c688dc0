"""Whatever happens to the bytes of a good file, no row is lost unheard and no case is made up."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import CompendiumError

# A place in the file as a share of its length, what is done there, and with which bytes.
SIGNS = (
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xe5",
    b" ",
    b"0",
    b"\\",
    b"\xef\xbb\xbf",
)
MUTATION = st.tuples(
    st.floats(0, 1, exclude_max=True),
    st.sampled_from(["delete", "double", "insert", "swap"]),
    st.integers(1, 60),
    st.one_of(st.sampled_from(SIGNS), st.binary(min_size=1, max_size=6)),
)


def mutate(content: bytes, mutations: list[tuple[float, str, int, bytes]]) -> bytes:
    for share, kind, length, more in mutations:
        at = int(share * len(content))
        before, here, after = content[:at], content[at : at + length], content[at + length :]
        match kind:
            case "delete":
                content = before + after
            case "double":
                content = before + here + here + after
            case "insert":
                content = before + more + here + after
            case _:
                content = before + here[::-1] + after
    return content


def small(city: Any) -> bytes:
    """Return thirty good tickets."""
    return bytes(city.text(rows=range(30)).encode())


def city_in(folder: str, small_city: Any, riverton: Any) -> Any:
    city = small_city.City(Path(folder) / "city", small_city.small_study(riverton))
    city.tickets(quarantine_limit=1.0)
    return city


MUTATIONS = st.lists(MUTATION, min_size=1, max_size=3)
QUICK = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WHOLE = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUICK
@given(mutations=MUTATIONS)
def test_a_mutated_file_is_refused_or_lands_row_by_row(small_city, riverton, mutations):
    """Catches a traceback, a row that vanishes, and a secret in a message."""
    with tempfile.TemporaryDirectory() as folder:
        city = city_in(folder, small_city, riverton)
        content = mutate(small(city), mutations)
        city.put(content)
        said = ""
        try:
            rows = city.land()
        except CompendiumError as error:
            said = str(error)
        else:
            numbers = sorted(row["row"] for row in rows)
            assert numbers == list(range(2, 2 + len(numbers)))
            assert len(numbers) == count_records(content)
        assert "电梯坏了" not in said
        for secret in small_city.SECRETS:
            assert secret not in said


def count_records(content: bytes) -> int:
    """Count the records below the header with another reader."""
    text = content.decode("utf-8-sig")
    return sum(1 for record in csv.reader(io.StringIO(text, newline="")) if record) - 1


@pytest.mark.slow
@WHOLE
@given(mutations=MUTATIONS)
def test_a_mutated_file_never_gives_cases_that_were_not_there(small_city, riverton, mutations):
    """Catches a wrong panel: more cases than rows, or rows that are in no account."""
    with tempfile.TemporaryDirectory() as folder:
        city = city_in(folder, small_city, riverton)
        content = mutate(small(city), mutations)
        city.put(content)
        try:
            done = city.ingest()
        except CompendiumError:
            assert city.files() == {}
            return
        told = city.accounts()
        steps = told[told["table"] == "hotline"]
        lost = steps[steps["action"].isin(["dropped", "restated"])]["rows"].sum()
        assert done.rows == done.kept + lost == count_records(content)
        table = pd.read_csv(city.made / "ingested" / "tickets.csv")
        counted = table[["complaints", "proactive_cases", "consultations"]].sum().sum()
        assert counted <= done.kept
        ids = {
            record[0]
            for record in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
            if record
        }
        assert counted <= len(ids) - 1 + 3 * len(mutations)
