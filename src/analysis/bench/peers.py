"""Other Python software for what our estimators do, called so that it gives the same answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

import numpy as np
import pandas as pd

__all__ = ["DRAWS", "PEERS", "Peer", "Target"]

# Bootstrap draws, ours and theirs.
DRAWS = 999

# What a call gives back: the estimate and its standard error. Effects by event time are worked out
# too wherever ours are, so that both do the same work.
Answer = tuple[float, float]
Target = Literal["overall", "event time 0"]

COLUMNS = {"outcome": "rate", "unit": "unit", "time": "period", "first_treat": "first"}


@dataclass(frozen=True, slots=True)
class Peer:
    """One way to do what one of our estimators does.

    Attributes
    ----------
    package
        The distribution it comes from.
    module
        What is imported of it.
    call
        What is called, for the table.
    run
        Calls it on a panel of `analysis.bench.panels.simulate_panel`.
    of
        What its answer is about: the overall effect, or that at event time 0 where it averages
        over event times in a way of its own.
    """

    package: str
    module: str
    call: str
    run: Callable[[pd.DataFrame], Answer]
    of: Target = "overall"

    @property
    def label(self) -> str:
        """Package and call."""
        return f"{self.package} {self.call}"


# The libraries are imported where they are called: each contender runs in a process of its own,
# whose memory should not hold the others, and some may not be installed.


def _feols(vcov: dict[str, str]) -> Callable[[pd.DataFrame], Answer]:
    def run(panel: pd.DataFrame) -> Answer:
        import pyfixest

        return _of_pyfixest(pyfixest.feols("rate ~ treated | unit + period", panel, vcov=vcov))

    return run


def _wild(panel: pd.DataFrame) -> Answer:
    import pyfixest

    fit = pyfixest.feols("rate ~ treated | unit + period", panel, vcov={"CRV1": "unit"})
    found = fit.wildboottest(param="treated", reps=DRAWS, seed=1)
    return float(fit.coef().iloc[0]), float(found["Pr(>|t|)"])


def _panel_ols(panel: pd.DataFrame) -> Answer:
    from linearmodels.panel import PanelOLS

    rows = panel.set_index(["unit", "period"])
    model = PanelOLS(rows["rate"], rows[["treated"]], entity_effects=True, time_effects=True)
    fit = model.fit(cov_type="clustered", cluster_entity=True)
    return float(fit.params.iloc[0]), float(fit.std_errors.iloc[0])


def _event_study(panel: pd.DataFrame) -> Answer:
    import pyfixest

    rows = panel.assign(event_time=(panel["period"] - panel["adoption"]).fillna(-1).astype(int))
    formula = "rate ~ i(event_time, ref=-1) | unit + period"
    fit = pyfixest.feols(formula, rows, vcov={"CRV1": "unit"})
    names = [name for name in fit.coef().index if _event_time_of(name) >= 0]
    return float(fit.coef()[names].mean()), np.nan


def _fepois(panel: pd.DataFrame) -> Answer:
    import pyfixest

    formula = "cases ~ treated | unit + period"
    return _of_pyfixest(pyfixest.fepois(formula, panel, vcov={"CRV1": "unit"}, iwls_tol=1e-12))


def _did2s(panel: pd.DataFrame) -> Answer:
    import pyfixest

    rows = panel.assign(event_time=(panel["period"] - panel["adoption"]).clip(-1).fillna(-1))
    first = "~ 0 | unit + period"
    for second in ("~ i(event_time, ref=-1)", "~ i(treated, ref=0)"):
        fit = pyfixest.did2s(rows, "rate", first, second, "treated", "unit")
    return _of_pyfixest(fit)


def _saturated(panel: pd.DataFrame) -> Answer:
    import pyfixest

    columns = ("rate", "unit", "period", "first")
    fit = pyfixest.event_study(panel, *columns, estimator="saturated", cluster="unit")
    row = fit.aggregate().loc[0.0]
    return float(row["Estimate"]), float(row["Std. Error"])


def _diff_diff(name: str, **settings: Any) -> Callable[[pd.DataFrame], Answer]:
    # With draws, effects by event time have to be asked for in advance, without draws afterwards.
    drawn = "n_bootstrap" in settings
    wanted = {"aggregate": "event_study"} if drawn else {}

    def run(panel: pd.DataFrame) -> Answer:
        diff_diff = import_module("diff_diff")
        fit = getattr(diff_diff, name)(**settings).fit(panel, **COLUMNS, **wanted)
        if not drawn:
            fit.aggregate("event_study")
        return float(fit.overall_att), float(fit.overall_se)

    return run


def _diff_diff_sun_abraham(panel: pd.DataFrame) -> Answer:
    diff_diff = import_module("diff_diff")
    first = diff_diff.SunAbraham(cluster="unit").fit(panel, **COLUMNS).event_study_effects[0]
    return float(first["effect"]), float(first["se"])


def _diff_diff_stacked(panel: pd.DataFrame) -> Answer:
    """In the widest window in which every cohort is observed."""
    diff_diff = import_module("diff_diff")
    before, after = _window(panel)
    settings = {"kappa_pre": before, "kappa_post": after, "control_group": "not_yet_treated"}
    fit = diff_diff.StackedDiD(**settings, cluster="unit").fit(panel, **COLUMNS)
    return float(fit.overall_att), float(fit.overall_se)


def _diff_diff_projections(panel: pd.DataFrame) -> Answer:
    diff_diff = import_module("diff_diff")
    last, dates = panel["period"].max(), panel.loc[panel["first"] > 0, "first"]
    windows = {"pre_window": int(dates.max() - 1), "post_window": int(last - dates.min())}
    model = diff_diff.LPDiD(**windows, reweight=True, cluster="unit")
    found = model.fit(panel, "rate", "unit", "period", "treated", only_event=True).event_study
    row = found.set_index("horizon").loc[0]
    return float(row["coefficient"]), float(row["se"])


def _window(panel: pd.DataFrame) -> tuple[int, int]:
    dates = panel.loc[panel["first"] > 0, "first"]
    return int(dates.min() - panel["period"].min()), int(panel["period"].max() - dates.max())


def _diff_diff_synthetic(panel: pd.DataFrame) -> Answer:
    """One cohort at a time, as the library has no staggered adoption; placebo errors of each."""
    diff_diff = import_module("diff_diff")
    effects, cells = [], []
    for date in np.unique(panel.loc[panel["first"] > 0, "first"]):
        rows = panel[(panel["first"] == 0) | (panel["first"] == date)]
        rows = rows.assign(ever=(rows["first"] > 0).astype(int))
        after = sorted(rows.loc[rows["period"] >= date, "period"].unique())
        model = diff_diff.SyntheticDiD(seed=1)
        effects.append(model.fit(rows, "rate", "ever", "unit", "period", post_periods=after).att)
        cells.append(rows["treated"].sum())
    return float(np.average(effects, weights=cells)), np.nan


def _diff_diff_switching(panel: pd.DataFrame) -> Answer:
    diff_diff = import_module("diff_diff")
    model = diff_diff.ChaisemartinDHaultfoeuille(twfe_diagnostic=False)
    steps = int(panel["period"].nunique() - panel.loc[panel["first"] > 0, "first"].min() + 1)
    fit = model.fit(panel, "rate", unit="unit", time="period", treatment="treated", L_max=steps)
    return float(fit.cost_benefit_delta["delta"]), np.nan


def _moderndid_switching(panel: pd.DataFrame) -> Answer:
    moderndid = import_module("moderndid")
    steps = int(panel["period"].nunique() - panel.loc[panel["first"] > 0, "first"].min() + 1)
    names = ("rate", "period", "unit", "treated")
    fit = moderndid.did_multiplegt(panel, *names, effects=steps, placebo=steps // 2)
    return float(fit.ate.estimate), float(fit.ate.std_error)


def _moderndid_groups(draws: int) -> Callable[[pd.DataFrame], Answer]:
    def run(panel: pd.DataFrame) -> Answer:
        moderndid = import_module("moderndid")
        settings: dict[str, Any] = {"control_group": "notyettreated", "base_period": "universal"}
        if draws:
            settings |= {"boot": True, "biters": draws, "random_state": 1}
        groups = moderndid.att_gt(panel, "rate", "period", "unit", "first", **settings)
        moderndid.aggte(groups, type="dynamic")
        fit = moderndid.aggte(groups, type="simple")
        return float(fit.overall_att), float(fit.overall_se)

    return run


def _csdid(panel: pd.DataFrame) -> Answer:
    csdid = import_module("csdid.att_gt")
    model = csdid.ATTgt("rate", "period", "unit", "first", panel, control_group=["notyettreated"])
    fit = model.fit(est_method="dr", bstrap=False).aggte("simple", bstrap=False, cband=False)
    return float(fit.atte["overall_att"]), float(np.ravel(fit.atte["overall_se"])[0])


def _differences(panel: pd.DataFrame) -> Answer:
    differences = import_module("differences")
    rows = panel.set_index(["unit", "period"])[["rate", "adoption"]]
    model = differences.ATTgt(data=rows, cohort_name="adoption")
    model.fit("rate", control_group="not_yet_treated", progress_bar=False)
    row = model.aggregate("simple").to_numpy()[0]
    return float(row[0]), float(row[1])


def _of_pyfixest(fit: Any) -> Answer:
    return float(fit.coef().iloc[0]), float(fit.se().iloc[0])


def _event_time_of(name: str) -> float:
    return float(name.rsplit("::", 1)[-1].rstrip("]").removeprefix("T."))


def _pyfixest(call: str, run: Callable[[pd.DataFrame], Answer]) -> Peer:
    return Peer("pyfixest", "pyfixest", call, run)


def _of_diff_diff(name: str, **settings: Any) -> Peer:
    return Peer("diff-diff", "diff_diff", name, _diff_diff(name, **settings))


_NOT_YET = {"control_group": "not_yet_treated", "base_period": "universal", "cluster": "unit"}

# Estimator and method of inference -> peers. An estimator of the registry that is not here is
# timed alone.
PEERS: dict[tuple[str, str], tuple[Peer, ...]] = {
    ("twfe", "CR1"): (
        _pyfixest("feols CRV1", _feols({"CRV1": "unit"})),
        Peer("linearmodels", "linearmodels", "PanelOLS", _panel_ols),
    ),
    ("twfe", "CR3"): (_pyfixest("feols CRV3", _feols({"CRV3": "unit"})),),
    ("twfe", "wild"): (Peer("wildboottest", "wildboottest", "by pyfixest", _wild),),
    ("twfe_event_study", "CR1"): (_pyfixest("feols, i()", _event_study),),
    ("poisson", "CR1"): (_pyfixest("fepois", _fepois),),
    ("callaway_santanna", "CR1"): (
        _of_diff_diff("CallawaySantAnna", **_NOT_YET),
        Peer("moderndid", "moderndid", "att_gt", _moderndid_groups(0)),
        Peer("csdid", "csdid", "ATTgt", _csdid),
        Peer("differences", "differences", "ATTgt", _differences),
    ),
    ("callaway_santanna", "multiplier"): (
        _of_diff_diff("CallawaySantAnna", n_bootstrap=DRAWS, seed=1, **_NOT_YET),
        Peer("moderndid", "moderndid", "att_gt", _moderndid_groups(DRAWS)),
    ),
    ("sun_abraham", "CR1"): (
        Peer("pyfixest", "pyfixest", "saturated", _saturated, "event time 0"),
        Peer("diff-diff", "diff_diff", "SunAbraham", _diff_diff_sun_abraham, "event time 0"),
    ),
    ("imputation", "CR1"): (_of_diff_diff("ImputationDiD", cluster="unit"),),
    ("imputation", "multiplier"): (
        _of_diff_diff("ImputationDiD", cluster="unit", n_bootstrap=DRAWS, seed=1),
    ),
    ("two_stage", "CR1"): (
        _pyfixest("did2s", _did2s),
        _of_diff_diff("TwoStageDiD", cluster="unit"),
    ),
    ("two_stage", "multiplier"): (
        _of_diff_diff("TwoStageDiD", cluster="unit", n_bootstrap=DRAWS, seed=1),
    ),
    ("stacked", "CR1"): (Peer("diff-diff", "diff_diff", "StackedDiD", _diff_diff_stacked),),
    ("local_projections", "CR1"): (
        Peer("diff-diff", "diff_diff", "LPDiD", _diff_diff_projections, "event time 0"),
    ),
    ("etwfe", "CR1"): (_of_diff_diff("WooldridgeDiD", cluster="unit"),),
    ("chaisemartin_dhaultfoeuille", "CR1"): (
        Peer("moderndid", "moderndid", "did_multiplegt", _moderndid_switching),
        Peer("diff-diff", "diff_diff", "ChaisemartinDHaultfoeuille", _diff_diff_switching),
    ),
    ("synthetic_did", "analytic"): (
        Peer("diff-diff", "diff_diff", "SyntheticDiD", _diff_diff_synthetic),
    ),
}
