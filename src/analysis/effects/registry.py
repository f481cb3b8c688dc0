"""The estimators by name: what each estimates, takes and assumes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from analysis.effects.design import Design, Scale, Treatment
from analysis.effects.estimators import (
    callaway_santanna,
    chaisemartin_dhaultfoeuille,
    dose_lags,
    etwfe,
    etwfe_logit,
    etwfe_poisson,
    fractional_logit,
    imputation,
    local_projections,
    poisson,
    stacked,
    sun_abraham,
    synthetic_did,
    twfe,
    twfe_event_study,
    twfe_trends,
    two_stage,
)
from analysis.effects.evidence import Effects
from analysis.errors import DesignError, Problem, did_you_mean

__all__ = ["ESTIMATORS", "Estimator", "estimators_for", "get_estimator"]


@dataclass(frozen=True, slots=True)
class Estimator:
    """One row of the registry.

    Attributes
    ----------
    name
        What study files and results call it.
    label_en, label_zh
        What a reader sees.
    counts_alike
        What an average of effects on a count is over: ``rows``, each counting alike, as in a
        regression of the logarithm, or ``cases``, so that busy rows count more.
    scales, treatments
        The outcomes and treatments of a design that it can take.
    estimand
        What it estimates.
    assumes
        What must hold for that.
    prefer
        When a reader should prefer it.
    paper
        Where it is described.
    function
        Estimates a design on a panel, without inference.
    """

    name: str
    label_en: str
    label_zh: str
    counts_alike: Literal["rows", "cases"]
    scales: tuple[Scale, ...]
    treatments: tuple[Treatment, ...]
    estimand: str
    assumes: str
    prefer: str
    paper: str
    function: Callable[[pd.DataFrame, Design], Effects]

    def fits(self, design: Design) -> bool:
        """Say whether it can take the design's outcome and treatment."""
        return design.scale in self.scales and design.treatment in self.treatments


# A linear estimator takes every outcome. A quantile of handling times is no count and no share, so
# it is left to these.
LINEAR: tuple[Scale, ...] = get_args(Scale)

