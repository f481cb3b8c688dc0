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
# # The effect on one outcome
#
# What does proactive handling do to this outcome? The notebook writes down the design before it
# computes anything, says which rows the estimators use and which they cannot, and runs every
# estimator of the level that fits the outcome. If the data are simulated, the true effect is
# known, and each estimate stands beside it, also where it misses.

# %% tags=["parameters"]
study = "beijing"
level = "street"
outcome = "complaints"

# %%
import pandas as pd
from IPython.display import Markdown, display

from analysis.contract.measures import measure
from analysis.effects.design import design_for
from analysis.effects.record import record_effect, record_truth
from analysis.effects.registry import estimate, get_estimator
from analysis.effects.truth import (
    overall_truth,
    read_truth,
    true_effect,
    true_event_times,
    true_parts,
)
from analysis.effects.units import effect_unit
from analysis.exhibits import Exhibits
from analysis.figures.estimates import draw_estimates
from analysis.figures.event_study import draw_event_study
from analysis.panel.store import read_panel
from analysis.study.load import load_study
from analysis.tables.effects import (
    describe_design,
    describe_results,
    dropped_rows,
    effects_table,
    estimates_frame,
    format_effect,
    truth_table,
)
from analysis.workspace import find_workspace

# %%
pd.options.display.max_colwidth = None
workspace = find_workspace()
chosen = load_study(study, workspace.studies)
chosen_level = chosen.get_level(level)
measured = measure(outcome)
exhibits = Exhibits(workspace, chosen, "03_effect", run=f"{level}-{outcome}")
folder = workspace.processed(study)
panel = read_panel(folder / f"panel_{level}.csv")
marking = " (Simulated)" if chosen.simulated else ""
Markdown(
    f"## {measured.label_en}, {chosen_level.title_en.lower()}: {chosen.title_en}{marking}\n\n"
    f"{measured.label_zh}，{chosen_level.title_zh}：{chosen.title_zh}"
)

# %% [markdown]
# ## The design
#
# The design says which effect is meant, on which column, with which weights, and at which level
# the treatment was assigned; errors are clustered at that level. It comes from the study file.

# %%
design = design_for(chosen, chosen_level, outcome)
describe_design(design)

# %% [markdown]
# ## Rows that cannot be used
#
# An estimator leaves out rows that it cannot use and says why. Logarithms lose months without a
# case; Poisson regression keeps them, unless a unit never has a case at all.

# %%
names = [name for name in chosen_level.estimators if get_estimator(name).fits(design)]
results = [estimate(panel, design, name) for name in names]
dropped_rows(results, len(panel))

# %% [markdown]
# ## Estimates
#
# Effects on counts are in log points (about percent when small), effects on rates in percentage
# points. With few clusters the p-value and the interval come from a wild bootstrap, with many from
# t on clustered errors; the second table says which was used and why, and what each estimates.
#
# Where the true effect is known, each estimate is held against the truth of what it estimates: the
# static estimators against the average over treated months, the event study against the mean over
# its own months. For counts, a regression of the logarithm averages units and months alike, and so
# does its truth; Poisson regression counts cases alike.

# %%
table = read_truth(folder / "truth.csv") if chosen.truth else None
truths = None if table is None else [true_effect(table, level, result) for result in results]
inference = "; ".join(dict.fromkeys(result.inference for result in results))
exhibits.table(
    f"effect-{level}-{outcome}",
    effects_table(results, truths),
    caption=f"Effect on {measured.label_en.lower()}: {chosen_level.title_en.lower()}, "
    f"{chosen.place_en}",
    note=f"Inference: {inference}.",
)

# %%
for place, result in enumerate(results):
    record_effect(exhibits, level, result, None if truths is None else truths[place])
describe_results(results)

# %% [markdown]
# One two-way coefficient cannot show effects that build up: it compares late adopters with early
# ones whose effect is still growing, and takes that growth off the estimate. Poisson regression
# with the same fixed effects compares in the same way. Where the truth is known, the line is the
# effect on all cases under the programme together. The truth of each estimator, in the table above,
# can differ from it a little; what lies between that truth and a narrow interval is the bias of the
# design, not chance.

# %%
display(
    draw_estimates(
        estimates_frame(results),
        study=chosen,
        truth=None if table is None else overall_truth(table, level, design),
        unit=effect_unit(design.scale).name,
    )
)

# %% [markdown]
# ## Month by month
#
# Where units adopt the programme for good, the event study shows when the effect sets in, and
# whether units that would adopt were already on another path. The month before adoption is the
# reference; months outside the window have effects of their own that are not shown.

# %%
dynamic = [result for result in results if result.event_time is not None]
for result in dynamic:
    months = None if table is None else true_event_times(table, level, result)
    path = result.event_time["value"]
    before = format_effect(path[path.index < 0].abs().max(), design.scale)
    last = format_effect(path.iloc[-1], design.scale)
    figure = exhibits.figure(
        f"event-study-{level}-{outcome}",
        draw_event_study(result, study=chosen, truth=months),
        caption=f"Effect on {measured.label_en.lower()} by month since adoption, "
        f"{chosen_level.title_en.lower()}. Two-way fixed effects, reference: the month before "
        "adoption; bars are 95% intervals.",
        alt=f"Estimates by month from {path.index[0]} to {path.index[-1]} since adoption, in "
        f"{effect_unit(design.scale).name}. Before adoption none is larger than {before} in size; "
        f"the last is {last}.",
    )
    display(figure)
if not dynamic:
    print("The treatment of this level has no month of adoption, so there is no event study.")

# %% [markdown]
# ## The truth
#
# The true effect is known only because the data are simulated. For complaints it has two parts
# that no panel of counts can tell apart: prevention lowers the need for help, and trust raises the
# propensity to report what is needed. The effect on all cases together is their sum.

# %%
whole = None if table is None else overall_truth(table, level, design)
if whole is not None:
    record_truth(exhibits, level, results[0], whole)
    for part, value in true_parts(table, level, outcome).items():
        record_truth(exhibits, level, results[0], value, part=part)
    display(truth_table(table, level, outcome, design.scale))
else:
    print("The data are real, or this effect has no recorded truth: none can be shown.")
