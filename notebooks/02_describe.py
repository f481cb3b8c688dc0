# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What the data show
#
# Before any effect is estimated, this notebook describes the place and the data: the stages of
# the policy, how many cases come in and who opens them, how the rates have moved, and how the
# programme spread. Nothing here is a causal claim. A section that the study has no data for says
# so in one line.

# %% tags=["parameters"]
study = "beijing"

# %%
import pandas as pd
from IPython.display import Markdown, display

from analysis.clean.ingested import INGESTED
from analysis.disclosure import has_small_group, hide_small
from analysis.exhibits import Exhibits
from analysis.figures.adoption import adoption_path, cohort_sizes, draw_adoption
from analysis.figures.dose import binned_residuals, draw_dose
from analysis.figures.initiators import draw_initiators
from analysis.figures.monthly_cases import draw_monthly_cases
from analysis.figures.published_rates import draw_published_rates, monthly_rates
from analysis.figures.tile_map import complaints_per_1000, draw_tile_map
from analysis.figures.timeline import draw_timeline
from analysis.figures.volumes import draw_volumes, yearly_cases
from analysis.panel.store import read_panel
from analysis.study.load import load_study
from analysis.study.sources import Source
from analysis.study.tickets import TicketTable
from analysis.tables.handling import handling_table
from analysis.tables.initiators import (
    deadline_table,
    initiator_counts,
    initiators_of_tickets,
    large_types,
    monthly_counts,
    shares_by_type,
)
from analysis.tables.published import (
    published_rates,
    published_table,
    read_published,
    yearly_volumes,
)
from analysis.tables.stages import stage_table
from analysis.tables.summary import summarise_panel, summary_table
from analysis.workspace import find_workspace

# %%
pd.options.display.max_colwidth = None
workspace = find_workspace()
chosen = load_study(study, workspace.studies)
exhibits = Exhibits(workspace, chosen, "02_describe")
folder = workspace.processed(chosen.name)
panels = {level.name: read_panel(folder / f"panel_{level.name}.csv") for level in chosen.level}
main = panels[chosen.level[0].name]
mark = " (Simulated)" if chosen.simulated else ""
Markdown(f"## {chosen.title_en}{mark}\n\n{chosen.title_zh}")

# %% [markdown]
# ## The stages of the policy
#
# The policy began with streets that may summon city departments, went on to answering every
# complaint fast, and then to acting before anyone complains. The periods are ours; every event is
# in the published timeline with its source.

# %%
if chosen.stage:
    timeline = read_published(workspace.published, "timeline")
    stages = stage_table(chosen, timeline)
    shown = exhibits.table(
        "stages",
        stages,
        caption=f"Stages of the policy, {chosen.place_en}",
        note="Events: entries of the published timeline that fall in the stage.",
        published=True,
    )
    display(shown)
    figure = exhibits.figure(
        "timeline",
        draw_timeline(timeline, study=chosen),
        caption=f"Stages of the policy in {chosen.place_en} and the events that mark them. "
        "Published facts; the division into stages is ours.",
        alt="A line of time, downwards, in bands: "
        + "; ".join(f"{row.Name}, {row.Months}" for row in stages.itertuples()),
        published=True,
    )
    display(figure)
else:
    print("The study file lists no stages of a policy.")

# %% [markdown]
# ## Volumes
#
# Yearly totals are published for some years; for the others they follow, roughly, from cumulative
# totals. Sources differ, above all on what counts as a demand, and the figure shows where. A
# hotline also answers consultations, at once; complaints are the part that the effects are about.

# %%
if chosen.published:
    figures = read_published(workspace.published, "figures")
    accepted = yearly_volumes(figures)
    shown = exhibits.table(
        "published-totals",
        published_table(accepted),
        caption=f"All cases accepted by the hotline of {chosen.place_en}, by year",
        note="Worked out: from cumulative totals, which are rounded to a million or more.",
        published=True,
    )
    display(shown)
    for row in accepted.itertuples():
        name = f"published.accepted.{row.year}"
        exhibits.number(name, row.value / 100, ".2f", unit="million cases", published=True)
    shares = figures.loc[figures["series"] == "accepted_demands_share", "value"]
    exhibits.number("published.demand_share", shares.iloc[0], ".1f", unit="%", published=True)
else:
    print("There are no published totals to compare with.")

