"""Recovery is judged on fresh twins, and judged rightly."""

import pandas as pd
import pytest

from analysis.simulate.recovery import summarise_recovery


def test_bias_error_and_coverage_are_those_of_the_definition():
    """Two twins: one estimate right, one off by 0.2 whose interval misses the truth."""
    estimates = pd.DataFrame(
        {
            "seed": [1, 2],
            "outcome": "complaints",
            "name": "e",
            "estimator": "E",
            "value": [-0.1, 0.1],
            "standard_error": [0.05, 0.05],
            "lower": [-0.2, 0.0],
            "upper": [0.0, 0.2],
            "truth": [-0.1, -0.1],
        }
    )
    [row] = summarise_recovery(estimates).to_dict("records")
    assert row["bias"] == pytest.approx(0.1)
    assert row["bias_error"] == pytest.approx(0.1)  # standard deviation 0.2 / sqrt(2), over sqrt(2)
    assert row["coverage"] == 0.5
    assert row["draws"] == 2
