"""Options of the verbs that take a panel file, each said once."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = [
    "Adoption",
    "Anticipation",
    "Comparison",
    "Estimand",
    "Exposure",
    "Never",
    "Treated",
    "Weights",
]

# Columns of the file.
Adoption = Annotated[str | None, typer.Option(help="Column of each unit's first treated period.")]
Treated = Annotated[
    str | None, typer.Option(help="Instead: column that is 1 under treatment, else 0.")
]
Never = Annotated[
    list[str] | None, typer.Option(help="What stands for never; an empty cell always does.")
]
Weights = Annotated[str | None, typer.Option(help="Column of weights.")]
Exposure = Annotated[str | None, typer.Option(help="Column of a count's exposure.")]

# What is estimated.
Comparison = Annotated[str, typer.Option(help="never or notyet.")]
Anticipation = Annotated[int, typer.Option(help="Periods of anticipation.")]
Estimand = Annotated[
    str | None, typer.Option(help="Average over cells, event_time, cohort or calendar.")
]