# %%
cases = yearly_cases(main)
if chosen.published:
    demands = {
        "Published: handled": yearly_volumes(figures, "demands_handled"),
        "Published: dispatched": yearly_volumes(figures, "dispatched_orders"),
    }
    figure = exhibits.figure(
        "published-volumes",
        draw_volumes(accepted, demands, cases, study=chosen),
        caption="Cases by year, published and in the panel. (a) Complaints and "
        "consultations; hatched bars are worked out from cumulative totals, and the whisker shows "
        "where sources differ. (b) Complaints alone, beside two published counts of demands.",
        alt=f"Bars by year. All cases go from {cases['all_cases'].iloc[0]:,.0f} to "
        f"{cases['all_cases'].iloc[-1]:,.0f} times 10,000, with a peak of "
        f"{cases['all_cases'].max():,.0f} in {cases.loc[cases['all_cases'].idxmax(), 'year']}.",
    )
    display(figure)
    for row in cases.itertuples():
        for name, value in (("cases", row.all_cases), ("complaints", row.complaints)):
            exhibits.number(f"panel.{name}.{row.year}", value / 100, ".2f", unit="million cases")

# %% [markdown]
# Month by month, volumes have seasons, trends and surges that no street or district makes. They
# are common to all units, and the designs compare units within the same month.

# %%
names = {
    "complaints": "Complaints",
    "consultations": "Consultations",
    "proactive_cases": "Proactive cases",
}
given = [name for name in names if name in main.columns]
monthly = main.groupby("period")[given].sum().rename(columns=names)
monthly = hide_small(monthly, chosen.threshold).dropna(axis="columns", how="all")
if len(monthly.columns):
    figure = exhibits.figure(
        "monthly-cases",
        draw_monthly_cases(monthly, study=chosen),
        caption=f"Cases by month, all units together ({chosen.level[0].title_en.lower()}).",
        alt="Lines by month: "
        + "; ".join(
            f"{name} from {line.iloc[0]:,} to {line.iloc[-1]:,}, highest in {line.idxmax()}"
            for name, line in ((name, line.dropna()) for name, line in monthly.items())
        ),
    )
    display(figure)
else:
    print("In no month are there enough cases to be told.")

# %% [markdown]
# ## Rates
#
# Rates that rise towards a ceiling rise ever more slowly, so early gains are no measure of later
# ones. The published figures are few, and some contradict each other.

# %%
rates = [name for name in ("resolution_rate", "satisfaction_rate") if name in main.columns]
if chosen.published and rates:
    published = published_rates(figures, tuple(rates))
    path = monthly_rates(main, rates)
    figure = exhibits.figure(
        "published-rates",
        draw_published_rates(published, path, study=chosen),
        caption="Rates among the residents called back: published figures (squares; "
        "hollow where another source contradicts them) and the panel's path (line).",
        alt="A panel for each rate, with the panel's line and the published points: "
        + "; ".join(
            f"{name.replace('_', ' ')} from {100 * path[name].iloc[0]:.0f} to "
            f"{100 * path[name].iloc[-1]:.0f} per cent"
            for name in rates
        ),
    )
    display(figure)
else:
    print("There are no published rates to compare with.")

# %%
if chosen.published and rates:
    for name in rates:
        own = published[(published["measure"] == name) & ~published["disputed"]]
        own = own.sort_values(["first_month", "last_month"])
        for end, row in (("first", own.iloc[0]), ("last", own.iloc[-1])):
            exhibits.number(
                f"published.{name.removesuffix('_rate')}.{end}",
                100 * row["value"],
                ".2f",
                unit="%",
                published=True,
            )

# %% [markdown]
# ## Every measure, in numbers
#
# One table a level: the four dimensions of the argument are columns of the panel, so they can be
# counted before they are explained. Means count rows alike; the overall rate counts cases alike.

# %%
for level in chosen.level:
    panel = panels[level.name]
    shown = exhibits.table(
        f"summary-{level.name}",
        summary_table(
            summarise_panel(panel, level.outcomes), restricted=chosen.access == "restricted"
        ),
        caption=f"Measures of the panel: {level.title_en}",
        note=f"{len(panel):,} rows, one per {' and '.join(level.unit)} and month.",
    )
    display(Markdown(f"**{level.title_en} {level.title_zh}**"), shown)
    units = len(panel.drop_duplicates(list(level.unit)))
    months = panel["period"].nunique()
    exhibits.number(f"{level.name}.panel.rows", len(panel), ",d", unit="rows")
    exhibits.number(f"{level.name}.panel.units", units, ",d", unit="units")
    exhibits.number(f"{level.name}.panel.periods", months, ",d", unit="months")
    for name in ("complaints", "proactive_cases"):
        exhibits.number(f"{level.name}.panel.{name}", panel[name].sum(), ",d", unit="cases")

