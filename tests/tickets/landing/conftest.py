"""Raw files of the invented city, and what they land as."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pyarrow.parquet as pq
import pytest

from analysis.study.schema import Study
from analysis.study.ticket_sources import TicketSource
from analysis.study.tickets import Tickets
from analysis.tickets.landing.land import Landed, Landing

CELLS = {
    "id": ("工单编号", "T1"),
    "opened": ("受理时间", "2022-01-05 08:00:00"),
    "closed": ("办结时间", "2022-01-06 09:30:00"),
    "due": ("办理时限", ""),
    "district": ("区", "东区"),
    "street": ("街道", "河东街道"),
    "category_1": ("一级分类", "噪声"),
    "channel": ("诉求来源", "电话"),
    "caller": ("来电号码", "13800001234"),
    "status": ("办理状态", "已办结"),
    "text": ("诉求内容", "楼上装修，晚上也不停"),
}


@dataclass
class Lander:
    """Writes a raw file and lands it."""

    folder: Path
    tickets: Tickets
    source: TicketSource
    header: tuple[str, ...] = tuple(header for header, _ in CELLS.values())
    key: bytes = b"0123456789abcdef0123456789abcdef"

    def land(
        self, content: bytes | str, name: str = "hotline_2022.csv", **changes: Any
    ) -> tuple[Landed, list[dict[str, Any]]]:
        """Land a file whose source differs in some fields, and read what was written."""
        path = self.folder / "raw" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        source = replace(self.source, **changes)
        tickets = replace(self.tickets, source=(source,))
        landed = Landing(source, tickets, path.parent, self.key).land(path, self.to(name))
        return landed, pq.read_table(self.to(name)).to_pylist()

    def to(self, name: str = "hotline_2022.csv") -> Path:
        """Return where a file lands."""
        return self.folder / "landed" / f"{name}.parquet"

    def row(self, **changes: str) -> list[str]:
        """Return a record of which some cells are changed."""
        return [changes.get(column, cell) for column, (_, cell) in CELLS.items()]

    def csv(self, *rows: Sequence[str], header: Sequence[str] | None = None) -> str:
        """Write records as CSV."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([header or self.header, *rows])
        return text.getvalue()

    def workbook(self, records: Sequence[Sequence[str]]) -> bytes:
        """Write records as a workbook; a cell that is XML already is left as it is."""
        rows = "".join(
            "<row>"
            + "".join(
                cell
                if cell.startswith("<c")
                else f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
                for cell in record
            )
            + "</row>"
            for record in records
        )
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        package = "http://schemas.openxmlformats.org/package/2006"
        parts = {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default '
            'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml'
            '"/><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument'
            '.spreadsheetml.sheet.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet '
            'name="工单" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>',
            "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>'
            "</worksheet>",
        }
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return file.getvalue()


@pytest.fixture
def lander(tmp_path: Path, riverton: Study) -> Lander:
    assert riverton.tickets is not None
    headers = {column: (header,) for column, (header, _) in CELLS.items()}
    source = replace(riverton.tickets.source[0], headers=headers, optional=(), encoding="utf-8")
    # These files name nobody.
    privacy = replace(riverton.tickets.privacy, names=())
    tickets = replace(
        riverton.tickets,
        source=(source,),
        responded=None,
        resolved=None,
        satisfied=None,
        privacy=privacy,
    )
    return Lander(tmp_path, tickets, source)