# To add an estimator, write its module in `estimators` and its row here.
ESTIMATORS: tuple[Estimator, ...] = (
    Estimator(
        twfe.NAME,
        label_en="Two-way fixed effects",
        label_zh="双向固定效应",
        counts_alike="rows",
        scales=LINEAR,
        treatments=("adoption", "dose"),
        estimand="one coefficient, an average of effects in which some weights can be negative",
        assumes="parallel trends, and one effect for all cohorts and periods",
        prefer="as a baseline, or if effects neither build up nor differ",
        paper="Goodman-Bacon (2021)",
        function=twfe.estimate_twfe,
    ),
    Estimator(
        twfe_event_study.NAME,
        label_en="Two-way fixed effects, event study",
        label_zh="双向固定效应事件研究",
        counts_alike="rows",
        scales=LINEAR,
        treatments=("adoption",),
        estimand="an effect for each period since adoption",
        assumes="parallel trends, and the same path of effects in every cohort",
        prefer="to see the path of effects if cohorts are alike",
        paper="Sun and Abraham (2021)",
        function=twfe_event_study.estimate_twfe_event_study,
    ),
    Estimator(
        callaway_santanna.NAME,
        label_en="Callaway-Sant'Anna",
        label_zh="Callaway-Sant'Anna 组别-时期效应",
        counts_alike="rows",
        scales=LINEAR,
        treatments=("adoption",),
        estimand="average effect on the treated, from effects by cohort and period",
        assumes="parallel trends with the comparison units from the reference period on",
        prefer="as the main design: effects may differ between cohorts and build up",
        paper="Callaway and Sant'Anna (2021)",
        function=callaway_santanna.estimate_callaway_santanna,
    ),
    Estimator(
        imputation.NAME,
        label_en="Imputation",
        label_zh="插补法",
        counts_alike="rows",
        scales=LINEAR,
        treatments=("adoption",),
        estimand="average effect on the treated: each outcome less what it would have been",
        assumes="parallel trends in all periods, for all units",
        prefer="if trends are parallel throughout, since it uses every untreated period",
        paper="Borusyak, Jaravel and Spiess (2024)",
        function=imputation.estimate_imputation,
    ),
    Estimator(
        two_stage.NAME,
        label_en="Two-stage",
        label_zh="两阶段法",
        counts_alike="rows",
        scales=LINEAR,
        treatments=("adoption",),
        estimand="average effect on the treated, as imputation",
        assumes="parallel trends in all periods, for all units",
        prefer="as imputation, with errors that count the first stage's",
        paper="Gardner (2022)",
        function=two_stage.estimate_two_stage,
    ),
    Estimator(
        poisson.NAME,
        label_en="Poisson, fixed effects",
        label_zh="泊松固定效应",
        counts_alike="cases",
        scales=("count",),
        treatments=("adoption", "dose"),
        estimand="one log ratio of expected counts, with the same caveat as two-way fixed effects",
        assumes="parallel trends in ratios, and one ratio for all cohorts and periods",
        prefer="for counts with zeros, if effects neither build up nor differ",
        paper="Wooldridge (1999)",
        function=poisson.estimate_poisson,
    ),
    Estimator(
        chaisemartin_dhaultfoeuille.NAME,
        label_en="De Chaisemartin-D'Haultfœuille",
        label_zh="德谢泽马丁-多尔特弗耶估计",
        counts_alike="rows",
        scales=LINEAR,
        treatments=("adoption", "dose"),
        estimand="the effect of a unit of the dose, later periods included",
        assumes="parallel trends among units with the same first dose; effects may linger",
        prefer="for doses that switch on and off, or go up and down",
        paper="de Chaisemartin and D'Haultfœuille (2024)",
        function=chaisemartin_dhaultfoeuille.estimate_chaisemartin_dhaultfoeuille,
    ),
    Estimator(
        synthetic_did.NAME,
        label_en="Synthetic difference-in-differences",
        label_zh="合成双重差分",
        counts_alike="rows",
        scales=LINEAR,
        treatments=("adoption",),
        estimand="the average effect on treated units and periods, each counting alike",
        assumes="common factors that a weighting of never-treated units can match",
        prefer="with few treated units, many periods before and a balanced panel",
        paper="Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021)",
        function=synthetic_did.estimate_synthetic_did,
    ),
    Estimator(
        twfe_trends.NAME,
        label_en="Two-way fixed effects with unit trends",
        label_zh="含个体线性趋势的双向固定效应",
        counts_alike="rows",
        scales=LINEAR,
        treatments=("adoption", "dose"),
        estimand="one coefficient, as two-way fixed effects, beside a linear trend of each unit",
        assumes="parallel paths around linear unit trends, and one effect from adoption on",
        prefer="to see whether an estimate hangs on diverging trends; not if effects build up",
        paper="Wolfers (2006)",
        function=twfe_trends.estimate_twfe_trends,
    ),
    Estimator(
        sun_abraham.NAME,
        label_en="Sun-Abraham",
        label_zh="Sun-Abraham 交互加权",
        counts_alike="rows",
        scales=LINEAR,
        treatments=("adoption",),
        estimand="average effect on the treated, from effects by cohort and event time",
        assumes="parallel trends with units that never adopt, or else the last cohort",
        prefer="as a regression check of the main design; imprecise with few never-treated",
        paper="Sun and Abraham (2021)",
        function=sun_abraham.estimate_sun_abraham,
    ),
    Estimator(
        etwfe.NAME,
        label_en="Extended two-way Mundlak",
        label_zh="扩展双向 Mundlak 回归",
        counts_alike="rows",
        scales=LINEAR,
        treatments=("adoption",),
        estimand="average effect on the treated, from effects by cohort and treated period",
        assumes="parallel trends in all periods between cohorts of constant composition",
        prefer="for balanced panels, or with controls whose influence differs by cohort and period",
        paper="Wooldridge (2021)",
        function=etwfe.estimate_etwfe,
    ),
    Estimator(
        etwfe_poisson.NAME,
        label_en="Extended Mundlak, Poisson",
        label_zh="扩展 Mundlak 泊松回归",
        counts_alike="cases",
        scales=("count", "level"),
        treatments=("adoption",),
        estimand="log ratio of cases expected with and without treatment; on scale level, the gap",
        assumes="parallel trends in ratios in all periods between cohorts of constant composition",
        prefer="for counts, with zeros, if adoption is staggered",
        paper="Wooldridge (2023)",
        function=etwfe_poisson.estimate_etwfe_poisson,
    ),
    Estimator(
        stacked.NAME,
        label_en="Stacked event study",
        label_zh="堆叠事件研究",
        counts_alike="rows",
        scales=LINEAR,
        treatments=("adoption",),
        estimand="average effect on the treated within a window, on cohorts observed throughout it",
        assumes="parallel trends of each cohort with its clean controls within the window",
        prefer="to compare event times of the same cohorts, each with controls of its own",
        paper="Cengiz et al. (2019); Wing, Freedman and Hollingsworth (2024)",
        function=stacked.estimate_stacked,
    ),
    Estimator(
        local_projections.NAME,
        label_en="Local projections",
        label_zh="局部投影双重差分",
        counts_alike="rows",
        scales=LINEAR,
        treatments=("adoption",),
        estimand="mean over event times of average effects on the treated",
        assumes="parallel trends with clean controls from the reference period on",
        prefer="as a check of the path of effects that uses no model across horizons",
        paper="Dube, Girardi, Jorda and Taylor (2025)",
        function=local_projections.estimate_local_projections,
    ),
    Estimator(
        fractional_logit.NAME,
        label_en="Fractional logit",
        label_zh="分数 Logit 模型",
        counts_alike="rows",
        scales=("share",),
        treatments=("adoption", "dose"),
        estimand="average partial effect on the share; and one coefficient, in log odds",
        assumes="parallel trends in log odds, one coefficient for all, and many periods",
        prefer="for rates near 0 or 1 with many periods, if effects neither build up nor differ",
        paper="Papke and Wooldridge (1996)",
        function=fractional_logit.estimate_fractional_logit,
    ),
    Estimator(
        etwfe_logit.NAME,
        label_en="Extended Mundlak, fractional logit",
        label_zh="扩展 Mundlak 分数 Logit 回归",
        counts_alike="rows",
        scales=("share",),
        treatments=("adoption",),
        estimand="average effect on the treated, as a difference of rates",
        assumes="parallel trends in log odds in all periods between cohorts",
        prefer="for rates near 0 or 1, if adoption is staggered",
        paper="Wooldridge (2023)",
        function=etwfe_logit.estimate_etwfe_logit,
    ),
    Estimator(
        dose_lags.NAME,
        label_en="Distributed lags",
        label_zh="分布滞后模型",
        counts_alike="rows",
        scales=LINEAR,
        treatments=("dose",),
        estimand="effect of one more unit of the dose, added up over its lags",
        assumes="doses unrelated to past and future shocks; effects linear in the dose and alike",
        prefer="if a dose acts with delay",
        paper="Schmidheiny and Siegloch (2023)",
        function=dose_lags.estimate_dose_lags,
    ),
    Estimator(
        dose_lags.NAME_POISSON,
        label_en="Distributed lags, Poisson",
        label_zh="分布滞后泊松模型",
        counts_alike="cases",
        scales=("count",),
        treatments=("dose",),
        estimand="log ratio of expected counts for one more unit of the dose, over its lags",
        assumes="doses unrelated to past and future shocks; log ratios linear in the dose",
        prefer="for counts with zeros, if a dose acts with delay",
        paper="Schmidheiny and Siegloch (2023)",
        function=dose_lags.estimate_dose_lags_poisson,
    ),
)


def estimators_for(design: Design) -> tuple[Estimator, ...]:
    """Return the estimators that can take a design, in the order of the registry."""
    return tuple(estimator for estimator in ESTIMATORS if estimator.fits(design))


def get_estimator(name: str) -> Estimator:
    """Look up one estimator.

    Raises
    ------
    DesignError
        If there is no such estimator; the nearest name is given.
    """
    known = {estimator.name: estimator for estimator in ESTIMATORS}
    if name not in known:
        problem = Problem(f"no estimator is called {name!r}", "", did_you_mean(name, known))
        raise DesignError("the estimator cannot be found", [problem])
    return known[name]