# %% [markdown]
# A handling time is known only of months whose every case could be followed, and only if enough
# cases were closed by then. Where many are missing, the rows that are left are the quicker ones.

# %%
for level in chosen.level:
    without = handling_table(panels[level.name], level, chosen)
    if without.empty:
        print(f"{level.title_en}: no handling time is among the outcomes.")
        continue
    shown = exhibits.table(
        f"handling-{level.name}",
        without,
        caption=f"Why rows have no handling time: {level.title_en}",
        note="Each row is counted under the first reason that holds.",
    )
    display(shown)

# %% [markdown]
# ## How the programme spread
#
# A programme that comes in waves is not handed out at random: where the share of people covered
# runs ahead of the share of units, the larger units came first. Those that have it differ from
# those that do not, so a comparison must be of changes, not of levels. Of restricted data this is
# not shown if a cohort has few units.

# %%
unit = chosen.level[0].unit
if chosen.adoption and has_small_group(main, unit, "adoption_period", chosen.threshold):
    print("The data are restricted, and a cohort has too few units to be shown on its own.")
elif chosen.adoption:
    spread, cohorts = adoption_path(main), cohort_sizes(main)
    never = cohorts.loc[cohorts["cohort"] == "never", "units"].sum() / cohorts["units"].sum()
    figure = exhibits.figure(
        "adoption",
        draw_adoption(main, study=chosen),
        caption="Spread of the programme. (a) Share of units and of their population "
        "under it. (b) Units by the month in which they came under it.",
        alt=f"(a) Two rising steps; at the end {100 * spread['units'].iloc[-1]:.0f} per cent of "
        f"units are covered. (b) Bars for {len(cohorts) - 1} cohorts; "
        f"{100 * never:.0f} per cent of units never adopt.",
    )
    display(figure)
    exhibits.number("adoption.cohorts", len(cohorts) - 1, "d", unit="cohorts")
    exhibits.number("adoption.never_share", 100 * never, ".0f", unit="%")
    exhibits.number(
        f"{chosen.level[0].name}.panel.never_treated",
        cohorts.loc[cohorts["cohort"] == "never", "units"].sum(),
        ",d",
        unit="units",
    )
    for name in spread.columns:
        exhibits.number(f"adoption.{name}_share", 100 * spread[name].iloc[-1], ".0f", unit="%")
else:
    print("The study has no adoption months; its treatment is a dose, described below.")

# %% [markdown]
# ## Where complaints come from
#
# Districts differ in complaints per resident. Some of that is need and some the habit of
# reporting; the map cannot tell them apart. Of restricted data no district is shown by name.

# %%
if chosen.access == "restricted":
    print("The data are restricted, so districts are not shown one by one.")
elif chosen.tile and "population" in main.columns:
    year = chosen.periods[-1].year
    density = complaints_per_1000(main, year)
    names = {tile.district: tile.label_en for tile in chosen.tile}
    figure = exhibits.figure(
        "tile-map",
        draw_tile_map(density, study=chosen, label=f"Complaints per 1,000 residents, {year}"),
        caption=f"Complaints per 1,000 residents in {year}, by district; every district "
        "is drawn as a square of one size in its rough place.",
        alt=f"Tile map of {len(density)} districts; most in {names[density.idxmax()]} "
        f"({density.max():.0f}), fewest in {names[density.idxmin()]} ({density.min():.0f}).",
    )
    display(figure)
    exhibits.number("density.highest", density.max(), ".0f", unit="per 1,000 residents")
    exhibits.number("density.lowest", density.min(), ".0f", unit="per 1,000 residents")
else:
    print("The study has no tile map.")

# %% [markdown]
# ## Who opens cases
#
# Where the raw data say who opened a case, staff open many before anyone complains, but not of
# every type: some types only staff can file and some only residents do, and there the order of the
# two cannot be studied. The panel keeps the types that both file (bold). Of tickets, those are
# counted that the account of `01_clean` keeps.

# %%
reported, ticketed = {}, {}
for level in chosen.level:
    source = chosen.get_table(level.source) if level.source else None
    if isinstance(source, TicketTable) and "category" in source.keys:
        table = read_panel(folder / INGESTED / f"{source.name}.csv")
        ticketed[level.name] = initiators_of_tickets(table)
    elif isinstance(source, Source) and source.initiators:
        reported[level.name] = initiator_counts(workspace.raw(chosen.name), source)
counts = reported | ticketed
if not counts:
    print("The raw data do not say who opened each case.")

