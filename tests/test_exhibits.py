"""What leaves a notebook: numbers, tables and figures, each recorded once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis.errors import RunError
from analysis.exhibits import Exhibits
from analysis.figures.style import new_figure, styled
from analysis.ledger.flow import Dropped, RowFlow
from analysis.ledger.tolerance import tolerance_of_draws
from analysis.study.access import Disclosure
from analysis.study.load import load_study
from analysis.study.schema import Study
from analysis.workspace import Workspace

STUDIES = Path(__file__).parents[1] / "notebooks" / "studies"


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("beijing", STUDIES)


@pytest.fixture
def exhibits(study: Study, tmp_path: Path) -> Exhibits:
    return Exhibits(Workspace(tmp_path, tmp_path / "out"), study, "02_describe")


def record(exhibits: Exhibits) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(exhibits.record_path.read_text(encoding="utf-8"))
    return content


@styled
def draw_example() -> Figure:
    figure, axes = new_figure(1.0)
    axes[0].plot([0, 1], [0, 1])
    return figure


def test_a_number_is_recorded_at_full_precision_and_as_written(exhibits: Exhibits) -> None:
    written = exhibits.number("street.complaints.att", -0.123456789, ".2f", unit="log points")
    entry = record(exhibits)["numbers"]["beijing.street.complaints.att"]
    assert written == entry["text"] == "−0.12"
    assert entry["value"] == -0.123456789
    assert entry["unit"] == "log points"
    assert exhibits.record_path.name == "02_describe.json"


def test_counts_from_numpy_and_pandas_are_recorded_as_whole_numbers(exhibits: Exhibits) -> None:
    """Would catch a record with 1487.0 cases, or a number that JSON cannot write."""
    exhibits.number("a", np.int64(1487), ",d")
    exhibits.number("b", pd.Series([1487], dtype="Int64").sum(), ",d")
    values = [entry["value"] for entry in record(exhibits)["numbers"].values()]
    assert values == [1487, 1487]
    assert all(isinstance(value, int) for value in values)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_was_not_estimated_is_not_recorded(exhibits: Exhibits, value: float) -> None:
    with pytest.raises(RunError, match=r"beijing\.att: the value is (nan|inf)"):
        exhibits.number("att", value, ".2f")


def test_an_id_is_used_once(exhibits: Exhibits) -> None:
    """Would catch a later exhibit that takes another's place, in the record or in what is cited."""
    frame = pd.DataFrame({"a": ["1"]})
    record = {
        "number": lambda name: exhibits.number(name, 1.0, ".1f"),
        "table": lambda name: exhibits.table(name, frame, caption="c"),
        "figure": lambda name: exhibits.figure(name, draw_example(), caption="c", alt="a"),
    }
    record["number"]("a.total")
    record["table"]("table")
    record["figure"]("figure")
    again = [("number", "a.total"), ("table", "table"), ("figure", "figure")]
    for kind, name in [*again, ("figure", "table"), ("table", "figure")]:
        with pytest.raises(RunError, match="recorded before"):
            record[kind](name)


def test_a_table_is_written_for_the_paper_and_for_readers(exhibits: Exhibits) -> None:
    frame = pd.DataFrame({"Measure 指标": ["Complaints", "—"], "Mean": ["1,487", "−0.12"]})
    exhibits.table("summary", frame, caption="Measures", note="A note.")
    folder = exhibits.workspace.output / "paper" / "tables"
    content = json.loads((folder / "beijing-summary.json").read_text(encoding="utf-8"))
    assert content["columns"] == ["Measure 指标", "Mean"]
    assert content["rows"] == [["Complaints", "1,487"], ["—", "−0.12"]]
    assert content["align"] == ["left", "right"]
    assert (content["caption"], content["note"]) == ("Measures", "A note.")
    lines = (folder / "beijing-summary.csv").read_bytes().decode("utf-8").split("\n")
    assert lines[0] == "Measure 指标,Mean,data"
    assert lines[1] == 'Complaints,"1,487",simulated'


def test_published_facts_are_not_called_simulated(exhibits: Exhibits) -> None:
    """Would catch the city's own figures marked as made up."""
    exhibits.table("a", pd.DataFrame({"Year": ["2019"]}), caption="c", published=True)
    exhibits.number("n", 696.36, ".0f", published=True)
    written = exhibits.workspace.output / "paper" / "tables" / "beijing-a.csv"
    assert "simulated" not in written.read_text(encoding="utf-8")
    entries = record(exhibits)
    assert entries["tables"]["beijing-a"]["simulated"] is False
    assert entries["numbers"]["beijing.n"]["simulated"] is False


def test_everything_else_of_a_simulated_study_is(exhibits: Exhibits) -> None:
    exhibits.number("n", 1.0, ".0f")
    exhibits.figure("f", draw_example(), caption="c", alt="a")
    entries = record(exhibits)
    assert entries["numbers"]["beijing.n"]["simulated"] is True
    assert entries["figures"]["beijing-f"]["simulated"] is True


def test_real_studies_are_not_marked(tmp_path: Path) -> None:
    real = load_study("boston", STUDIES)
    exhibits = Exhibits(Workspace(tmp_path, tmp_path), real, "02_describe")
    exhibits.table("a", pd.DataFrame({"x": ["1"]}), caption="c")
    csv = (tmp_path / "paper" / "tables" / "boston-a.csv").read_text(encoding="utf-8")
    assert csv == "x\n1\n"


