"""Options that several verbs of `compendium` have."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

__all__ = ["AsJson", "Data", "Workers"]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

Data = Annotated[
    Literal["public", "restricted"],
    typer.Option(help="restricted: the export in data/restricted/STUDY, in a workspace there."),
]

Workers = Annotated[
    int | None, typer.Option(min=1, help="Steps at the same time; by default one a processor.")
]
