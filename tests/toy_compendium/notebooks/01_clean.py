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
# # Raw reports to panels
#
# Copies the reports.

# %% tags=["parameters"]
study = "toy"

# %%
from analysis.workspace import find_workspace

workspace = find_workspace()
raw = workspace.raw(study)

# %%
reports = (raw / "reports.csv").read_bytes()
processed = ("data", "processed", study)
workspace.write_to(*processed, "panel_street.csv").write_bytes(reports)
workspace.write_to(*processed, "truth.csv").write_bytes((raw / "truth.csv").read_bytes())
workspace.write_to(*processed, "cleaning_ledger.csv").write_bytes(b"step\n")
print("rows:", reports.count(b"\n") - 1)