def test_a_figure_is_written_twice_and_knows_its_alternative_text(exhibits: Exhibits) -> None:
    figure = exhibits.figure("f", draw_example(), caption="A line.", alt="A rising line.")
    folder = exhibits.workspace.output / "paper" / "figures"
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["beijing-f.png", "beijing-f.svg"]
    assert figure.get_label() == "A rising line."
    entry = record(exhibits)["figures"]["beijing-f"]
    assert (entry["caption"], entry["alt"]) == ("A line.", "A rising line.")


def test_runs_of_one_notebook_keep_their_records_apart(exhibits: Exhibits) -> None:
    """Would catch two parallel runs that write over each other's record."""
    other = replace(exhibits, run="street-complaints")
    assert exhibits.record_path != other.record_path
    assert other.record_path.name == "02_describe-street-complaints.json"


def test_the_record_has_the_same_bytes_whatever_the_order(study: Study, tmp_path: Path) -> None:
    written = []
    for run, names in (("a", ["x", "y"]), ("b", ["y", "x"])):
        exhibits = Exhibits(Workspace(tmp_path, tmp_path / run), study, "02_describe")
        for name in names:
            exhibits.number(name, 1.5, ".1f")
        written.append(exhibits.record_path.read_bytes())
    assert written[0] == written[1]


def test_a_simulated_table_says_so_over_its_columns_and_a_real_one_does_not(
    exhibits: Exhibits,
) -> None:
    frame = pd.DataFrame({"x": ["1"]})
    real = replace(exhibits, study=load_study("boston", STUDIES))
    assert "Simulated" in exhibits.table("a", frame, caption="c").to_html()
    assert "Simulated" not in real.table("a", frame, caption="c").to_html()
    assert "Simulated" not in exhibits.table("p", frame, caption="c", published=True).to_html()


def test_a_column_of_p_values_is_aligned_as_numbers(exhibits: Exhibits) -> None:
    exhibits.table("a", pd.DataFrame({"p": ["< 0.001", "0.049"]}), caption="c")
    path = exhibits.workspace.output / "paper" / "tables" / "beijing-a.json"
    assert json.loads(path.read_text(encoding="utf-8"))["align"] == ["right"]


def test_another_run_may_differ_as_it_is_said(exhibits: Exhibits) -> None:
    exhibits.number("count", 12, ",d")
    exhibits.number("estimate", 0.5, ".2f")
    exhibits.number("draws", 0.5, ".2f", tolerance=tolerance_of_draws(0.01, 2500))
    numbers = record(exhibits)["numbers"].values()
    kinds = [number["tolerance"]["kind"] for number in numbers]
    assert sorted(kinds) == ["draws", "exact", "numerical"]
    assert all(number["tolerance"]["reason"] for number in numbers)


def test_figures_and_tables_list_their_files(exhibits: Exhibits) -> None:
    exhibits.figure("map", draw_example(), caption="A map.", alt="A map.")
    exhibits.table("rates", pd.DataFrame({"a": [1]}), caption="Rates")
    content = record(exhibits)
    assert content["figures"]["beijing-map"]["files"] == [
        "paper/figures/beijing-map.svg",
        "paper/figures/beijing-map.png",
    ]
    for name in content["tables"]["beijing-rates"]["files"]:
        assert exhibits.workspace.output.joinpath(name).is_file()


def test_restricted_data_say_so_and_tell_no_small_counts(tmp_path: Path) -> None:
    """Would catch an exhibit that goes around the rule of `analysis.disclosure`."""
    restricted = replace(load_study("boston", STUDIES), disclosure=Disclosure())
    exhibits = Exhibits(Workspace(tmp_path, tmp_path), restricted, "02_describe")
    frame = pd.DataFrame({"Rows": [3, 40]})
    shown = exhibits.table("a", frame, caption="c")
    assert "Restricted data" in shown.to_html()
    csv = (tmp_path / "paper" / "tables" / "boston-a.csv").read_text(encoding="utf-8")
    assert csv == "Rows,data\n<10,restricted\n40,restricted\n"
    content = json.loads((tmp_path / "paper/tables/boston-a.json").read_text(encoding="utf-8"))
    assert content["align"] == ["right"]
    assert exhibits.number("n", 3, ",d", unit="cases") == "<10"
    exhibits.flow("r", RowFlow(103, (Dropped("late", 3, "2-4"),), 0, 100, 5, 5), panel="p.csv")
    written = record(exhibits)
    assert written["numbers"]["boston.n"]["value"] is None
    assert written["numbers"]["boston.n"]["restricted"] is True
    assert written["flows"] == {}


def test_published_facts_of_a_restricted_study_are_told(tmp_path: Path) -> None:
    restricted = replace(load_study("boston", STUDIES), disclosure=Disclosure())
    exhibits = Exhibits(Workspace(tmp_path, tmp_path), restricted, "02_describe")
    assert exhibits.number("n", 3, ",d", unit="cases", published=True) == "3"
    exhibits.table("a", pd.DataFrame({"Rows": ["3"]}), caption="c", published=True)
    assert (tmp_path / "paper/tables/boston-a.csv").read_text(encoding="utf-8") == "Rows\n3\n"


def test_what_a_figure_shows_is_written_beside_it_and_says_that_it_is_simulated(
    exhibits: Exhibits,
) -> None:
    points = pd.DataFrame({"event_time": [0], "value": [0.5]})
    exhibits.figure("map", draw_example(), caption="A map.", alt="A map.", data=points)
    [name] = [n for n in record(exhibits)["figures"]["beijing-map"]["files"] if n.endswith("csv")]
    written = pd.read_csv(exhibits.workspace.output / name)
    assert written.to_dict("list") == {"event_time": [0], "value": [0.5], "data": ["simulated"]}
