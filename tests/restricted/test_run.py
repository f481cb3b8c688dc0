"""A whole run on a restricted export: what it makes, and above all what it does not tell."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
import typst
from PIL import Image

from analysis.errors import RunError
from analysis.panel.store import read_panel
from analysis.restricted.place import Place
from analysis.restricted.publish import publish
from analysis.restricted.run import run_restricted
from analysis.tables.summary import summarise_panel, summary_table
from analysis.workspace import file_hash

pytestmark = pytest.mark.slow

# In the twin counts have up to five digits, and so many that only a total would have as many.
LARGE = 10_000


def tree(root: Path) -> dict[str, str]:
    """Hash what a run on restricted data must leave alone."""
    restricted = root / "data" / "restricted"
    return {
        path.relative_to(root).as_posix(): file_hash(path)
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_relative_to(restricted)
    }


def texts(place: Place) -> dict[str, str]:
    """Read all that a reader, or a program of a reader, can find in the publishable files."""
    found = {}
    for path in sorted(place.publishable.rglob("*")):
        name = path.relative_to(place.publishable).as_posix()
        if path.suffix in {".csv", ".json", ".svg"}:
            found[name] = path.read_text(encoding="utf-8")
        elif path.suffix == ".png":
            with Image.open(path) as image:
                found[name] = json.dumps({key: str(value) for key, value in image.info.items()})
    options = {"root": place.workspace, "font_paths": [place.workspace / "paper" / "fonts"]}
    for selector in ("figure", "heading", "table"):
        source = place.workspace / "paper" / "paper.typ"
        found[f"report.pdf, {selector}"] = typst.query(
            source, selector, ignore_system_fonts=True, **options
        )
    return found


def drawn_or_written(path: Path) -> str:
    """Read a file without the coordinates of a drawing, in which any digits may follow."""
    text = path.read_text(encoding="utf-8")
    return " ".join(re.findall(r"<!--(.*?)-->", text)) if path.suffix == ".svg" else text


def test_a_run_on_restricted_data_tells_nothing_of_single_units(
    compendium: Path, export: Path, units: pd.DataFrame, distinctive: tuple[int, ...]
) -> None:
    """One run, since it takes a minute; each part says what it looks for."""
    before = tree(compendium)
    (report,) = run_restricted(compendium, ["beijing"], workers=2)
    place = report.place

    # The public tree: not a byte has changed.
    assert tree(compendium) == before

    # What may be published: exhibits, ledger, numbers, report, and no panel or notebook.
    kinds = {(path.parts[0], path.suffix) for path in report.publishable}
    assert kinds == {
        *(("figures", ".csv"), ("figures", ".png"), ("figures", ".svg")),
        *(("tables", ".csv"), ("tables", ".json")),
        *(("ledger", ".json"), ("numbers.json", ".json"), ("report.pdf", ".pdf")),
    }

    # Names of units and districts.
    names = sorted({*units["unit"], *units["district"]})
    found = texts(place)
    for name, text in found.items():
        assert not [unit for unit in names if unit in text], name

    # Counts of single months and streets. The panel has them, and a table of open data tells one.
    panel = read_panel(place.workspace / "data/processed/beijing/panel_street.csv")
    assert set(distinctive) <= set(panel["complaints"].dropna())
    open_table = summary_table(summarise_panel(panel, ["complaints"])).to_csv()
    assert f"{max(distinctive):,}" in open_table
    columns = panel.select_dtypes("number").columns.drop("population")
    counts = {int(n) for name in columns for n in panel[name].dropna() if n >= LARGE}
    assert set(distinctive) <= counts
    written = {
        path.as_posix(): drawn_or_written(place.publishable / path)
        for path in report.publishable
        if path.suffix in {".csv", ".svg"} or path.parts[0] in {"numbers.json", "tables"}
    } | {name: text for name, text in found.items() if name.startswith("report.pdf")}
    for name, text in written.items():
        numbers = {int(n.replace(",", "")) for n in re.findall(r"(?<![\d.,])\d[\d,]*\d", text)}
        assert not numbers & counts, name

    # The mark: on everything that is no published fact, and nothing calls the data simulated.
    assert not [name for name, text in found.items() if "Simulated" in text or "模拟" in text]
    numbers = json.loads((place.publishable / "numbers.json").read_text(encoding="utf-8"))
    assert numbers["studies"]["beijing"]["access"] == "restricted"
    marked = [f"figures/{i}.svg" for i, e in numbers["figures"].items() if e["restricted"]]
    assert len(marked) > 4
    for name in marked:
        assert "restricted-mark" in found[name], name
    for identity, entry in numbers["tables"].items():
        assert ("restricted" in found[f"tables/{identity}.csv"]) == entry["restricted"], identity
    assert "Restricted data" in found["report.pdf, figure"]

    # Small counts: the three reports that never came. Small cohorts: no figure of their own.
    ledger = json.loads((place.publishable / "ledger/beijing.json").read_text(encoding="utf-8"))
    missing = ledger["numbers"]["beijing.street.missing_rows"]
    assert (missing["value"], missing["text"]) == (None, "<10")
    panels = pd.read_csv(place.publishable / "tables/beijing-panels.csv", dtype="str")
    assert panels["Count missing"].tolist() == ["<10", "<10"]
    assert not {"beijing-adoption", "beijing-tile-map"} & set(numbers["figures"])

    # What stays: notebooks that say so.
    executed = place.workspace / "notebooks" / "executed" / "beijing" / "01_clean.ipynb"
    assert "Restricted data, not for publication" in executed.read_text(encoding="utf-8")

    # A name that gets into an exhibit all the same stops publication, and nothing is left there.
    path = place.workspace / "paper" / "tables" / "beijing-panels.csv"
    path.write_text(path.read_text(encoding="utf-8") + units["unit"][0], encoding="utf-8")
    with pytest.raises(RunError, match=r"tables/beijing-panels\.csv: it names"):
        publish(place)
    assert not place.publishable.exists()
