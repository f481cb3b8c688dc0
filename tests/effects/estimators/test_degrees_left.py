"""What is left of a panel's rows is counted as a rank of dummies, whatever rows are missing."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effects.design import Design
from analysis.effects.estimators.degrees_left import degrees_left
from analysis.effects.sample import draw_sample
from analysis.errors import DesignError

DESIGN = Design("y", "level", "adoption", "adoption_period", cluster="unit")
ADOPTION = (1.0, 2.0, 2.0, 3.0, np.nan, np.nan)


def panel_of(kept):
    """Draw the kept ones of the rows of six units in four periods."""
    unit, period = np.repeat(np.arange(6), 4), np.tile(np.arange(4), 6)
    rows = pd.DataFrame(
        {
            "unit": unit,
            "period": period,
            "adoption_period": np.asarray(ADOPTION)[unit],
            "y": np.random.default_rng(1).uniform(0, 1, len(unit)),
        }
    )
    return rows[np.asarray(kept)]


@given(st.lists(st.booleans(), min_size=24, max_size=24), st.booleans(), st.booleans())
@settings(max_examples=80, deadline=None)
def test_degrees_are_rows_less_the_rank_of_what_is_fitted(kept, all_periods, apart):
    """Catches a count that is wrong where rows are missing, or parts of a panel do not meet."""
    try:
        sample = draw_sample(panel_of(kept), DESIGN, "level")
    except DesignError:
        return
    own = sample.event_time >= (-np.inf if all_periods else 0)
    together = sample.units % 2 if apart else np.zeros_like(sample.units)
    cells = zip(sample.period, np.where(own, sample.adoption, 0.0), together, strict=True)
    dummies = np.hstack([pd.get_dummies(sample.units), pd.get_dummies(pd.Series(cells))])
    expected = len(dummies) - np.linalg.matrix_rank(dummies.astype("float64"))
    assert degrees_left(sample, own, together if apart else None) == expected
    assert degrees_left(sample, own, together if apart else None, controls=2) == expected - 2
