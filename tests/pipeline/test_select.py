"""Choosing steps, and saying which file is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import RunError
from analysis.pipeline.code import Library
from analysis.pipeline.plan import plan_steps
from analysis.pipeline.select import check_inputs, select_steps
from analysis.pipeline.step import Step
from analysis.study.load import load_study


def test_a_selection_brings_what_it_depends_on(toy_plan: dict[str, Step]) -> None:
    chosen = select_steps(list(toy_plan.values()), lambda step: step.notebook == "06_summary")
    assert [step.file for step in chosen] == [
        "01_clean",
        "03_effect-street-complaints",
        "03_effect-street-repeat_share",
        "06_summary",
    ]


def test_a_missing_source_is_named_with_what_needs_it(toy: Path, library: Library) -> None:
    (toy / "notebooks" / "05_recovery.py").rename(toy / "notebooks" / "05_recover.py")
    study = load_study("toy", toy / "notebooks" / "studies")
    with pytest.raises(RunError) as caught:
        check_inputs(toy, plan_steps(toy, [study], library))
    message = str(caught.value)
    assert (
        "notebooks/05_recovery.py: the file is missing; 'toy/05_recovery' and 'toy/ledger'"
        in message
    )
    assert "did you mean '05_recover.py'?" in message
