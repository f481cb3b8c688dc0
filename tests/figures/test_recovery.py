"""Estimate minus truth: which intervals are said to miss it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.figures.recovery import draw_recovery
from analysis.study.schema import Study


def test_an_interval_that_misses_the_truth_is_drawn_as_such(simulated_study: Study) -> None:
    frame = pd.DataFrame(
        {
            "outcome": "satisfaction_rate",
            "estimator": ["holds", "misses", "unbounded"],
            "value": [0.02, 0.06, 0.05],
            "lower": [0.00, 0.05, -np.inf],
            "upper": [0.04, 0.07, np.inf],
            "truth": 0.03,
        }
    )
    figure = draw_recovery(frame, study=simulated_study)
    axes = figure.axes[0]
    drawn = {bars.get_label(): np.asarray(bars.lines[0].get_xydata()) for bars in axes.containers}
    assert drawn["Interval holds the truth"][:, 1].tolist() == [0, 2]
    np.testing.assert_allclose(drawn["Interval misses the truth"], [[3, 1]])
    assert axes.get_xlabel() == "percentage points"
