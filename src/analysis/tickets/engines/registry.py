"""The engines by the names that users call them."""

from __future__ import annotations

from collections.abc import Callable

from analysis.errors import ParameterError, Problem, did_you_mean
from analysis.tickets.engines.engine import Engine, Resources
from analysis.tickets.engines.on_duckdb import DuckDBEngine
from analysis.tickets.engines.on_spark import SparkEngine

__all__ = ["ENGINES", "open_engine"]

ENGINES: dict[str, Callable[[Resources], Engine]] = {
    "duckdb": DuckDBEngine,
    "spark": SparkEngine,
}


def open_engine(name: str, resources: Resources) -> Engine:
    """Open an engine, to be used in a ``with`` statement, which closes it.

    Parameters
    ----------
    name
        ``duckdb`` or ``spark``.
    resources
        What it may use.

    Raises
    ------
    ParameterError
        If no engine has that name, or a master is given to an engine that has none.
    RunError
        If the engine cannot be started.

    Examples
    --------
    >>> from pathlib import Path
    >>> open_engine("duckbd", Resources(Path("scratch")))
    Traceback (most recent call last):
    analysis.errors.ParameterError: the engine cannot be opened
      - engine: no engine is called 'duckbd'
        Hint: did you mean 'duckdb'?
    """
    problems = []
    if name not in ENGINES:
        hint = did_you_mean(name, ENGINES)
        problems.append(Problem(f"no engine is called {name!r}", "engine", hint))
    elif resources.master is not None and name != "spark":
        what = f"{name} runs in this machine and has no master"
        hint = "choose the engine spark, or leave the master out"
        problems.append(Problem(what, "master", hint))
    if problems:
        raise ParameterError("the engine cannot be opened", problems)
    return ENGINES[name](resources)
