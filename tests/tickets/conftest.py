"""The studies of invented cities, for every test of tickets."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from analysis.study.load import read_study
from analysis.study.schema import Study


@pytest.fixture(scope="session")
def riverton() -> Study:
    return read_study(Path(__file__).with_name("riverton.toml"))


@pytest.fixture(scope="session")
def load_helper() -> Callable[[str], ModuleType]:
    """Load a module that stands beside the tests and is none."""

    def load(name: str) -> ModuleType:
        path = Path(__file__).with_name(f"{name}.py")
        spec = importlib.util.spec_from_file_location(f"tickets_{name}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # Data classes look their module up by its name.
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture(scope="session")
def small_city(load_helper: Callable[[str], ModuleType]) -> ModuleType:
    return load_helper("small_city")


@pytest.fixture(scope="session")
def riverton_files(load_helper: Callable[[str], ModuleType]) -> ModuleType:
    return load_helper("riverton_files")


@pytest.fixture
def city(small_city: ModuleType, riverton: Study, tmp_path: Path) -> Any:
    """A small invented city of its own, without tickets yet."""
    return small_city.City(tmp_path / "city", small_city.small_study(riverton))
