"""The drawn graph: every step, and an arrow where one reads what another makes."""

from __future__ import annotations

from analysis.pipeline.graph import predecessors, to_mermaid
from analysis.pipeline.step import Step


def test_what_a_step_reads_comes_before_it(toy_plan: dict[str, Step]) -> None:
    before = predecessors(list(toy_plan.values()))
    assert before["toy/01_clean"] == []
    assert before["toy/02_describe"] == ["toy/01_clean"]
    assert set(before["toy/ledger"]) == {n for n in toy_plan if "/" in n} - {"toy/ledger"}
    assert before["numbers"] == ["toy/ledger"]
    assert "numbers" in before["paper"]


def test_each_step_has_a_box_and_arrows_that_follow_from_others_are_left_out(
    toy_plan: dict[str, Step],
) -> None:
    drawn = to_mermaid(list(toy_plan.values())).splitlines()
    assert drawn[0] == "flowchart LR"
    assert sum("[" in line and "subgraph" not in line for line in drawn) == len(toy_plan)
    place = {name: f"s{n}" for n, name in enumerate(toy_plan)}
    assert f"  {place['toy/05_recovery']} --> {place['toy/ledger']}" in drawn
    assert f"  {place['toy/01_clean']} --> {place['toy/ledger']}" not in drawn


def test_stale_steps_are_coloured(toy_plan: dict[str, Step]) -> None:
    drawn = to_mermaid(list(toy_plan.values()), {"paper": "stale", "numbers": "up to date"})
    assert "class s10 stale" in drawn
    assert "class s9 up-to-date" in drawn
