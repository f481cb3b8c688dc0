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
# # All effects
#
# Counts what the effects recorded.

# %% tags=["parameters"]
study = "toy"

# %%

from analysis.workspace import find_workspace

folder = find_workspace().processed(study) / "exhibits"
records = sorted(folder.glob("03_effect-*.json"))
len(records)
