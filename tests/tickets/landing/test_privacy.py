"""Nothing personal of a planted set is written, told or logged."""

from __future__ import annotations

import logging
from dataclasses import replace

import duckdb
import pytest

from analysis.errors import DataError

PLANTED = [
    *("13812345678", "11010519491231002X", "zhang.wei@mail.example.cn", "京A12345", "张伟"),
    *("010-82345678", "6222020012345678901", "E12345678"),
]


def planted_rows(lander):
    everywhere = "，".join(PLANTED)
    cells = ("district", "street", "category_1", "channel", "status", "text")
    rows = [
        lander.row(**{cell: f"甲{number}乙"})
        for cell in cells
        for number in PLANTED
        if number != "张伟"
    ]
    rows.append(lander.row(caller="138-1234-5678", text=everywhere))
    return [[*row, "张伟女士"] for row in rows]


def assert_nowhere(content: str) -> None:
    for number in PLANTED:
        assert number not in content


def test_nothing_planted_is_in_the_file_or_the_account(lander, caplog, capfd):
    """Catches a column that nobody thought of, and statistics of the file that show a cell."""
    caplog.set_level(logging.DEBUG)
    lander.tickets = replace(
        lander.tickets, privacy=replace(lander.tickets.privacy, names=("来电人",))
    )
    text = lander.csv(*planted_rows(lander), header=[*lander.header, "来电人"])
    landed, rows = lander.land(text)
    assert len(rows) == len(planted_rows(lander))
    assert landed.names == ("来电人",)
    assert "〔姓名〕" in rows[-1]["text"]
    assert_nowhere(repr(rows) + repr(landed) + caplog.text + "".join(capfd.readouterr()))
    # Uncompressed, so that nothing hides.
    plain = lander.folder / "plain.parquet"
    with duckdb.connect() as engine:
        engine.read_parquet(str(lander.to())).write_parquet(str(plain), compression="uncompressed")
    for content in (plain.read_bytes(), lander.to().read_bytes()):
        for number in PLANTED:
            assert number.encode() not in content
    assert lander.key not in lander.to().read_bytes()


def test_nothing_planted_is_in_a_message(lander, capfd):
    """Catches an engine's message that quotes the row it stumbled over."""
    good = lander.csv(*[row[:-1] for row in planted_rows(lander)])
    faulty = {
        "utf8.csv": good.encode() + b"\xff",
        "short.csv": good.encode() + "张伟,13812345678\xff\n".encode("latin-1", "replace"),
        "quote.csv": good.replace("甲138", '"甲138', 1),
        "header.csv": good.split("\n", 1)[1],
        "page.csv": "张伟 13812345678\n",
    }
    for name, content in faulty.items():
        with pytest.raises(DataError) as caught:
            lander.land(content, name)
        context = caught.value.__context__
        assert context is None
        assert_nowhere(str(caught.value) + "".join(capfd.readouterr()))


def test_nothing_is_spilled(lander, monkeypatch, tmp_path):
    """Catches an engine that puts raw text aside in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    lander.land(lander.csv(*planted_rows(lander), header=[*lander.header, "来电人"]))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["landed", "raw"]


def test_a_file_without_the_column_of_names_is_refused_where_texts_are_kept(lander):
    """Catches a renamed column, without which names would stay in the texts."""
    names = replace(lander.tickets.privacy, names=("来电人姓名",))
    lander.tickets = replace(lander.tickets, privacy=names)
    with pytest.raises(DataError, match="no column of names is there"):
        lander.land(lander.csv(lander.row()))
    lander.tickets = replace(lander.tickets, flag=(), privacy=replace(names, text="drop"))
    assert lander.land(lander.csv(lander.row()))[0].rows == 1
