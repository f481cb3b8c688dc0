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
# # The volumes
#
# Draws them.

# %% tags=["parameters"]
study = "toy"

# %%
from matplotlib.figure import Figure

from analysis.exhibits import Exhibits
from analysis.study.load import load_study
from analysis.workspace import find_workspace

workspace = find_workspace()
exhibits = Exhibits(workspace, load_study(study, workspace.studies), "02_describe")

# %% [markdown]
# Volumes rise.

# %%
lines = (workspace.processed(study) / "panel_street.csv").read_text().splitlines()[1:]
volumes = [int(line.split(",")[2]) for line in lines]
figure = Figure(figsize=(2, 1))
figure.subplots().plot(volumes)
exhibits.figure("volumes", figure, caption="Simulated volumes.", alt="A rising line")
exhibits.number("total", sum(volumes), ",.0f")
