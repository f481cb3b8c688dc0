"""The tests, JupyterLab and the broom: programs around the pipeline, kept inside the project."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.pipeline.environment import enter_environment
from analysis.pipeline.plan import NUMBERS, PAPER
from analysis.pipeline.staging import clean_folder, only_run
from analysis.workspace import write_atomically

__all__ = ["open_lab", "remove_made_files", "run_tests"]


def run_tests(root: Path, words: Sequence[str]) -> int:
    """Run pytest, over all tests if no path is among the words; return its exit code."""
    enter_environment(root)
    command = [sys.executable, "-m", "pytest", "-o", f"cache_dir={root / '.cache' / 'pytest'}"]
    if not any(word.startswith(("tests", "src")) for word in words):
        # The examples in the docstrings are tests too.
        command += ["-n", str(os.cpu_count() or 1), "--dist", "loadgroup"]
        command += ["--doctest-modules", "tests", "src"]
    return subprocess.call([*command, *words], cwd=root)


def open_lab(root: Path, words: Sequence[str]) -> int:
    """Open JupyterLab on the notebooks' sources; return its exit code."""
    enter_environment(root)
    settings = root / ".cache" / "jupyter" / "config"
    overrides = json.dumps(_LAB_SETTINGS)
    write_atomically(settings / "labconfig" / "default_setting_overrides.json", overrides)
    places = {
        "JUPYTERLAB_SETTINGS_DIR": settings / "lab" / "user-settings",
        "JUPYTERLAB_WORKSPACES_DIR": settings / "lab" / "workspaces",
    }
    os.environ.update({variable: str(place) for variable, place in places.items()})
    options = [
        f"--ServerApp.root_dir={root}",
        "--LabApp.default_url=/lab/tree/notebooks",
        # It would look for language servers with programs that write to the user's home.
        "--LanguageServerManager.autodetect=False",
    ]
    return subprocess.call([sys.executable, "-m", "jupyterlab", *options, *words], cwd=root)


_LAB_SETTINGS = {
    # A double click on a source opens it as a notebook.
    "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"python": "Jupytext Notebook"}},
    "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
}


def remove_made_files(root: Path, *, everything: bool) -> list[Path]:
    """Remove what runs made; return it, below the top folder.

    Parameters
    ----------
    root
        The top folder of the compendium.
    everything
        Also the results that are kept with the sources: executed notebooks, figures, tables,
        numbers, the paper and its supplement.

    Raises
    ------
    RunError
        If a run is going on.
    """
    with only_run(root):
        removed = clean_folder(root / "data" / "processed", keep=["README.md"])
        pages = sorted((root / "notebooks" / "executed").glob("*/*.html"))
        results = []
        if everything:
            removed += clean_folder(root / "notebooks" / "executed")
            removed += clean_folder(root / "paper" / "figures")
            removed += clean_folder(root / "paper" / "tables")
            pages = []
            removed += clean_folder(root / "paper" / "ledger")
            results = [root / path for path in (NUMBERS, *PAPER)]
        for path in (*pages, *results):
            if path.is_file():
                path.unlink()
                removed.append(path)
    # The lock of this run is in the cache, so the cache goes last.
    removed += clean_folder(root / ".cache")
    return [path.relative_to(root) for path in removed]