# %%
for name, count in counts.items():
    title = chosen.get_level(name).title_en
    kept = list(panels[name]["category"].unique())
    types = shares_by_type(count, kept)
    figure = exhibits.figure(
        f"initiators-{name}",
        draw_initiators(large_types(types, chosen.threshold), study=chosen, largest=16),
        caption=f"Who opened the cases, by request type, largest types first: {title}. "
        "Bold: types that the panel keeps because residents and staff both file them.",
        alt=f"Stacked bars for the largest of {len(types)} request types; the panel keeps "
        f"{len(kept)}. The largest, {types.index[0]}, is opened by residents in "
        f"{100 * types['resident'].iloc[0]:.0f} per cent of cases.",
    )
    display(figure)
    share = types.loc[types["kept"], "cases"].sum() / types["cases"].sum()
    exhibits.number(f"{name}.keep.types_before", len(types), "d", unit="types")
    exhibits.number(f"{name}.keep.types", len(kept), "d", unit="types")
    exhibits.number(f"{name}.keep.case_share", 100 * share, ".0f", unit="%")
    if keep := chosen.get_level(name).keep:
        smallest = 100 * keep.minimum_share_of_each_initiator
        exhibits.number(f"{name}.keep.minimum_share", smallest, ".0f", unit="%")

# %% [markdown]
# Extraordinary months show at once: under record snow, staff log few of the cases that they
# usually find themselves, while residents go on calling. Month effects take out what is common to
# all units.

# %%
who = {"resident": "Residents", "proactive": "Staff, before a complaint"}
for name, count in counts.items():
    opened = hide_small(monthly_counts(count)[list(who)], chosen.threshold).rename(columns=who)
    if opened.isna().all().any():
        print(f"{chosen.get_level(name).title_en}: too few cases in every month to be told.")
        continue
    least = opened[who["proactive"]].idxmin()
    figure = exhibits.figure(
        f"opened-{name}",
        draw_monthly_cases(opened, study=chosen, lowest=who["proactive"]),
        caption=f"Cases by month and by who opened them: "
        f"{chosen.get_level(name).title_en}. The month with fewest proactive cases is named.",
        alt=f"Two lines by month. Staff open fewest cases in {least}: "
        f"{opened.loc[least, who['proactive']]:,}, against "
        f"{opened.loc[least, who['resident']]:,} by residents.",
    )
    display(figure)

# %% [markdown]
# ## What is missing
#
# Cases without a deadline are recorded as on time in the source, so they say nothing about
# timeliness and are left out of the on-time rate. Cases that staff log when the work is done are
# on time by construction. A share of cases has no unit and cannot enter a panel.

# %%
for name, count in reported.items():
    title = chosen.get_level(name).title_en
    shown = exhibits.table(
        f"deadlines-{name}",
        deadline_table(count),
        caption=f"Cases without a unit and without a deadline: {title}",
    )
    display(shown)
    residents = count[count["initiator"] == "resident"]
    undated = 1 - residents["with_deadline"].sum() / residents["cases"].sum()
    placeless = count.loc[~count["is_unit"], "cases"].sum() / count["cases"].sum()
    exhibits.number(f"{name}.raw.cases", count["cases"].sum(), ",d", unit="cases")
    exhibits.number(f"{name}.raw.no_deadline_share", 100 * undated, ".0f", unit="%")
    exhibits.number(f"{name}.cleaning.no_unit_share", 100 * placeless, ".0f", unit="%")
if ticketed:
    print("Of tickets, 01_clean accounts for what is missing; one without a deadline has no mark.")
elif not reported:
    print("The reports give no deadlines.")

# %% [markdown]
# ## Dose and complaints
#
# Where the treatment is a dose, the plain question is whether complaints fall where staff were
# busier than usual in the months before. The figure takes out what is constant in a unit and what
# is common to a month; what remains is an association, not an effect.

# %%
doses = [level for level in chosen.level if level.dose]
for level in doses:
    bins = binned_residuals(panels[level.name], level)
    figure = exhibits.figure(
        f"dose-{level.name}",
        draw_dose(bins, study=chosen),
        caption=f"Complaints and the dose of proactive cases, both as residuals from "
        f"the fixed effects of the design, in bins of equally many rows: {level.title_en}.",
        alt=f"Scatter of {len(bins)} bins with a line of slope {bins.attrs['slope']:.3f}.",
    )
    display(figure)
    exhibits.number(f"{level.name}.dose.slope", bins.attrs["slope"], ".3f")
if not doses:
    print("The treatment is an adoption, not a dose.")
