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
# # Recovering the truth
#
# In a simulated study the true effects are known, because we planted them. One estimate that
# misses its truth may have had bad luck. This notebook simulates the city again with other random
# numbers, estimates again, and looks at bias and at how often the confidence intervals hold the
# truth. It says something about methods and nothing about the city.

# %% tags=["parameters"]
study = "beijing"

# %%
from IPython.display import Markdown

from analysis.exhibits import Exhibits
from analysis.figures.recover import draw_recover
from analysis.ledger.tolerance import error_of_share, tolerance_of_draws
from analysis.recover.built_in import built_in_shape
from analysis.recover.experiment import Experiment, run_experiment
from analysis.recover.summary import refusals, summarise
from analysis.simulate.recovery import recover_effects, summarise_recovery
from analysis.study.load import load_study
from analysis.tables.recover import monte_carlo_table
from analysis.tables.side_by_side import recovery_table
from analysis.workspace import find_workspace

# %%
workspace = find_workspace()
chosen = load_study(study, workspace.studies)
exhibits = Exhibits(workspace, chosen, "05_recovery")
Markdown(f"## {chosen.title_en} (Simulated)\n\n{chosen.title_zh}")

# %% [markdown]
# ## Fresh twins
#
# A static two-way regression uses streets that already adopted as controls for those that adopt
# later. Their effects are still growing, so the growth is subtracted: the estimate comes out too
# small, and its interval is narrow. The event study compares months since adoption and comes
# nearer. The fresh cities are estimated from their counts as they were drawn, without the dirt of
# reports.
#
# Bias is the mean of estimate minus truth over twins, with its Monte Carlo error. Coverage is the
# share of the 95 per cent intervals that hold the truth; with few twins it is coarse.

# %%
summary = summarise_recovery(recover_effects(chosen, chosen.recovery))
exhibits.table(
    "recovery",
    recovery_table(summary),
    caption=f"Recovery of the true effect on {chosen.recovery.draws} freshly simulated cities, "
    f"{chosen.get_level(chosen.recovery.level).title_en.lower()}",
    note="Bias: mean of estimate minus truth, with its Monte Carlo standard error in parentheses. "
    "Spread: standard deviation of the estimates over cities. Stated error: mean standard error. "
    "Coverage: share of 95% intervals that hold the truth. Log points for counts, percentage "
    "points for rates.",
)

# %%
cities = chosen.recovery.draws
exhibits.number("recovery.draws", cities, ",.0f", unit="simulated cities")
counts = summary[summary["outcome"] == "complaints"]
for row in counts.to_dict("records"):
    name = f"recovery.complaints.{row['name']}"
    tolerance = tolerance_of_draws(row["bias_error"], cities)
    exhibits.number(f"{name}.bias", row["bias"], ".3f", unit="log points", tolerance=tolerance)
    share = 100 * row["coverage"]
    tolerance = tolerance_of_draws(100 * error_of_share(row["coverage"], cities), cities)
    exhibits.number(f"{name}.coverage", share, ".0f", unit="per cent", tolerance=tolerance)

# %% [markdown]
# ## Do intervals hold what they promise?
#
# Ten cities say whether an estimator is biased; they cannot say whether a 95 per cent interval
# holds the truth 95 times in a hundred. For that, panels of one shape are drawn many times: as many
# units, cohorts and months as in the shape, shocks common to a district and shocks of its own that
# linger, early adoption where volume was high. Each estimator gets the inference that is its
# default with so few clusters. Where there is no effect, the size is how often it is called
# significant; where effects grow and differ between cohorts, bias and coverage are held against the
# true average.
#
# The same can be done for a panel of your own: `python3 reproduce.py recover --help`.

# %%
monte_carlo = chosen.recovery.monte_carlo
experiment = Experiment(
    built_in_shape(monte_carlo.shape),
    monte_carlo.draws,
    effects=monte_carlo.effects,
    estimators=monte_carlo.estimators,
    seed=chosen.seed,
)
tried = run_experiment(experiment, workers=2)
held = summarise(tried)
exhibits.table(
    "monte-carlo-estimators",
    monte_carlo_table(held, "count"),
    caption=f"Estimators and their default inference on {monte_carlo.draws} simulated panels in "
    f"the shape of {monte_carlo.shape}",
    note="Monte Carlo standard errors in parentheses. Size: share of tests at 5% that reject where "
    "there is no effect; power: where there is one. Coverage: share of 95% intervals that hold "
    "the truth. Log points.",
)

# %%
exhibits.figure(
    "monte-carlo",
    draw_recover(held, scale="count"),
    caption="Bias, and coverage of 95% intervals, of estimators with their default inference, on "
    f"{monte_carlo.draws} simulated panels in the shape of {monte_carlo.shape}; lines are two "
    "Monte Carlo standard errors.",
    alt="Two rows of two panels; the numbers are those of the table.",
)

# %%
exhibits.number("monte_carlo.draws", monte_carlo.draws, ",d", unit="panels")
for row in held[held["headline"]].to_dict("records"):
    name = f"monte_carlo.{row['effect']}.{row['estimator']}"
    share, bias = 100 * row["coverage"], row["bias"]
    tolerance = tolerance_of_draws(100 * row["coverage_error"], row["replications"])
    exhibits.number(f"{name}.coverage", share, ".0f", unit="per cent", tolerance=tolerance)
    if row["effect"] != "none":
        tolerance = tolerance_of_draws(row["bias_error"], row["replications"])
        exhibits.number(f"{name}.bias", bias, ".3f", unit="log points", tolerance=tolerance)
refusals(tried)
