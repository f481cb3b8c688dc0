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
from analysis.simulate.recovery import recover_effects, summarise_recovery
from analysis.study.load import load_study
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
exhibits.number("recovery.draws", chosen.recovery.draws, ",.0f", unit="simulated cities")
counts = summary[summary["outcome"] == "complaints"]
for row in counts.to_dict("records"):
    name = f"recovery.complaints.{row['name']}"
    exhibits.number(f"{name}.bias", row["bias"], ".3f", unit="log points")
    exhibits.number(f"{name}.coverage", 100 * row["coverage"], ".0f", unit="per cent")
