"""A small invented city whose raw files a test spoils, and what may be known of it afterwards."""

from __future__ import annotations

import copy
import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.study.schema import Study
from analysis.tickets.ingest import Ingested, Means, ingest
from analysis.tickets.land_all import land_all
from analysis.tickets.made_from import made_from

__all__ = ["SECRETS", "City", "find_secrets", "small_study"]

# Column of the ticket contract -> its header.
HEADERS = {
    "id": "编号",
    "opened": "受理时间",
    "closed": "办结时间",
    "district": "区",
    "street": "街道",
    "category_1": "一级分类",
    "channel": "诉求来源",
    "caller": "来电号码",
    "status": "办理状态",
    "resolved": "是否解决",
    "duplicate_of": "重复工单",
    "text": "诉求内容",
}
NAMES = "来电人"
STREETS = {"河东街道": "东区", "河西街道": "西区", "山前镇": "西区"}
FORM = "%Y-%m-%d %H:%M:%S"
# None of it may be found in anything that is made or said; all of it stands in every raw file.
SECRETS = (
    "13912345678", "010-62785566", "11010119900307451X", "li.si@example.org", "京A12345",
    "6222020200112233445", "欧阳娜娜", "18600001111",
)  # fmt: skip


def small_study(riverton: Study) -> Study:
    """Return a study of three months, with a register, in UTF-8."""
    assert riverton.tickets is not None
    assert riverton.register is not None
    source = replace(
        riverton.tickets.source[0],
        headers={column: (header,) for column, header in HEADERS.items()},
        optional=(),
        encoding="utf-8",
        times=(FORM, "excel"),
        files="hotline_*",
    )
    tickets = replace(
        riverton.tickets,
        source=(source,),
        extracted="2022-04-30",
        responded=None,
        satisfied=None,
        quarantine_limit=0.2,
    )
    return replace(riverton, tickets=tickets, last_period="2022-03")


@dataclass
class City:
    """The city's folder: its raw files, its study, and what an ingest leaves there."""

    root: Path
    study: Study
    rows: list[dict[str, str]] = field(default_factory=lambda: _tickets())

    def __post_init__(self) -> None:
        self.raw.mkdir(parents=True)
        (self.root / ".cache").mkdir()
        self.put(_csv(["unit", "district"], map(list, STREETS.items())), "register.csv")
        crosswalk = ["北街街道", "河东街道", "东区", "2022-02", "renamed"]
        heads = ["former_unit", "unit", "district", "valid_from", "event"]
        self.put(_csv(heads, [crosswalk]), "crosswalk.csv")

    def at(self, root: Path) -> City:
        """Return a copy that stands in another folder, which was copied already."""
        other = copy.copy(self)
        other.root = root
        return other

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw" / self.study.name

    @property
    def made(self) -> Path:
        return self.root / "data" / "processed" / self.study.name

    def put(self, content: str | bytes, name: str = "hotline_a.csv") -> Path:
        """Write a raw file."""
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def text(
        self,
        changes: Mapping[int, Mapping[str, str]] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        rows: Sequence[int] | None = None,
        **forms: Any,
    ) -> str:
        """Write tickets as CSV: some, with some cells or headers changed."""
        heads = [(headers or {}).get(name, name) for name in (*HEADERS.values(), NAMES)]
        return _csv(heads, map(list, map(dict.values, self.records(changes, rows))), **forms)

    def records(
        self,
        changes: Mapping[int, Mapping[str, str]] | None = None,
        rows: Sequence[int] | None = None,
    ) -> list[dict[str, str]]:
        """Return tickets by their headers: some, with some cells changed."""
        heads = HEADERS | {"names": NAMES}
        return [
            {heads[column]: cell for column, cell in {**row, **(changes or {}).get(n, {})}.items()}
            for n, row in enumerate(self.rows)
            if rows is None or n in rows
        ]

    def lines(self, changes: Mapping[int, Mapping[str, Any]] | None = None) -> str:
        """Write tickets as JSON lines."""
        records = self.records(changes)
        return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)

    def source(self, **changes: Any) -> None:
        """Change what the study says of its source."""
        assert self.study.tickets is not None
        (source,) = self.study.tickets.source
        self.tickets(source=(replace(source, **changes),))

    def tickets(self, **changes: Any) -> None:
        """Change what the study says of its tickets."""
        assert self.study.tickets is not None
        self.study = replace(self.study, tickets=replace(self.study.tickets, **changes))

    def ingest(self, **means: Any) -> Ingested:
        """Ingest without a sound."""
        return ingest(self.study, self.root, means=Means(quiet=True, threads=1, **means))

    def land(self) -> list[dict[str, Any]]:
        """Only land the files; return their rows without the names of files."""
        source = made_from(self.study, self.raw)
        cache = self.root / ".cache" / "tickets" / self.study.name
        landed = land_all(self.study, self.raw, source, cache, quiet=True)
        rows = [row for path, _ in landed for row in pq.read_table(path).to_pylist()]
        return [{name: cell for name, cell in row.items() if name != "file"} for row in rows]

    def accounts(self) -> pd.DataFrame:
        """Read the account."""
        return pd.read_csv(self.made / "ingested" / "accounts.csv", keep_default_na=False)

    def aside(self) -> dict[str, int]:
        """Return reason -> rows that were set aside, or cells that were set missing."""
        told = self.accounts()
        told = told[(told["rows"] > 0) & (told["step"] != "count")]
        return dict(zip(told["reason"], told["rows"], strict=True))

    def counted(self) -> Counter[tuple[str, str]]:
        """Return (street, month) -> cases in the table by unit."""
        table = pd.read_csv(self.made / "ingested" / "tickets.csv")
        cases = table["complaints"] + table["proactive_cases"] + table["consultations"]
        found = Counter(
            dict(zip(zip(table["unit"], table["period"], strict=True), cases, strict=True))
        )
        return +found

    def expected(self, lost: Iterable[int] = ()) -> Counter[tuple[str, str]]:
        """Return the same of all good tickets but those that are lost."""
        left_out = set(lost)
        return Counter(
            (row["street"], row["opened"][:7])
            for n, row in enumerate(self.rows)
            if n not in left_out
        )

    def files(self) -> dict[str, bytes]:
        """Return the bytes of all published tables."""
        folder = self.made / "ingested"
        return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}

    def landed(self) -> list[Path]:
        """Return the landed tables."""
        return sorted((self.root / ".cache").glob("tickets/*/landed/*.parquet"))


