"""Paths, seeds and requirements: what would run here and nowhere else, or never twice alike."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from analysis.preflight.finding import Allowed, Finding
from analysis.preflight.seeds import find_seeds
from analysis.preflight.tree import Tree

Find = Callable[[str], list[Finding]]
Write = Callable[[str, str], None]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("src/own/read.py", 'FILE = "/home/anna/calls.csv"\n'),
        ("src/own/read.py", 'FILE = "C:/Users/anna/calls.csv"\n'),
        ("src/own/read.py", 'FILE = "C:\\\\data\\\\calls.csv"\n'),
        ("src/own/read.py", 'FILE = "data\\\\raw\\\\calls.csv"\n'),
        ("src/own/read.py", "# see /Users/anna/notes.txt\n"),
        ("notebooks/studies/city.toml", 'files = "/mnt/share/calls.csv"\n'),
        ("paper/paper.typ", '#image("/home/anna/map.svg")\n'),
    ],
)
def test_a_path_of_one_machine_is_found(find: Find, write: Write, name: str, text: str) -> None:
    write(name, text)
    findings = find("paths")
    assert {(found.place.file, found.place.line) for found in findings} == {(name, 1)}


@pytest.mark.parametrize(
    "text",
    [
        'FILE = "data/raw/calls.csv"\n',
        'ADDRESS = "https://example.org/home/page.html"\n',
        'PATTERN = r"a\\d+\\w"\n',
        'TEXT = "one\\ttwo:\\nthree"\n',
        "#!/usr/bin/env python3\n",
        "RATIO = 'home/away'\n",
    ],
)
def test_what_only_looks_like_such_a_path_is_left_alone(
    find: Find, write: Write, text: str
) -> None:
    write("src/own/read.py", text)
    assert not find("paths")


def test_a_path_in_an_output_of_a_notebook_is_found_with_its_cell(find: Find, write: Write) -> None:
    output = {"output_type": "stream", "name": "stderr", "text": ["in /root/.venv/lib/x.py\n"]}
    cell = {"cell_type": "code", "source": "1", "execution_count": 1, "outputs": [output]}
    write("notebooks/executed/city/01_clean.ipynb", json.dumps({"cells": [cell]}))
    assert [found.place.cell for found in find("paths")] == [1]


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np\nx = np.random.normal()\n",
        "import numpy\nnumpy.random.seed(1)\n",
        "from numpy.random import normal\nx = normal()\n",
        "import numpy as np\nrng = np.random.default_rng()\n",
        "from numpy.random import default_rng\nrng = default_rng(None)\n",
        "import numpy as np, time\nr = 1; rng = np.random.default_rng(int(time.time()))\n",
        "import random\nx = random.choice([1, 2])\n",
        "from random import shuffle\nshuffle([1])\n",
        "import uuid\nx = uuid.uuid4()\n",
        "from scipy import stats\nx = stats.norm.rvs(size=3)\n",
        "def f(frame):\n    return frame.sample(n=3)\n",
    ],
)
def test_a_draw_without_a_seed_is_found(find: Find, write: Write, code: str) -> None:
    write("src/own/draw.py", code)
    assert [found.place.line for found in find("seeds")] == [2]


@pytest.mark.parametrize(
    "code",
    [
        "def f(random):\n    return random.normal()\n",
        "import numpy as np\ndef f(seed):\n    return np.random.default_rng(seed)\n",
        "def f(frame, state):\n    return frame.sample(n=3, random_state=state)\n",
        "import uuid\n# no seed: names a folder\nx = uuid.uuid4()\n",
    ],
)
def test_a_draw_from_a_generator_that_was_passed_is_left_alone(
    find: Find, write: Write, code: str
) -> None:
    write("src/own/draw.py", code)
    assert not find("seeds")


def test_a_reason_for_no_seed_is_told(
    write: Write, allowed: Callable[[str], list[Allowed]]
) -> None:
    write("src/own/draw.py", "import uuid\nx = uuid.uuid4()  # no seed: names a folder\n")
    assert [one.why for one in allowed("seeds")] == ["names a folder"]


def test_seeds_are_found_with_file_and_line(root: object, write: Write, find: Find) -> None:
    write(
        "src/own/draw.py",
        "import numpy as np\nBOOT_SEED = 5\nrng = np.random.default_rng(6)\n"
        "def f(*, seed: int = 8, size: int = 9): ...\nf(seed=10)\nPYTHONHASHSEED = hash_seed = 0\n",
    )
    seeds = find_seeds(Tree(root))  # type: ignore[arg-type]
    assert [(seed.value, seed.place.line) for seed in seeds] == [
        (7, 2),
        (5, 2),
        (6, 3),
        (8, 4),
        (10, 5),
    ]
    # The README states the study's seed and none of the others.
    assert [found.place.line for found in find("seeds")] == [2, 3, 4, 5]


def test_a_seed_that_moved_to_another_line_is_no_longer_stated(find: Find, write: Write) -> None:
    write("notebooks/studies/city.toml", 'name = "city"\n\nseed = 7\n')
    (finding,) = find("seeds")
    assert "does not state seed = 7" in finding.what


def test_an_import_that_is_not_locked_is_found_once_a_file(find: Find, write: Write) -> None:
    write("src/own/fit.py", "import sklearn.svm\nimport os\nfrom own import draw\nimport sklearn\n")
    assert [(f.place.line, f.what) for f in find("requirements")] == [
        (1, "the import of sklearn is not covered by requirements.txt")
    ]


def test_an_import_is_covered_by_the_package_that_brings_it(find: Find, write: Write) -> None:
    # Catches comparing names of modules with names of packages: yaml comes with PyYAML.
    write("src/own/fit.py", "import yaml\n")
    assert len(find("requirements")) == 1
    write("requirements.txt", "PyYAML==6.0.3\nnumpy==2\npandas==3\n")
    assert not find("requirements")


def test_an_extra_has_a_lock_of_its_own(find: Find, write: Write) -> None:
    write("src/own/fit.py", "import pyspark\n")
    assert len(find("requirements")) == 1
    write("requirements-spark.txt", "pyspark==4.0\npy4j\n")
    assert [(f.place.file, f.place.line) for f in find("requirements")] == [
        ("requirements-spark.txt", 2)
    ]


@pytest.mark.parametrize("line", ["numpy>=2", "numpy", "numpy==2.*", "numpy~=2.1"])
def test_a_package_that_is_not_pinned_is_found(find: Find, write: Write, line: str) -> None:
    write("requirements.txt", f"# locked\npandas==3.1\n{line}\n")
    assert [found.place.line for found in find("requirements")] == [3]
