"""Personal data in every place where it may stand: none of it is in anything that is made or said.

What is made is searched byte by byte, tables also unpacked, in four encodings.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from analysis.clean.raw_files import write_checksums
from analysis.errors import DataError

REPOSITORY = Path(__file__).parents[2]

# Kind -> as somebody wrote it.
KINDS = {
    "mobile number": "13712345679",
    "mobile number with hyphens": "137-2234-5679",
    "mobile number with the country": "+86 13732345679",
    "mobile number in full-width digits": "１３７４２３４５６７９",
    "landline": "010-82785566",
    "identity number": "110101198003074518",
    "identity number with X": "11010119490307451X",
    "card": "6217002870001234567",
    "plate": "京N12345",
    "plate of an electric car": "京AD12345",
    "e-mail": "zhang.san@mail.example.org",
    "passport": "E12345678",
    "name": "司徒晓明",
}
# A name can be told from other words only by the column that is declared to hold names.
CODES = [kind for kind in KINDS if kind != "name"]
LOCAL = "82785566"
PLACES = (
    "district",
    "street",
    "category_1",
    "channel",
    "status",
    "resolved",
    "duplicate_of",
    "caller",
)


def everything(city: Any) -> str:
    """Return a file in which each kind stands in each column, and all kinds in texts."""
    changes: dict[int, dict[str, str]] = {}
    rows = iter(range(6, 90))
    for place in PLACES:
        for kind in CODES[:: 1 if place in ("street", "category_1") else 2]:
            changes.setdefault(next(rows), {})[place] = KINDS[kind]
    for n, opened in enumerate(("13712345679", "司徒晓明 13712345679", "110101198003074518")):
        changes.setdefault(n, {})["opened"] = opened
    name = KINDS["name"]
    told = "，".join(KINDS.values())
    changes[3] = {"names": f"{name}女士", "text": f"{name}的父亲{name}说：{told}。\n{told}"}
    changes[4] = {"names": name, "text": told, "caller": name}
    return str(city.text(changes))


@pytest.fixture
def search(city, small_city, capfd, caplog):
    """Search all that was made and said."""
    caplog.set_level(logging.DEBUG)

    def find(*said: str) -> list[str]:
        secrets = (*small_city.SECRETS, *KINDS.values())
        told = (*said, caplog.text, *capfd.readouterr())
        return list(small_city.find_secrets(city, *told, secrets=secrets))

    return find


def test_the_search_finds_what_is_there(city, small_city, search):
    """Catches a search that would find nothing in any case."""
    for n, encoding in enumerate(("utf-8", "gb18030", "utf-16")):
        path = city.root / ".cache" / f"{n}.txt"
        path.write_bytes(KINDS["name"].encode(encoding))
    found = search(KINDS["e-mail"])
    assert [place for place in found if "said 0" in place]
    for n, encoding in enumerate(("utf-8", "gb18030", "utf-16-le")):
        assert f"{KINDS['name']} in .cache/{n}.txt, {encoding}" in found


def test_nothing_is_found_after_an_ingest(city, search):
    """Catches a column, a log, an account or a cache that nobody thought of."""
    city.tickets(quarantine_limit=1.0)
    city.put(everything(city))
    done = city.ingest()
    assert done.rows == 90
    assert search(repr(done)) == []


def test_nothing_is_found_after_the_study_drops_texts(city, search):
    """Catches names that are only taken out on the way to the text."""
    privacy, flags = city.study.tickets.privacy, city.study.tickets.flag
    without = tuple(flag for flag in flags if flag.column != "text")
    city.tickets(privacy=replace(privacy, text="drop"), flag=without, quarantine_limit=1.0)
    city.put(everything(city))
    city.ingest()
    assert search() == []


@pytest.mark.parametrize("place", ["channel", "status", "resolved", "street"])
def test_unknown_values_in_a_message_are_not_personal(city, search, place):
    """Catches a telephone number that is shown because it is an unknown code that comes often."""
    values = [*[KINDS["mobile number"]] * 20, *[KINDS["e-mail"]] * 15, *[LOCAL] * 12, "不明"]
    values += [KINDS[kind] for kind in CODES]
    city.tickets(quarantine_limit=0.0)
    city.put(city.text({n: {place: value} for n, value in enumerate(values)}))
    with pytest.raises(DataError) as caught:
        city.ingest()
    said = str(caught.value)
    assert "'〔电话〕' (" in said
    assert "'〔邮箱〕' (" in said
    assert LOCAL not in said
    assert search(said, repr(caught.value.__context__)) == []


def test_a_rare_value_is_not_told(city, search):
    """Catches a name that was written into the column of channels."""
    city.tickets(quarantine_limit=0.0)
    city.put(city.text({n: {"channel": ("传真", KINDS["name"])[n // 12]} for n in range(21)}))
    with pytest.raises(DataError) as caught:
        city.ingest()
    assert "'传真' (12 rows)" in str(caught.value)
    assert KINDS["name"] not in str(caught.value)


@pytest.mark.parametrize("step", [1, -1])
def test_rows_shifted_by_one_column_tell_nothing(city, search, step):
    """Catches what stands in a column whose cells nobody expects to be personal."""
    heads, *lines = city.text(
        {n: {"text": f"请回电{KINDS['mobile number']}", "names": ""} for n in range(30)}
    ).splitlines()
    for n in range(30):
        cells = lines[n].split(",")
        lines[n] = ",".join(cells[-step:] + cells[:-step])
    city.tickets(quarantine_limit=1.0)
    city.put("\n".join([heads, *lines]) + "\n")
    city.ingest()
    assert search() == []


def test_a_header_that_is_personal_is_not_told(city, search):
    """Catches the account of a file that lists its headers."""
    heads, *lines = city.text().splitlines()
    city.put("\n".join([f"{heads},联系13712345679", *(line + "," for line in lines)]))
    city.ingest()
    assert search() == []
    assert "联系〔电话〕" in city.files()["provenance.json"].decode()


def test_numbers_of_cases_that_are_telephone_numbers_stay_cases(city, search):
    """Catches telephone numbers on the disk, and cases that become one when they are hidden."""
    city.put(city.text({n: {"id": f"137123456{n:02d}"} for n in range(90)}))
    city.ingest()
    assert city.counted() == city.expected()
    assert search() == []


@pytest.mark.slow
@pytest.mark.end_to_end
def test_nothing_is_found_in_the_notebook_that_cleans(riverton_files, small_city, tmp_path):
    """Catches a number that a notebook shows, in the executed copy or the page for reading."""
    studies, raw = tmp_path / "notebooks" / "studies", tmp_path / "data" / "raw"
    studies.mkdir(parents=True)
    raw.mkdir(parents=True)
    for name in ("pyproject.toml", "requirements.txt", "notebooks/01_clean.py"):
        shutil.copyfile(REPOSITORY / name, tmp_path / name)
    described = Path(__file__).with_name("riverton.toml").read_text(encoding="utf-8")
    limit = "[tickets]\nquarantine_limit = 0.05\n"
    (studies / "riverton.toml").write_text(described.replace("[tickets]\n", limit, 1), "utf-8")
    riverton_files.write_riverton(raw)
    # The notebook also wants to know how many people live in a unit.
    register = raw / "riverton" / "register.csv"
    heads, *units = register.read_text(encoding="utf-8").splitlines()
    lines = [f"{heads},population", *(f"{unit},20000" for unit in units)]
    register.write_text("\n".join(lines), encoding="utf-8")
    write_checksums(raw)
    done = subprocess.run(
        [sys.executable, "-m", "analysis.cli", "notebook", "01_clean", "-p", "study=riverton"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, said
    shutil.rmtree(raw)
    city = SimpleNamespace(root=tmp_path, made=tmp_path)
    secrets = riverton_files.PLANTED
    assert small_city.find_secrets(city, said, secrets=secrets) == []
    assert list(tmp_path.glob("notebooks/executed/riverton/01_clean.*"))
