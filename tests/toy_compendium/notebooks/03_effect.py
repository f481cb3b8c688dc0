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
# # One effect
#
# Estimates it.

# %% tags=["parameters"]
study = "toy"
level = "street"
outcome = "complaints"
estimators = "level"

# %%
import pandas as pd

from analysis.effects.result import Estimate
from analysis.exhibits import Exhibits
from analysis.study.load import load_study
from analysis.workspace import find_workspace

workspace = find_workspace()
run = f"{level}-{outcome}"
exhibits = Exhibits(workspace, load_study(study, workspace.studies), "03_effect", run)

# %%
panel = pd.read_csv(workspace.processed(study) / f"panel_{level}.csv")
means = panel.groupby("month")["complaints"].mean()
estimate = Estimate(means.iloc[1] - means.iloc[0], 1.0, 0.0, 1.0, 0.5)
print("estimators:", estimators)
exhibits.number(f"{level}.{outcome}.att", estimate.value, ".2f")
exhibits.table(f"effect-{level}-{outcome}", panel, caption="Simulated.")
