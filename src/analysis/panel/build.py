"""Build the panels of a study from its cleaned reports."""

from __future__ import annotations

import dataclasses

import pandas as pd

from analysis.clean.ledger import Ledger
from analysis.clean.reports import Cleaned
from analysis.clean.units import reports_on_districts
from analysis.contract.measures import add_measures, targeting
from analysis.contract.validate import validate_panel
from analysis.panel.adoption import join_adoption
from analysis.panel.aggregate import sum_within_districts
from analysis.panel.balance import balance
from analysis.panel.dose import add_dose
from analysis.panel.keep import keep_categories
from analysis.study.levels import Level
from analysis.study.months import covered_months
from analysis.study.schema import Study
from analysis.study.sources import Source
from analysis.study.tickets import TicketTable

__all__ = ["build_panel", "build_panels"]


def build_panels(study: Study, cleaned: Cleaned) -> tuple[dict[str, pd.DataFrame], Ledger]:
    """Build the panel of every level of a study.

    Returns
    -------
    panels : dict of str to pandas.DataFrame
        Name of the level -> its panel; see `build_panel`.
    ledger : Ledger
        What was dropped and filled on the way from the cleaned reports to the panels.
    """
    panels, ledger = {}, Ledger()
    for level in study.level:
        panels[level.name], done = build_panel(study, level, cleaned)
        ledger += done
    return panels, ledger


def build_panel(study: Study, level: Level, cleaned: Cleaned) -> tuple[pd.DataFrame, Ledger]:
    """Build the panel of one level.

    Parameters
    ----------
    study, level
        The study and one of its levels.
    cleaned
        The study's cleaned reports, from `analysis.clean.reports.clean_study`.

    Returns
    -------
    panel : pandas.DataFrame
        A balanced panel that keeps the data contract, with the treatment (`adoption_period`,
        `coverage` or `dose`, for distributed lags also `dose_last_month`) and every measure that
        its columns allow.
    ledger : Ledger
        What was dropped and filled.

    Raises
    ------
    DataError
        If the panel breaks the data contract.
    """
    name = f"panel_{level.name}"
    if level.aggregate is None:
        counts, ledger = _from_source(study, level, cleaned)
    else:
        # What was done to the parts is in the ledger of their own panel.
        parts, _ = _from_source(study, study.get_level(level.aggregate), cleaned)
        counts, ledger = sum_within_districts(parts)
    ledger = ledger.for_table(name)
    panel = add_measures(validate_panel(counts, name=name))
    if level.categories is not None:
        match, done = _match_of_supply(study, level.categories, cleaned)
        panel = panel.merge(match, on=["unit", "period"], how="left", validate="one_to_one")
        ledger += done.for_table(level.categories)
    if level.dose is not None:
        panel = add_dose(panel, level.dose, level.unit)
        if level.lags or level.leads:
            last = dataclasses.replace(level.dose, months_before=1)
            panel = add_dose(panel, last, level.unit, "dose_last_month")
    return panel, ledger


def _from_source(study: Study, level: Level, cleaned: Cleaned) -> tuple[pd.DataFrame, Ledger]:
    """Balance the table of a level's source and join population and adoption."""
    source = study.get_table(str(level.source))
    table, ledger = cleaned.tables[source.name], Ledger()
    if level.keep is not None:
        table, ledger = keep_categories(table, level.keep)
    panel, done = _balanced(study, source, table, cleaned)
    references = cleaned.references
    if references.units is not None and references.units["population"].notna().any():
        population = references.units.set_index("unit")["population"]
        panel = panel.assign(population=panel["unit"].map(population))
    if references.adoption is not None:
        panel = join_adoption(panel, references.adoption)
    return panel, ledger + done


def _match_of_supply(study: Study, name: str, cleaned: Cleaned) -> tuple[pd.DataFrame, Ledger]:
    """Work out `targeting` from a source by category."""
    source = study.get_table(name)
    by_category, ledger = _balanced(study, source, cleaned.tables[name], cleaned)
    return targeting(by_category), ledger


def _balanced(
    study: Study, source: Source | TicketTable, table: pd.DataFrame, cleaned: Cleaned
) -> tuple[pd.DataFrame, Ledger]:
    if isinstance(source, TicketTable):
        # Its months without a case are zeros already; one that no file delivered has no row.
        return balance(table, study.periods, absent="missing", pairs="seen")
    first, last = covered_months(study, source)
    units = cleaned.references.units
    if units is not None and reports_on_districts(source):
        districts = units["district"].drop_duplicates()
        units = pd.DataFrame({"unit": districts, "district": districts})
    periods = pd.period_range(first, last, freq="M")
    return balance(table, periods, absent=source.absent, units=units)
