"""The code a notebook uses: followed through imports, and no further than they go."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from analysis.errors import RunError
from analysis.pipeline.code import Library, read_library

FILES = {
    "__init__.py": "",
    "a.py": "from typing import TYPE_CHECKING\nimport pkg.b\nif TYPE_CHECKING:\n    import pkg.d\n",
    "b.py": "def f():\n    from pkg.sub.c import C\n",
    "d.py": "",
    "unused.py": "import pkg.a\n",
    "sub/__init__.py": "",
    "sub/c.py": "C = 1\n",
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    for name, text in FILES.items():
        path = tmp_path / "lib" / "pkg" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    monkeypatch.delitem(sys.modules, "pkg", raising=False)
    return read_library("pkg")


def notebook(tmp_path: Path, code: str) -> Path:
    path = tmp_path / "01_test.py"
    path.write_text(code, encoding="utf-8")
    return path


def test_imports_are_followed_also_inside_functions(package: Library, tmp_path: Path) -> None:
    used = package.used_by_notebook(notebook(tmp_path, "# %%\nfrom pkg.a import x\n"))
    assert used == {"pkg.a", "pkg.b", "pkg.sub.c"}


def test_imports_for_type_checkers_are_not_followed(package: Library) -> None:
    assert "pkg.d" not in package.used_by(["pkg.a"])


def test_from_package_import_module_is_the_module(package: Library, tmp_path: Path) -> None:
    source = notebook(tmp_path, "import numpy\nfrom pkg.sub import c\n")
    assert package.used_by_notebook(source) == {"pkg.sub.c"}


def test_files_of_modules_and_packages_exist(package: Library) -> None:
    for module in package.graph.modules:
        assert package.file(module).is_file()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import pkg\n", "import from the module that defines the name"),
        ("from pkg import something\n", "01_test.py, line 1"),
        ("x = 1\nimport pkg.zzz\n", "there is no module 'pkg.zzz'"),
    ],
)
def test_an_import_that_cannot_be_followed_is_named(
    package: Library, tmp_path: Path, code: str, message: str
) -> None:
    with pytest.raises(RunError) as caught:
        package.used_by_notebook(notebook(tmp_path, code))
    assert message in str(caught.value)


def test_running_a_notebook_does_not_use_the_planning_code(library: Library) -> None:
    """Else every edit of the plan would rerun every notebook."""
    used = library.used_by(["analysis.pipeline.notebooks"])
    assert not used & {"analysis.pipeline.plan", "analysis.pipeline.run", "analysis.cli"}
