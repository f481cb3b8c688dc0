"""Options that several verbs of `compendium` have."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["AsJson", "Workers"]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

Workers = Annotated[
    int | None, typer.Option(min=1, help="Steps at the same time; by default one a processor.")
]
