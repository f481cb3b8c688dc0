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
# Reads nothing that another notebook makes.

# %% tags=["parameters"]
study = "toy"

# %%
print(study)
