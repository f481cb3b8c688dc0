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
# Reads the records of the effects.

# %% tags=["parameters"]
study = "toy"

# %%
import json

from analysis.workspace import find_workspace

folder = find_workspace().processed(study) / "exhibits"
records = sorted(folder.glob("03_effect-*.json"))
[sorted(json.loads(path.read_text())["numbers"]) for path in records]
