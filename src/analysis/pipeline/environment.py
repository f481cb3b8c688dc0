"""The environment variables of a run: nothing is written outside the project, nothing varies."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["HASH_SEED_VARIABLE", "enter_environment", "isolated_environment"]

# Sets another hash seed for a run, to see whether a result depends on it.
HASH_SEED_VARIABLE = "COMPENDIUM_HASH_SEED"

# Folders that programs would otherwise look for in the user's home.
_FOLDERS = {
    "HYPOTHESIS_STORAGE_DIRECTORY": "hypothesis",
    "IPYTHONDIR": "ipython",
    "JUPYTER_CONFIG_DIR": "jupyter/config",
    "JUPYTER_DATA_DIR": "jupyter/data",
    "JUPYTER_RUNTIME_DIR": "jupyter/runtime",
    "MPLCONFIGDIR": "matplotlib",
    "NUMBA_CACHE_DIR": "numba",
    "TEMP": "tmp",
    "TMP": "tmp",
    "TMPDIR": "tmp",
    "XDG_CACHE_HOME": "xdg/cache",
    "XDG_CONFIG_HOME": "xdg/config",
    "XDG_DATA_HOME": "xdg/data",
    "XDG_STATE_HOME": "xdg/state",
}

_SETTINGS = {
    # Sums over threads depend on their number; one thread gives the same last digit every time.
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    # Some libraries iterate over sets; a fixed seed fixes their order.
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
    # A kernel of the same name that the user registered elsewhere must not be taken.
    "JUPYTER_PATH": "",
    "JUPYTER_PREFER_ENV_PATH": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
    # The debugger warns on stderr that the standard library is frozen; nobody debugs a run.
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


def isolated_environment(root: Path) -> dict[str, str]:
    """Name the environment variables that keep a run inside the project and repeatable.

    Parameters
    ----------
    root
        The top folder of the compendium.

    Returns
    -------
    dict
        Variable -> value: every cache and settings folder below ``.cache``, one thread for
        linear algebra, a fixed hash seed.

    Examples
    --------
    >>> isolated_environment(Path("compendium"))["PYTHONHASHSEED"]
    '0'
    """
    cache = root / ".cache"
    folders = {variable: str(cache / folder) for variable, folder in _FOLDERS.items()}
    seed = os.environ.get(HASH_SEED_VARIABLE, _SETTINGS["PYTHONHASHSEED"])
    return folders | _SETTINGS | {"PYTHONHASHSEED": seed}


def enter_environment(root: Path) -> None:
    """Set these variables for this process and those that it starts, and make the folders."""
    environment = isolated_environment(root)
    for variable in _FOLDERS:
        Path(environment[variable]).mkdir(parents=True, exist_ok=True)
    os.environ.update(environment)
