"""A copy of the toy compendium, and helpers to run parts of it without the engine."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.pipeline.code import Library, read_library
from analysis.pipeline.plan import plan_steps
from analysis.pipeline.step import Step
from analysis.study.load import read_study

TOY = Path(__file__).parents[1] / "toy_compendium"


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TOY, tmp_path / "toy"))


@pytest.fixture(scope="session")
def library() -> Library:
    return read_library()


@pytest.fixture
def toy_plan(toy: Path, library: Library) -> dict[str, Step]:
    study = read_study(toy / "notebooks" / "studies" / "toy.toml")
    return {step.name: step for step in plan_steps(toy, [study], library)}
