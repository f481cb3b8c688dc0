"""What pages say: distributions, rows lost, places, effects by month, stages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from jinja2 import DictLoader, Environment

from analysis.attrition.cleaning import Reason
from analysis.site.attrition import shares_of_rows
from analysis.site.codebook import distribution
from analysis.site.effects import effects_page
from analysis.site.material import read_material
from analysis.site.page import Renderer
from analysis.site.timeline import timeline_page
from analysis.site.units import series_of_units, units_page


def test_bars_are_in_proportion_and_the_last_holds_what_lies_above() -> None:
    described = distribution(pd.Series([0.0] * 150 + [1.0] * 49 + [1000.0]))
    assert described["heights"][0] == 1.0
    assert len(described["heights"]) == 24
    assert described["heights"][-1] == round(50 / 150, 4)


def test_a_column_without_any_value_is_described_as_missing() -> None:
    described = distribution(pd.Series([None, None], dtype="Int64"))
    assert described["missing"] == 1.0
    assert described["heights"] == []


def test_months_are_counted_in_their_order() -> None:
    months = pd.Series(pd.PeriodIndex(["2020-02", "2020-01", "2020-02"], freq="M"))
    assert distribution(months)["heights"] == [0.5, 1.0]


def test_rows_that_are_put_in_one_are_not_counted_as_lost() -> None:
    reasons = [
        Reason("dropped", "why", 2),
        Reason("filled", "how", 1),
        Reason("set missing", "what", 5),
    ]
    shares = shares_of_rows((10, 5), reasons)
    assert shares == {"kept": 0.4, "joined": 0.4, "lost": 0.2}


def test_a_sum_with_a_missing_part_is_missing() -> None:
    # A sum of what happens to be known would fall whenever a report is late.
    panel = pd.DataFrame({"unit": "A", "period": ["1", "1", "2"], "n": [1, None, 3]})
    series = series_of_units(panel.astype({"n": "Int64"}), ("n",), ())
    assert series.isna().loc["1", "A"]
    assert series.loc["2", "A"] == 3


def test_a_rate_without_a_denominator_is_missing() -> None:
    panel = pd.DataFrame({"unit": ["A"], "period": ["1"], "n": [0], "of": [0]})
    assert series_of_units(panel, ("n",), ("of",)).isna().all(axis=None)


def test_places_have_one_value_for_each_month(tree: Path) -> None:
    (places,) = units_page(read_material(tree)).content["places"]
    by_label = {measure["label"]: measure["values"] for measure in places["measures"]}
    assert [place["name"] for place in places["places"]] == ["North", "South"]
    assert by_label["Complaints"] == [[10.0, 12.0], [8.0, None]]
    assert by_label["Complaints per 1,000 residents"] == [[10.0, 12.0], [8.0, None]]


def test_effects_carry_intervals_truth_and_cell(tree: Path) -> None:
    (effect,) = effects_page(read_material(tree)).content["effects"]
    (estimate,) = effect["estimates"]
    assert (estimate["att"], estimate["lower"], estimate["truth"]) == (-0.2, -0.3, -0.21)
    assert estimate["cell"] == "notebooks/toy/03_effect-street-complaints.html#cell-03"
    assert effect["simulated"]


def test_effects_by_month_come_from_the_data_of_a_figure(tree: Path) -> None:
    (effect,) = effects_page(read_material(tree)).content["effects"]
    names = [(row["estimator"], row["month"], row["lower"]) for row in effect["paths"]]
    assert names == [
        ("Two-way fixed effects", -1, None),
        ("Two-way fixed effects", 0, -0.3),
        ("Truth", 0, None),
    ]


def test_other_data_of_a_figure_are_not_taken_for_effects(tree: Path) -> None:
    data = tree / "paper" / "figures" / "toy-event-study-street-complaints.csv"
    material = read_material(tree)
    data.write_text("year,count\n2020,7\n", encoding="utf-8")
    (effect,) = effects_page(material).content["effects"]
    assert effect["paths"] == []
    assert effect["pictures"]


def test_events_stand_in_their_stages(tree: Path) -> None:
    ((_, stages),) = timeline_page(read_material(tree)).content["timelines"]
    assert [(stage["title_en"], len(stage["events"])) for stage in stages] == [
        ("Before", 1),
        ("Trial", 1),
    ]
    assert stages[1]["events"][0]["marked"]
    assert len(stages[1]["events"][0]["sources"]) == 2


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--"])
def test_data_cannot_close_the_element_that_holds_them(text: str) -> None:
    environment: Any = Renderer([])._environment
    source = Environment(loader=DictLoader({"t": "{{ text | embed }}"}), autoescape=True)
    source.filters["embed"] = environment.filters["embed"]
    written = source.get_template("t").render(text=text)
    assert "<" not in written
    assert json.loads(written) == text
