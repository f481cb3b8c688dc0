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
# # Is it robust?
#
# It is a toy.

# %% tags=["parameters"]
study = "toy"
level = "street"
outcome = "complaints"
estimator = "main"

# %%
print(study, level, outcome, estimator)
