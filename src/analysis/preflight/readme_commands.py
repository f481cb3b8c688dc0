"""The README's commands and links lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.markdown import links
from analysis.preflight.readme_sections import README
from analysis.preflight.tree import Tree

__all__ = ["check_commands", "check_links"]

SCRIPT = "reproduce.py"
COMMAND = re.compile(r"python3?\s+reproduce\.py(?P<words>[^`|#\n]*)")
# What must be written in the README: to make everything, and to test it.
ASKED = {"": "python3 reproduce.py", "test": "python3 reproduce.py test"}


def check_commands(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report a README without its two commands, and commands that there are not."""
    lines = tree.lines(README) if README in tree.files else []
    if SCRIPT not in tree.files:
        yield Finding(Place(SCRIPT), "there is no script that makes everything")
    verbs = _verbs()
    written = set()
    for number, line in enumerate(lines, start=1):
        for match in COMMAND.finditer(line):
            verb = _verb(match["words"])
            written.add(verb)
            if verb and verb not in verbs:
                what = f"there is no command {verb!r}"
                yield Finding(Place(README, line=number), what)
    for verb, command in ASKED.items():
        if verb not in written:
            yield Finding(Place(README), f"it does not say: {command}")


def check_links(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report links and pictures of the README that lead to no file of the compendium."""
    files = frozenset(tree.files)
    for number, target in links(tree.lines(README) if README in tree.files else []):
        name = unquote(target.partition("#")[0]).removeprefix("./").rstrip("/")
        if not name or re.match(r"[a-z][a-z+.-]*:", target):
            continue
        if name not in files and not any(file.startswith(f"{name}/") for file in files):
            yield Finding(Place(README, line=number), f"the link to {target} leads nowhere")


def _verbs() -> frozenset[str]:
    # Imported here: the command imports this module's package when it starts.
    from typer.main import get_command

    from analysis.cli import app

    return frozenset(getattr(get_command(app), "commands", {}))


def _verb(words: str) -> str:
    """Return the verb of a command; empty if it has none.

    Examples
    --------
    >>> _verb(" estimate calls.csv --unit street"), _verb(" --study city")
    ('estimate', '')
    """
    first = words.split()[:1]
    return first[0].strip(".,;:)\"'") if first and re.match(r"[a-z]", first[0]) else ""
