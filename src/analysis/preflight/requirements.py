"""The locks of the environment: they cover every import, and pin every package."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import PurePosixPath

from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.tree import Tree

__all__ = ["LOCK", "check_requirements"]

LOCK = "requirements.txt"
EXTRA_LOCK = r"requirements-[a-z]+\.txt"
REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?(\s*(?:==\s*[^*\s;,]+(?![^\s;])|@))?")


def check_requirements(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report imports that the lock does not cover, and packages that it leaves open."""
    if LOCK not in tree.files:
        yield Finding(Place(LOCK), "there is no list of the packages that the code needs")
        return
    locked: set[str] = set()
    # Beside the lock of the environment there may be one for each extra.
    extras = [str(name) for name in tree.files if re.fullmatch(EXTRA_LOCK, str(name))]
    for lock in (LOCK, *sorted(extras)):
        for number, line in enumerate(tree.lines(lock), start=1):
            match = REQUIREMENT.match(line)
            if match is None:
                continue
            locked.add(_normal(match[1]))
            if match[2] is None:
                what = f"{match[1]} is not pinned to one version"
                yield Finding(Place(lock, line=number), what)
    distributions = packages_distributions()
    own = _own_modules(tree)
    for name in [*tree.code(), *tree.below("tests", ".ci", suffix=".py")]:
        for imported, first in _imports(tree, name):
            if imported in own or imported in sys.stdlib_module_names:
                continue
            from_packages = {_normal(found) for found in distributions.get(imported, [imported])}
            if not from_packages & locked:
                what = f"the import of {imported} is not covered by {LOCK}"
                yield Finding(Place(name, line=first), what)


def _normal(package: str) -> str:
    """Write a package's name as registries compare it.

    Examples
    --------
    >>> _normal("Typing_Extensions")
    'typing-extensions'
    """
    return re.sub(r"[-_.]+", "-", package).lower()


def _own_modules(tree: Tree) -> set[str]:
    """Return what can be imported because it stands in the compendium itself."""
    own = {"src", "tests"}
    for name in tree.below("src"):
        own.add(PurePosixPath(name).parts[1].removesuffix(".py"))
    for name in [*tree.below("tests", "notebooks", ".ci", suffix=".py"), *tree.code()]:
        own.add(PurePosixPath(name).stem)
    return own


def _imports(tree: Tree, name: str) -> list[tuple[str, int]]:
    """Return each top-level name that a file imports, with the first line that does."""
    first: dict[str, int] = {}
    for node in ast.walk(tree.module(name) or ast.Module([], [])):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first.setdefault(alias.name.partition(".")[0], node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            first.setdefault(node.module.partition(".")[0], node.lineno)
    return sorted(first.items(), key=lambda found: found[1])
