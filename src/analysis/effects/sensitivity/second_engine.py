"""The two-way coefficient once more, by a library that shares no code with ours."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

import pandas as pd

from analysis.effects.design import Design
from analysis.effects.estimators.twfe import estimate_twfe
from analysis.effects.sample import draw_sample

__all__ = ["SecondEngine", "second_engine"]

LIBRARY = f"linearmodels {version('linearmodels')}"


@dataclass(frozen=True, slots=True)
class SecondEngine:
    """One coefficient, computed twice.

    Attributes
    ----------
    library
        The other library and its version.
    ours, theirs
        The coefficient.
    """

    library: str
    ours: float
    theirs: float

    @property
    def difference(self) -> float:
        """How far apart they are, as a share of ours."""
        return abs(self.theirs / self.ours - 1)


def second_engine(panel: pd.DataFrame, design: Design) -> SecondEngine:
    """Estimate the two-way coefficient by linearmodels' ``AbsorbingLS``, beside ours.

    Ours solves the normal equations after taking the fixed effects out exactly; theirs is iterated
    to convergence. Agreement speaks for both.

    Parameters
    ----------
    panel, design
        See `analysis.effects.estimators.twfe.estimate_twfe`.

    Examples
    --------
    >>> rows = [(u, t, float(u == 1 and t > 1), u * t) for u in (1, 2, 3) for t in (1, 2, 3)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "share", "y"])
    >>> design = Design("y", "level", "dose", "share", cluster="unit")
    >>> second_engine(panel, design).difference < 1e-9
    True
    """
    # Slow to import, and needed here alone.
    from linearmodels.iv.absorbing import AbsorbingLS

    sample = draw_sample(panel, design, design.linear_form)
    effects = {str(place): pd.Categorical(codes) for place, codes in enumerate(sample.effects)}
    fitted = AbsorbingLS(
        sample.outcome,
        sample.treatment[:, None],
        absorb=pd.DataFrame(effects),
        weights=sample.weights,
    ).fit(method="lsmr", absorb_options={"atol": 1e-15, "btol": 1e-15}, use_cache=False)
    targets = estimate_twfe(panel, design).targets
    ours = float(targets.loc[targets["kind"] == "overall", "value"].iloc[0])
    return SecondEngine(LIBRARY, ours, float(fitted.params.iloc[0]))
