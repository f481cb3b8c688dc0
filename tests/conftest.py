"""Results made from numbers, for tests of what is done with results."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.evidence import target_frame
from analysis.effects.result import Result

MakeResult = Callable[..., Result]


@pytest.fixture
def make_result() -> MakeResult:
    return result_of_numbers


def result_of_numbers(
    scale: str = "count",
    *,
    outcome: str | None = None,
    value: float = -0.125,
    standard_error: float = 0.05,
    lower: float = -0.225,
    upper: float = -0.025,
    p_value: float = 0.012,
    event_time: pd.DataFrame | None = None,
    **others: object,
) -> Result:
    """Make the result of a design of that scale with these numbers as its overall effect.

    `event_time` is indexed by event time and has `value`, `lower` and `upper`, and perhaps
    `band_lower` and `band_upper`; `others` are attributes of the result.
    """
    outcomes = {"count": "complaints", "share": "satisfaction_rate", "level": "wages"}
    overall = target_frame("overall", [value], averaging="regression").assign(
        standard_error=standard_error, lower=lower, upper=upper, p_value=p_value
    )
    rows = [overall]
    if event_time is not None:
        times = target_frame("event_time", event_time["value"], event_time=event_time.index)
        rows.append(times.assign(**event_time.drop(columns="value").reset_index(drop=True)))
    columns = ["standard_error", "lower", "upper", "p_value", "band_lower", "band_upper"]
    estimates = pd.concat(rows, ignore_index=True)
    known = {
        "estimator": "twfe",
        "estimand": "one coefficient",
        "averaging": "regression",
        "inference": "clustered by unit",
        "inference_name": "CR1",
        "observations": 1_000,
        "units": 10,
        "clusters": 10,
        "treated_clusters": 5,
        "library": "none",
    }
    return Result(
        design=Design(
            outcome or outcomes[scale],
            scale,  # type: ignore[arg-type]
            "adoption",
            "adoption_period",
            cluster="unit",
        ),
        estimates=estimates.reindex(columns=[*overall.columns[:6], *columns], fill_value=np.nan),
        **(known | others),  # type: ignore[arg-type]
    )
