"""Every row of a panel is used, or dropped for one reason, by every estimator."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimate import estimate
from analysis.ledger.flow import read_rows

COUNT = Design(
    "complaints", "count", "adoption", "adoption_period", cluster="unit", event_window=(-3, 3)
)


@pytest.fixture
def panel():
    """Twelve units over ten periods, with gaps, zeros, a unit of zeros and one always treated."""
    random = np.random.default_rng(5)
    rows = [
        (f"u{unit:02d}", period, [None, 4, 5, 7][unit % 4], float(random.poisson(6)))
        for unit in range(12)
        for period in range(1, 11)
    ]
    made = pd.DataFrame(rows, columns=["unit", "period", "adoption_period", "complaints"])
    made.loc[made["unit"] == "u03", "complaints"] = 0.0
    made.loc[made["unit"] == "u05", "adoption_period"] = 1
    made.loc[[7, 8, 44], "complaints"] = np.nan
    made.loc[[19, 81], "complaints"] = 0.0
    return made


ESTIMATORS = [
    "twfe",
    "poisson",
    "callaway_santanna",
    "sun_abraham",
    "imputation",
    "etwfe",
    "stacked",
    "local_projections",
]


@pytest.mark.parametrize("name", ESTIMATORS)
def test_each_row_has_one_fate(panel, name):
    """Catches a row dropped in silence or twice, and counts that are not those of the rows."""
    result = estimate(panel, COUNT, name, inference="none")
    flow = result.flow
    assert flow.rows_in == len(panel)
    assert {one.reason: one.count for one in flow.dropped} == dict(result.dropped)
    rows = [row for one in flow.dropped for row in read_rows(one.rows)]
    assert len(rows) == len(set(rows)) == flow.rows_dropped


def test_the_rows_are_those_that_the_reason_says(panel):
    """Catches places in a part of the panel taken for places in the panel."""
    flow = estimate(panel, COUNT, "twfe", inference="none").flow
    rows = {one.reason: [row - 2 for row in read_rows(one.rows)] for one in flow.dropped}
    assert rows["outcome missing"] == [7, 8, 44]
    zero = panel.index[panel["complaints"] == 0].tolist()
    assert rows["zero outcome, which has no logarithm"] == zero
    always = panel.index[(panel["unit"] == "u05") & panel["complaints"].gt(0)].tolist()
    [treated] = [found for reason, found in rows.items() if "treated in every" in reason]
    assert treated == always


def test_rows_used_again_are_counted(panel):
    flow = estimate(panel, COUNT, "stacked", inference="none").flow
    assert flow.repeated > 0
    assert flow.observations == flow.rows_in - flow.rows_dropped + flow.repeated
