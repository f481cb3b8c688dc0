"""Which library files a notebook uses, read from its imports without running anything.

An edit of the library then reruns the steps that use the edited file and no others. The graph is
static: it follows every import statement, also those inside functions, but not those for type
checkers. A package's own ``__init__`` counts only if it is imported by name, since it holds no
code that a result could depend on.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import grimp

from analysis.errors import Problem, RunError
from analysis.workspace import file_hash

__all__ = ["NOTEBOOK_RUNNER", "Library", "joint_hash", "read_library"]

# The module that carries out a notebook; what it uses is part of the code of every run.
NOTEBOOK_RUNNER = "analysis.pipeline.notebooks"


@dataclass(frozen=True, slots=True)
class Library:
    """The import graph of the package.

    Attributes
    ----------
    package
        Its name.
    folder
        Where it is.
    graph
        Who imports whom, by module name.
    """

    package: str
    folder: Path
    graph: grimp.ImportGraph

    def used_by_notebook(self, source: Path) -> frozenset[str]:
        """Name the modules that a notebook's source imports, directly or through others.

        Raises
        ------
        RunError
            If it imports from the package as a whole: then every file would count as used.
        """
        return self.used_by(self._imported(source))

    def used_by(self, modules: Iterable[str]) -> frozenset[str]:
        """Name these modules and all that they import, directly or through others."""
        used: set[str] = set()
        for module in modules:
            used |= {module} | self.graph.find_upstream_modules(module)
        return frozenset(used)

    def file(self, module: str) -> Path:
        """Return the file of a module."""
        path = self.folder.joinpath(*module.split(".")[1:])
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")

    def _imported(self, source: Path) -> set[str]:
        tree = ast.parse(source.read_text(encoding="utf-8"), filename=str(source))
        found: set[str] = set()
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=aliases):
                    names = [alias.name for alias in aliases]
                case ast.ImportFrom(module=str(origin), names=aliases, level=0):
                    names = [self._defining(origin, alias.name) for alias in aliases]
                case _:
                    continue
            mine = [name for name in names if name.split(".")[0] == self.package]
            for name in mine:
                self._refuse_unknown(name, source, node.lineno)
            found.update(mine)
        return found

    def _defining(self, origin: str, name: str) -> str:
        submodule = f"{origin}.{name}"
        return submodule if submodule in self.graph.modules else origin

    def _refuse_unknown(self, name: str, source: Path, line: int) -> None:
        title = f"the imports of {source.name} cannot be followed"
        where = f"{source.name}, line {line}"
        if name == self.package:
            hint = f"import from the module that defines the name: from {self.package}.… import …"
            raise RunError(title, [Problem("an import from the whole package", where, hint)])
        if name not in self.graph.modules:
            hint = "check the spelling of the import"
            raise RunError(title, [Problem(f"there is no module {name!r}", where, hint)])


def read_library(package: str = "analysis") -> Library:
    """Read the import graph of an installed package.

    Examples
    --------
    >>> library = read_library()
    >>> "analysis.errors" in library.used_by(["analysis.workspace"])
    True
    """
    graph = grimp.build_graph(package, cache_dir=None, exclude_type_checking_imports=True)
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        problem = Problem(f"package {package!r} is not installed", "", "run reproduce.py again")
        raise RunError("the library cannot be read", [problem])
    return Library(package, Path(spec.origin).parent, graph)


def joint_hash(files: Iterable[Path]) -> str:
    """Hash files together: each one's name and content, in the order given.

    Wherever the library is installed, the same code has the same hash.
    """
    joint = hashlib.sha256()
    for path in files:
        joint.update(f"{path.name} {file_hash(path)}\n".encode())
    return joint.hexdigest()
