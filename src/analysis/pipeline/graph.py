"""Draw the pipeline as a Mermaid graph, which GitHub and JupyterLab show as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.pipeline.step import Step

__all__ = ["edges", "predecessors", "to_mermaid"]

_STYLES = {
    "stale": "fill:#f6d5a8,stroke:#b35c00",
    "perhaps": "fill:#fdf3df,stroke:#b35c00,stroke-dasharray:4",
    "up to date": "fill:#dfeee6,stroke:#2b7a53",
}


def predecessors(steps: Sequence[Step]) -> dict[str, list[str]]:
    """Name, for each step, the steps whose products it reads."""
    maker = {path: step.name for step in steps for path in (*step.products, step.record)}
    return {
        step.name: list(
            dict.fromkeys(maker[path] for path in (*step.inputs, *step.records) if path in maker)
        )
        for step in steps
    }


def to_mermaid(steps: Sequence[Step], verdicts: Mapping[str, str] | None = None) -> str:
    """Write the graph of a plan.

    Parameters
    ----------
    steps
        The plan.
    verdicts
        Step -> ``stale``, ``perhaps`` or ``up to date``; colours the steps.

    Returns
    -------
    str
        Mermaid text, one box a step, the steps of a study together in a frame.
    """
    keys = {step.name: f"s{place}" for place, step in enumerate(steps)}
    lines = ["flowchart LR"]
    for study in dict.fromkeys(step.study for step in steps):
        boxes = [f'{keys[s.name]}["{s.file}"]' for s in steps if s.study == study]
        if study:
            boxes = [f'subgraph {study}["{study}"]', *(f"  {box}" for box in boxes), "end"]
        lines += [f"  {box}" for box in boxes]
    lines += [f"  {keys[first]} --> {keys[second]}" for first, second in edges(steps)]
    for verdict, style in _STYLES.items():
        named = [keys[name] for name, given in (verdicts or {}).items() if given == verdict]
        if named:
            kind = verdict.replace(" ", "-")
            lines += [f"  classDef {kind} {style}", f"  class {','.join(named)} {kind}"]
    return "\n".join(lines) + "\n"


def edges(steps: Sequence[Step]) -> list[tuple[str, str]]:
    """Pair each step with those right before it, leaving out what follows from other pairs."""
    before = predecessors(steps)
    return [
        (first, second)
        for second, firsts in before.items()
        for first in firsts
        if not any(_reaches(before, other, first) for other in firsts if other != first)
    ]


def _reaches(before: Mapping[str, Sequence[str]], step: str, wanted: str) -> bool:
    return any(name == wanted or _reaches(before, name, wanted) for name in before[step])
