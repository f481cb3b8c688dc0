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
# # All effects of the study
#
# Each effect was estimated in a notebook run of its own. Here they stand side by side, with
# outcomes in the order of the argument: volume, the concept of service, the mechanism of supply,
# the evaluation of performance, and trust. Nothing is estimated here.

# %% tags=["parameters"]
study = "beijing"

# %%
from IPython.display import Markdown, display

from analysis.effects.collect import collect_effects
from analysis.exhibits import Exhibits
from analysis.figures.recovery import draw_recovery
from analysis.study.load import load_study
from analysis.tables.estimators import estimators_table
from analysis.tables.side_by_side import all_estimators_table, effects_of_level, units_note
from analysis.workspace import find_workspace

# %%
workspace = find_workspace()
chosen = load_study(study, workspace.studies)
exhibits = Exhibits(workspace, chosen, "06_summary")
mark = " (Simulated)" if chosen.simulated else ""
Markdown(f"## {chosen.title_en}{mark}\n\n{chosen.title_zh}")

# %% [markdown]
# ## Effects by level
#
# An outcome that moves in one dimension and not in another says more than any single effect: fewer
# complaints together with fewer repeats fit prevention; fewer complaints together with fewer
# consultations would fit withdrawal. The first table of a level has its main estimator beside
# two-way fixed effects, where these are not the same; the second has all estimators.

# %%
effects = collect_effects(workspace.processed(study) / "exhibits", chosen)
for level in chosen.level:
    of_level = effects[effects["level"] == level.name]
    baseline = dict.fromkeys([level.main, "twfe", *(["poisson"] if level.main == "twfe" else [])])
    few = of_level[of_level["name"].isin(list(baseline))]
    clusters = " to ".join(f"{n:,}" for n in sorted({*of_level["clusters"].agg(["min", "max"])}))
    rows = " to ".join(f"{n:,}" for n in sorted({*of_level["observations"].agg(["min", "max"])}))
    shown = exhibits.table(
        f"effects-{level.name}",
        effects_of_level(few),
        caption=f"Effects of proactive handling: {level.title_en.lower()}, {chosen.place_en}",
        note=f"{units_note(level.outcomes)} {rows} observations in "
        f"{clusters} clusters; the runs of 03_effect state inference and rows dropped.",
    )
    display(shown)
    known = of_level["truth"].notna().any()
    shown = exhibits.table(
        f"estimators-{level.name}",
        all_estimators_table(of_level),
        caption=f"Effects by estimator: {level.title_en.lower()}, {chosen.place_en}",
        note=units_note(level.outcomes)
        + (" †: the 95% interval misses the truth of what is estimated." if known else ""),
    )
    display(shown)

# %% [markdown]
# ## What each estimator assumes
#
# Estimators differ in what they ask of the data. No one of them is best everywhere.

# %%
exhibits.table(
    "estimators",
    estimators_table(),
    caption="The estimators: what each estimates, what it assumes, and when to prefer it",
    note="All are available on any panel: compendium estimate.",
    published=True,
)

# %% [markdown]
# ## Against the truth
#
# If the data are simulated, the true effects are known. An interval that does not cross zero here
# misses the truth. Static estimators fall short where effects keep growing; a ceiling, which stops
# the growth of rates, hides their fault. Callaway-Sant'Anna gives each unit the weight of its first
# month throughout: where the programme or time changes the denominators, as for the consultation
# share, that is another average than the truth's. Distributed lags add up to an effect in the long
# run, for which no truth is recorded.

# %%
known = effects[effects["truth"].notna()]
for level in chosen.level:
    of_level = known[known["level"] == level.name]
    if of_level.empty:
        print(f"{level.title_en}: the data are real, so the truth is not known.")
        continue
    holds = of_level["truth"].between(of_level["lower"], of_level["upper"])
    held = int(holds.sum())
    exhibits.number(f"{level.name}.estimates", len(of_level), ",d")
    exhibits.number(f"{level.name}.estimates_that_hold", held, ",d")
    for name, kept in holds.groupby(of_level["name"]):
        exhibits.number(f"{level.name}.{name}.holds", int(kept.sum()), ",d", unit="outcomes")
        exhibits.number(f"{level.name}.{name}.outcomes", len(kept), ",d", unit="outcomes")
    figure = exhibits.figure(
        f"recovery-{level.name}",
        draw_recovery(of_level, study=chosen),
        caption=f"Estimate minus true effect, {level.title_en.lower()}, with 95% confidence "
        "intervals: an interval that does not cross zero misses the truth. Each is held against "
        "the truth of what it estimates: the average effect on the treated (or of a unit of "
        "coverage), or the mean effect over the estimator's own months.",
        alt="A panel for each outcome. For each estimator a point and an "
        "interval show the estimate minus the true effect; "
        f"{held} of {len(of_level)} intervals hold the truth.",
    )
    display(figure)
