"""Which panels are made, and what is estimated on them."""

from __future__ import annotations

from analysis.new_study.guess import Guess
from analysis.new_study.propose.panel import SMALLEST_SHARE, Panel, thin_words
from analysis.new_study.propose.support import Carried
from analysis.new_study.propose.table import Table, Value

__all__ = ["propose_levels"]

_TITLES = {"street": ("Streets and towns", "街道乡镇"), "district": ("Districts", "区")}
# Distributed lags lose a month at either end for each lag and lead.
MONTHS_FOR_LAGS = 12


def propose_levels(panel: Panel) -> list[Table]:
    """Propose a panel by unit and, if there are categories, one by unit and category."""
    title_en, title_zh = _TITLES[panel.unit]
    by_unit: dict[str, Guess[Value]] = {
        "name": Guess(panel.unit),
        "title_en": Guess(title_en),
        "title_zh": Guess(title_zh),
        "source": Guess("tickets", "Counted by unit and month."),
        "unit": Guess(("unit",)),
        **_estimation(panel, panel.by_unit),
    }
    tables = [_adoption()] if not panel.both else []
    why = f"No panel by unit and category: {thin_words(panel)}." if panel.thin else ""
    tables += [Table("level", by_unit, why, several=True), *_dose(panel)]
    if panel.by_category is None:
        return tables
    by_category: dict[str, Guess[Value]] = {
        "name": Guess("category"),
        "title_en": Guess(f"{title_en} by category"),
        "title_zh": Guess(f"{title_zh}与类别"),
        "source": Guess("tickets_by_category", "Counted by unit, category and month."),
        "unit": Guess(("unit", "category")),
        **_estimation(panel, panel.by_category),
        "absorb": Guess((("category", "period"),), "Each category has its own month effects."),
    }
    return [*tables, Table("level", by_category, several=True), *_dose(panel), *_keep(panel)]


def _estimation(panel: Panel, carried: Carried) -> dict[str, Guess[Value]]:
    keys: dict[str, Guess[Value]] = {}
    rates = ["fractional_logit"] if carried.dense else []
    if panel.both:
        keys["treatment"] = Guess("dose", "How many cases staff opened in the months before.")
        estimators = ["twfe", "poisson", *rates]
        if panel.months >= MONTHS_FOR_LAGS:
            estimators += ["dose_lags", "dose_lags_poisson"]
    else:
        keys["treatment"] = Guess("adoption", "Switched on for good; see the table adoption.")
        estimators = ["callaway_santanna", "imputation", "twfe_event_study", "twfe", "poisson"]
    keys["cluster"] = Guess("unit")
    why = "What the columns allow; take out what you do not study."
    if "median_days" in carried.outcomes:
        why += " There are also p90_days, and both in logarithms: log_median_days, log_p90_days."
    if carried.left_out:
        why += f" Hardly differ between the cases in the samples: {', '.join(carried.left_out)}."
    keys["outcomes"] = Guess(carried.outcomes, why)
    keys["robustness"] = Guess(("complaints",))
    keys["estimators"] = Guess(
        tuple(estimators), "compendium estimators says what each assumes; others can be added."
    )
    keys["main_estimator"] = Guess(estimators[0])
    if "dose_lags" in estimators:
        keys["lags"] = Guess(2, "With last month's dose: the three months before, one by one.")
        keys["leads"] = Guess(2, "Placebos: this month's own cases, and those of the next.")
    return keys


def _dose(panel: Panel) -> list[Table]:
    if not panel.both:
        return []
    keys: dict[str, Guess[Value]] = {
        "column": Guess("proactive_cases"),
        "months_before": Guess(
            3 if panel.months >= MONTHS_FOR_LAGS else 1,
            "Mean of so many months before; a month's own cases never count.",
        ),
        "transform": Guess("log1p"),
    }
    return [Table("level.dose", keys)]


def _keep(panel: Panel) -> list[Table]:
    if not panel.both:
        return []
    keys: dict[str, Guess[Value]] = {
        "minimum_share_of_each_initiator": Guess(
            SMALLEST_SHARE,
            "Categories that only residents or only staff open cannot carry the design.",
        ),
        "minimum_cases": Guess(panel.smallest_category, "Raise it if cells are nearly empty."),
    }
    return [Table("level.keep", keys)]


def _adoption() -> Table:
    why = (
        "TO DO: nothing in the samples tells staff's own cases from complaints, so the treatment "
        "is the month in which a unit came under a programme. Write adoption.csv into the raw "
        "folder, with the header unit,district,adoption_period and a line such as "
        "Riverside,North,2021-03 for each unit that ever did."
    )
    return Table("adoption", {"file": Guess("adoption.csv")}, why, check=True)
