"""The report about a study: complete, marked, and in words that follow from what was recorded."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typst

from analysis.effects.registry import ESTIMATORS
from analysis.pipeline.documents import report_files
from analysis.pipeline.report import build_report
from analysis.pipeline.step import Step
from analysis.preflight.typed_numbers import typed_numbers

REPOSITORY = Path(__file__).parents[2]
SOURCES = sorted(
    [*(REPOSITORY / "paper" / "report").glob("*.typ"), REPOSITORY / "paper/report.typ"]
)
# They are allowed by name in paper/paper.typ.
ALLOWED = {"95%", "0.001"}
SHOWN = {"caption": "What it shows", "restricted": False, "run": "03_effect", "simulated": True}
PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='30'/>"

Ledger = dict[str, dict[str, Any]]
Write = Callable[[Path, Ledger], Step]


@pytest.fixture
def reported(toy: Path) -> Path:
    """Give the toy compendium the sources of the report."""
    for folder in ("report", "fonts"):
        shutil.copytree(REPOSITORY / "paper" / folder, toy / "paper" / folder)
    for name in ("template.typ", "report.typ", "references.bib"):
        shutil.copyfile(REPOSITORY / "paper" / name, toy / "paper" / name)
    return toy


@pytest.fixture
def write() -> Write:
    return _write


@pytest.fixture
def ledger() -> Ledger:
    """Make a ledger: an estimate, a figure and a table that the text shows, and others."""
    numbers = {"total": "100", **_estimate("complaints", "−0.120", "−0.200", "−0.040")}
    figures = ("volumes", "estimates-street-complaints")
    tables = ("effect-street-complaints", "recovery")
    return {
        "numbers": {f"toy.{name}": {"text": text} for name, text in numbers.items()},
        "figures": {f"toy-{name}": SHOWN | {"alt": f"Of {name}"} for name in figures},
        "tables": {f"toy-{name}": SHOWN | {"note": ""} for name in tables},
    }


def _estimate(outcome: str, value: str, lower: str, upper: str) -> dict[str, str]:
    parts = {"att": value, "lower": lower, "upper": upper, "p": "0.010", "n": "90"}
    base = f"street.{outcome}.twfe."
    return {base + name: text for name, text in (parts | {"clusters": "12"}).items()}


def _write(root: Path, ledger: Ledger) -> Step:
    for folder in ("figures", "ledger", "tables"):
        (root / "paper" / folder).mkdir(exist_ok=True)
    table = {"columns": ["Row", "Value"], "align": ["left", "right"], "rows": [["a", "1"]]}
    for identity in ledger["figures"]:
        (root / f"paper/figures/{identity}.svg").write_text(PICTURE, encoding="utf-8")
    for identity in ledger["tables"]:
        (root / f"paper/tables/{identity}.json").write_text(json.dumps(table), encoding="utf-8")
    (root / "paper/ledger/toy.json").write_text(json.dumps(ledger), encoding="utf-8")
    return _step("toy")


def _step(study: str) -> Step:
    inputs = (Path(f"paper/ledger/{study}.json"), Path(f"notebooks/studies/{study}.toml"))
    return Step(f"{study}/report", "report", inputs, (), (), report_files(study), study=study)


def query(root: Path, output: Path, selector: str, source: str = "report.typ") -> list[Any]:
    """Look into the report that was built in `output`."""
    numbers = next((output / "paper/reports").glob("*.json")).read_text(encoding="utf-8")
    found = typst.query(
        root / "paper" / source,
        selector,
        root=root,
        sys_inputs={"numbers": numbers},
        font_paths=[root / "paper" / "fonts"],
        ignore_system_fonts=True,
    )
    return list(json.loads(found))


def uses(root: Path, output: Path) -> Counter[str]:
    return Counter(mark["value"]["id"] for mark in query(root, output, "<use>"))


def say(root: Path, output: Path, expression: str) -> str:
    """Evaluate an expression with what `report/words.typ` defines, and write it as JSON."""
    source = f'#import "report/words.typ": *\n#metadata({expression}) <said>\n'
    (root / "paper" / "said.typ").write_text(source, encoding="utf-8")
    return json.dumps(query(root, output, "<said>", "said.typ")[0]["value"])


def test_it_is_built_and_uses_all_that_is_recorded(
    reported: Path, write: Write, ledger: Ledger, tmp_path: Path
) -> None:
    build_report(reported, write(reported, ledger), tmp_path / "out")
    content = (tmp_path / "out/paper/reports/toy.pdf").read_bytes()
    assert b"pdfaid" in content  # it declares itself as PDF/A
    assert b"pdfuaid" in content
    found = uses(reported, tmp_path / "out")
    assert set(found) == {identity for kind in ledger.values() for identity in kind}
    shown = [identity for kind in ("figures", "tables") for identity in ledger[kind]]
    assert [found[identity] for identity in shown] == [1] * len(shown)


def test_it_says_simulated_of_every_exhibit_that_is(
    reported: Path, write: Write, ledger: Ledger, tmp_path: Path
) -> None:
    ledger["figures"]["toy-volumes"] = ledger["figures"]["toy-volumes"] | {"simulated": False}
    build_report(reported, write(reported, ledger), tmp_path / "out")
    captions = {
        figure["label"]: json.dumps(figure["caption"])
        for figure in query(reported, tmp_path / "out", "figure")
        if figure.get("label", "").startswith("<toy-")
    }
    marked = {label for label, caption in captions.items() if "Simulated." in caption}
    assert set(captions) - marked == {"<toy-volumes>"}
    assert "These are not observations" in json.dumps(query(reported, tmp_path / "out", "terms"))


@pytest.mark.parametrize(
    ("lower", "upper", "words"),
    [
        ("−0.200", "−0.040", "below"),
        ("0.040", "1,200", "above"),
        ("−0.200", "0.040", "around"),
        ("0.00", "2.80", "edge"),  # it may be 0.004, which the p-value beside it would show
        ("−0.2", None, "around"),  # no end is recorded where it is infinite
        (None, "−0.1", "below"),
    ],
)
def test_where_an_interval_lies_follows_from_its_ends(
    reported: Path,
    write: Write,
    ledger: Ledger,
    tmp_path: Path,
    lower: str | None,
    upper: str | None,
    words: str,
) -> None:
    """Would catch a true minus sign that is not read, and a sentence about another sign."""
    for part, text in (("lower", lower), ("upper", upper)):
        identity = f"toy.street.complaints.twfe.{part}"
        if text is None:
            del ledger["numbers"][identity]
        else:
            ledger["numbers"][identity] = {"text": text}
    build_report(reported, write(reported, ledger), tmp_path / "out")
    found = say(reported, tmp_path / "out", 'position("toy.street.complaints.twfe")')
    assert json.loads(found) == words


@pytest.mark.parametrize(("p_value", "warned"), [("0.031", True), ("0.310", False)])
def test_the_summary_warns_of_a_placebo_that_finds_something_and_only_then(
    reported: Path, write: Write, ledger: Ledger, tmp_path: Path, p_value: str, warned: bool
) -> None:
    ledger["numbers"]["toy.street.complaints.pretrend.p"] = {"text": p_value}
    ledger["numbers"] |= {
        f"toy.street.complaints.pretrend.{part}": {"text": "3"} for part in ("f", "leads")
    }
    build_report(reported, write(reported, ledger), tmp_path / "out")
    level = "study.levels.first()"
    found = say(reported, tmp_path / "out", f"warning({level}, {level}.outcomes.first())")
    assert ("before adoption" in found) == warned


def test_a_number_that_is_withheld_decides_nothing(
    reported: Path, write: Write, ledger: Ledger, tmp_path: Path
) -> None:
    """Restricted data hide small counts, in which a comparison would find an error or a claim."""
    ledger["numbers"]["toy.street.missing_rows"] = {"text": "<10"}
    ledger["numbers"]["toy.street.missing_share"] = {"text": "withheld"}
    build_report(reported, write(reported, ledger), tmp_path / "out")
    found = say(reported, tmp_path / "out", 'value-of("toy.street.missing_rows") == none')
    assert json.loads(found) is True


@pytest.mark.parametrize("treatment", ["adoption", "coverage", "dose"])
def test_a_study_with_one_level_and_one_outcome_has_a_report(
    reported: Path, write: Write, tmp_path: Path, treatment: str
) -> None:
    """Nothing is recorded, so whatever the text takes for granted is missed."""
    file = reported / "notebooks/studies/toy.toml"
    study = file.read_text(encoding="utf-8")
    study = study[: study.index("[recovery]")].replace("simulated = true", "simulated = false")
    study = re.sub(r"(?m)^(?:seed = 1|truth = .*|robustness = .*)\n", "", study)
    study = study.replace('["complaints", "repeat_share"]', '["complaints"]')
    study = study.replace('treatment = "adoption"', f'treatment = "{treatment}"')
    if treatment == "dose":
        study += '[level.dose]\ncolumn = "proactive_cases"\nmonths_before = 1\ntransform = "none"\n'
    file.write_text(study, encoding="utf-8")
    empty: Ledger = {"numbers": {}, "figures": {}, "tables": {}}
    build_report(reported, write(reported, empty), tmp_path / "out")
    assert uses(reported, tmp_path / "out") == {}
    headings = json.dumps(query(reported, tmp_path / "out", "heading"))
    assert "What this cannot show" in headings
    for absent in ("Cleaning", "Other exhibits", "All numbers", "Recovering the truth"):
        assert absent not in headings, absent


def test_handling_times_are_said_to_be_in_days_and_to_be_missing_where_they_are(
    reported: Path, write: Write, tmp_path: Path
) -> None:
    """Would catch a median of days that a report calls a rate, or is silent about."""
    cities = REPOSITORY / "notebooks/studies/cities"
    shutil.copyfile(cities / "newyork.toml", reported / "notebooks/studies/newyork.toml")
    exhibit = "newyork-handling-boards"
    table = {exhibit: SHOWN | {"note": "", "simulated": False}}
    write(reported, {"numbers": {}, "figures": {}, "tables": table})
    shutil.move(reported / "paper/ledger/toy.json", reported / "paper/ledger/newyork.json")
    build_report(reported, _step("newyork"), tmp_path / "out")
    assert uses(reported, tmp_path / "out") == {exhibit: 1}
    text = json.dumps(query(reported, tmp_path / "out", "par"))
    assert "differences are in days" in text
    assert "too few were closed within" in text


@pytest.mark.slow
@pytest.mark.parametrize("study", ["beijing", "boston"])
def test_nothing_of_a_whole_study_is_left_out_or_shown_twice(study: str, tmp_path: Path) -> None:
    """Two levels with many outcomes each: adoption and coverage; doses."""
    step = replace(_step(study), name="whole")
    build_report(REPOSITORY, step, tmp_path)
    printed = json.loads((tmp_path / f"paper/reports/{study}.json").read_text(encoding="utf-8"))
    found = uses(REPOSITORY, tmp_path)
    exhibits = {*printed["figures"], *printed["tables"]}
    assert {name: found[name] for name in exhibits} == dict.fromkeys(exhibits, 1)
    assert set(printed["numbers"]) <= set(found)


def test_every_estimator_has_its_literature() -> None:
    """Would catch a new estimator that a report names without saying who proposed it."""
    design = (REPOSITORY / "paper/report/design.typ").read_text(encoding="utf-8")
    listed = re.search(r"#let literature = \((.*?)\n\)", design, re.DOTALL)
    assert listed is not None
    named = re.findall(r"(?m)^  (\w+): \(", listed[1])
    assert sorted(named) == sorted(estimator.name for estimator in ESTIMATORS)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_result_is_typed_and_no_semicolon_swallowed(path: Path) -> None:
    """Typst reads a semicolon right after a call as its end and does not print it."""
    text = path.read_text(encoding="utf-8")
    assert {number for number, _ in typed_numbers(text)} <= ALLOWED
    assert re.findall(r"#[A-Za-z][\w.-]*(?:\((?:[^()]|\([^()]*\))*\))?;", text) == []
