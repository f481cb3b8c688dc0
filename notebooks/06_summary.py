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
# Each effect was estimated in a notebook run of its own. Here they stand side by side, one table
# for each level, with outcomes in the order of the argument: volume, the concept of service, the
# mechanism of supply, the evaluation of performance, and trust. Nothing is estimated here.

# %% tags=["parameters"]
study = "beijing"

# %%
from IPython.display import Markdown, display

from analysis.effects.collect import collect_effects
from analysis.exhibits import Exhibits
from analysis.study.load import load_study
from analysis.tables.side_by_side import effects_of_level
from analysis.workspace import find_workspace

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
# consultations would fit withdrawal.

# %%
effects = collect_effects(workspace.processed(study) / "exhibits", chosen)
for level in chosen.level:
    of_level = effects[effects["level"] == level.name]
    clusters = " to ".join(f"{n:,}" for n in sorted({*of_level["clusters"].agg(["min", "max"])}))
    rows = " to ".join(f"{n:,}" for n in sorted({*of_level["observations"].agg(["min", "max"])}))
    shown = exhibits.table(
        f"effects-{level.name}",
        effects_of_level(of_level),
        caption=f"Effects of proactive handling: {level.title_en.lower()}, {chosen.place_en}",
        note=f"Counts in log points, rates and shares in percentage points. {rows} observations in "
        f"{clusters} clusters; the runs of 03_effect state inference and rows dropped.",
    )
    display(shown)
