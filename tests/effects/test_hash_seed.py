"""The same numbers whatever order Python's hash seed gives to sets."""

import os
import subprocess
import sys

import numpy as np
import pytest

CODE = """
import numpy as np, pandas as pd
from analysis.effects.design import Design
from analysis.effects.estimate import estimate

draw = np.random.default_rng(0)
unit, period = np.repeat(np.arange(24), 10), np.tile(np.arange(10), 24)
group = unit % 3
panel = pd.DataFrame({
    "unit": unit, "group": group, "period": period, "district": unit % 12,
    "dose": draw.uniform(size=240), "complaints": draw.poisson(20, 240),
    "rate": draw.binomial(30, 0.7, 240) / 30,
})
absorb = (("group", "period"),)
counts = Design("complaints", "count", "dose", "dose", "district", absorb=absorb)
rates = Design("rate", "share", "dose", "dose", "district", absorb=absorb)
for name, design in (("twfe", counts), ("poisson", counts), ("fractional_logit", rates)):
    found = estimate(panel, design, name).overall
    print(*(getattr(found, part).hex() for part in found.__slots__))
"""


@pytest.mark.slow
def test_numbers_do_not_depend_on_the_hash_seed():
    def run(seed):
        environment = os.environ | {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1"}
        printed = subprocess.run(
            [sys.executable, "-c", CODE],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return [float.fromhex(number) for number in printed.split()]

    # Fixed effects are projected out in hash order by the Poisson library: rounding, no more.
    np.testing.assert_allclose(run("0"), run("2"), rtol=1e-10)
