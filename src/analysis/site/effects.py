"""Effects to choose from: estimates of every estimator, and their paths by month."""

from __future__ import annotations

import csv
from typing import Any

from analysis.contract.measures import measure
from analysis.effects.registry import ESTIMATORS
from analysis.ledger.read import Entry
from analysis.site.links import cell_link, exhibit_link
from analysis.site.material import Material
from analysis.site.page import Page
from analysis.study.levels import Level
from analysis.study.schema import Study

__all__ = ["EVENT_TIMES", "effects_page"]

# The columns of a figure's data by which it is known to hold effects by month.
EVENT_TIMES = ("estimator", "event_time", "value", "lower", "upper")

# Recorded of each estimator, see `analysis.effects.record`.
PARTS = ("att", "lower", "upper", "truth", "n")


def effects_page(material: Material) -> Page:
    """Make the page of effects."""
    effects = [
        shown
        for study in material.studies
        for level in study.level
        for outcome in level.outcomes
        if (shown := _effects(material, study, level, outcome))
    ]
    names = tuple(study.name for study in material.studies)
    return Page(
        "effects.html",
        "Effects",
        "effects.html.j2",
        {"effects": effects},
        names,
        scripts=("vega.js", "charts.js", "effects.js"),
    )


def _effects(material: Material, study: Study, level: Level, outcome: str) -> dict[str, Any] | None:
    entries = material.ledgers[study.name].entries
    start = f"{study.name}.{level.name}.{outcome}"
    estimates = []
    for estimator in ESTIMATORS:
        found = {part: entries.get(f"{start}.{estimator.name}.{part}") for part in PARTS}
        effect = found["att"]
        if effect is None:
            continue
        estimates.append(
            {"estimator": estimator.label_en}
            | {part: None if entry is None else entry.value for part, entry in found.items()}
            | {"text": effect.text, "cell": cell_link(effect), "gallery": exhibit_link(effect.id)}
        )
        unit = effect.unit
    if not estimates:
        return None
    return {
        "study": study.name,
        "study_title": study.title_en,
        "simulated": study.simulated,
        "level": level.title_en,
        "outcome": measure(outcome).label_en,
        "unit": unit,
        "since": "adoption" if level.treatment == "adoption" else "the dose",
        "estimates": estimates,
        "pictures": _pictures(material, study, level, outcome),
        "paths": _paths(material, study, level, outcome),
    }


def _event_studies(material: Material, study: Study, level: Level, outcome: str) -> list[Entry]:
    entries = material.ledgers[study.name].entries
    run = f"{level.name}-{outcome}"
    names = [f"{study.name}-{kind}-{run}" for kind in ("event-study", "event-studies")]
    return [entries[name] for name in names if name in entries]


def _pictures(material: Material, study: Study, level: Level, outcome: str) -> list[dict[str, str]]:
    return [
        {
            "file": f"figures/{entry.id}.png",
            "alt": entry.alt,
            "caption": entry.caption,
            "cell": cell_link(entry),
        }
        for entry in _event_studies(material, study, level, outcome)
    ]


def _paths(material: Material, study: Study, level: Level, outcome: str) -> list[dict[str, Any]]:
    """Read effects by month, where a figure keeps what it shows as data."""
    for entry in reversed(_event_studies(material, study, level, outcome)):
        for name in entry.files:
            if not name.endswith(".csv"):
                continue
            with (material.root / name).open(encoding="utf-8", newline="") as stream:
                rows = csv.DictReader(stream)
                if set(EVENT_TIMES) <= set(rows.fieldnames or ()):
                    return [_point(row) for row in rows]
    return []


def _point(row: dict[str, str]) -> dict[str, Any]:
    numbers = {name: _number(row[name]) for name in ("value", "lower", "upper")}
    return {"estimator": row["estimator"], "month": int(row["event_time"])} | numbers


def _number(text: str) -> float | None:
    return float(f"{float(text):.5g}") if text else None