def find_secrets(city: City, *said: str, secrets: Sequence[str] = SECRETS) -> list[str]:
    """Find planted values in every byte that was made, tables also unpacked, and in what was said.

    Returns
    -------
    list of str
        Value and place.
    """
    places: dict[str, bytes] = {f"said {n}": text.encode() for n, text in enumerate(said)}
    for folder in (city.root / ".cache", city.made):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(city.root).as_posix()
                places[name] = name.encode() + b"\n" + path.read_bytes()
                if path.suffix == ".parquet" and not path.name.startswith("."):
                    places[f"{name}, unpacked"] = _unpacked(path)
    return [
        f"{secret} in {place}, {encoding}"
        for place, content in places.items()
        for secret in secrets
        for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
        if secret.encode(encoding) in content
    ]


def _unpacked(path: Path) -> bytes:
    with pq.ParquetFile(path) as file:
        table = file.read()
    cells = [column.cast(pa.string()).to_pylist() for column in table.columns]
    return "\n".join(str(cell) for column in cells for cell in column).encode()


def _tickets() -> list[dict[str, str]]:
    """Return 90 good tickets; the sixth tells all that is to be kept secret."""
    tickets = []
    for number in range(90):
        opened = datetime(2022, 1, 1, 8) + timedelta(days=number, minutes=7 * number)
        street = list(STREETS)[number % 3]
        proactive = number % 5 == 4
        tickets.append(
            {
                "id": f"RT{number:05d}",
                "opened": opened.strftime(FORM),
                "closed": (opened + timedelta(days=1 + number % 9)).strftime(FORM),
                "district": STREETS[street],
                "street": street,
                "category_1": ("供暖", "交通出行")[number % 2],
                "channel": "巡查" if proactive else "电话",
                "caller": "" if proactive else f"1860000{1111 + number % 7 * 1111}",
                "status": "已办结",
                "resolved": "未回访" if proactive else ("是", "否")[number % 2],
                "duplicate_of": "",
                "text": "电梯坏了，请修理",
                "names": "",
            }
        )
    tickets[5] |= {"names": "欧阳娜娜", "text": f"欧阳娜娜反映：{'，'.join(SECRETS)}"}
    return tickets


def _csv(heads: Sequence[str], rows: Iterable[Sequence[str]], **forms: Any) -> str:
    text = io.StringIO()
    csv.writer(text, **{"lineterminator": "\n", **forms}).writerows([heads, *rows])
    return text.getvalue()
