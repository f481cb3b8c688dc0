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
# # How much the estimate depends on choices
#
# An effect that only one sample, one estimator or one way of clustering shows is no finding. This
# notebook varies the choices one at a time and runs placebos, in which there is nothing to find.
# Checks that the study's level cannot carry are left out, with a line that says so.

# %% tags=["parameters"]
study = "beijing"
level = "street"
outcome = "complaints"

# %%
import dataclasses

import pandas as pd
from IPython.display import Markdown, display

from analysis.contract.measures import measure
from analysis.effects.design import design_for
from analysis.effects.registry import estimate, get_estimator
from analysis.effects.robustness import (
    across_designs,
    across_estimators,
    across_panels,
    ends_of_long_groups,
    future_dose,
    leave_one_out,
    placebo_adoption,
    pre_trend_test,
    without_months,
)
from analysis.effects.units import effect_unit
from analysis.exhibits import Exhibits
from analysis.figures.estimates import draw_estimates
from analysis.panel.dose import add_dose
from analysis.panel.store import read_panel
from analysis.study.load import load_study
from analysis.tables.effects import robustness_table
from analysis.workspace import find_workspace

# %%
pd.options.display.max_colwidth = None
pd.options.display.max_rows = 100
workspace = find_workspace()
chosen = load_study(study, workspace.studies)
chosen_level = chosen.get_level(level)
measured = measure(outcome)
exhibits = Exhibits(workspace, chosen, "04_robustness", run=f"{level}-{outcome}")
panel = read_panel(workspace.processed(study) / f"panel_{level}.csv")
design = design_for(chosen, chosen_level, outcome)
names = [name for name in chosen_level.estimators if get_estimator(name).fits(design)]
marking = " (Simulated)" if chosen.simulated else ""
checks = []
Markdown(
    f"## {measured.label_en}, {chosen_level.title_en.lower()}: {chosen.title_en}{marking}\n\n"
    f"{measured.label_zh}，{chosen_level.title_zh}：{chosen.title_zh}"
)

# %% [markdown]
# ## Estimators
#
# For counts, logarithms weigh small and large units alike and lose months without a case; Poisson
# regression weighs units by their volume and keeps such months. If the effect is the same for all,
# both find it; if they differ, the effect does too, between small units and large ones or over
# time. The checks below all use two-way fixed effects.

# %%
checks.append(across_estimators(panel, design, names))
checks[-1]

# %% [markdown]
# ## Clusters
#
# Errors are clustered where the treatment was assigned. Streets of one district share an
# administration, so their errors may move together; with districts as clusters there are few of
# them, and the wild bootstrap takes over.

# %%
districts, clusters = len(panel["district"].unique()), len(panel[design.cluster].unique())
if 1 < districts < clusters:
    coarser = {"by district": dataclasses.replace(design, cluster="district")}
    checks.append(across_designs(panel, coarser, "twfe", group="Coarser clusters"))
    display(checks[-1])
else:
    print("There is no coarser level than the one at which errors are clustered.")

# %% [markdown]
# ## Weights
#
# A rate is weighted by its denominator. Without weights each unit counts the same, whether ten
# residents were called back or a thousand.

# %%
if design.weights is not None:
    plain = dataclasses.replace(design, weights=None)
    checks.append(across_designs(panel, {"without weights": plain}, "twfe", group="Weights"))
    display(checks[-1])
else:
    print("A count has no weights.")

# %% [markdown]
# ## One left out
#
# If one district, or one cluster where there is one district only, made the result, leaving it out
# would show.

# %%
by = "district" if districts > 1 else design.cluster
checks.append(leave_one_out(panel, design, "twfe", by))
unit = effect_unit(design.scale)
for end, value in {
    "lowest": checks[-1]["value"].min(),
    "highest": checks[-1]["value"].max(),
}.items():
    name = f"{level}.{outcome}.leave_one_out.{end}"
    exhibits.number(name, unit.factor * value, unit.form, unit=unit.name)
checks[-1]

# %% [markdown]
# ## Months out of the ordinary
#
# The study file names months that were not like others. They are left out, and so are the months
# whose dose counts them.

# %%
if chosen_level.exceptional_months:
    reach = chosen_level.dose.months_before if chosen_level.dose else 0
    ordinary = without_months(panel, chosen_level.exceptional_months, reach)
    label = f"without {', '.join(chosen_level.exceptional_months)}"
    checks.append(across_panels({label: ordinary}, design, "twfe", group="Exceptional months"))
    display(checks[-1])
else:
    print("The study names no exceptional months.")

# %% [markdown]
# ## Placebo: before adoption
#
# With adoption dated too early, and only months before the real adoption kept, there is no effect
# to find. The joint test of all months before adoption asks the same of the event study. Passing is
# weak comfort: the test can lack power, and results that passed it are a selection (Roth 2022).

# %%
if design.treatment == "adoption":
    placebos = [placebo_adoption(panel, design, "twfe", months) for months in (6, 12)]
    checks += placebos
    display(pd.concat(placebos, ignore_index=True))
    test = pre_trend_test(estimate(panel, design, "twfe_event_study"))
    name = f"{level}.{outcome}.pretrend"
    exhibits.number(f"{name}.f", test.statistic, ".2f")
    exhibits.number(f"{name}.p", test.p_value, ".3f")
    exhibits.number(f"{name}.leads", test.leads, ",d", unit="months")
    print(f"F({test.leads}, {test.degrees}) = {test.statistic:.2f}, p = {test.p_value:.3f}")
else:
    print("The treatment of this level has no month of adoption.")

# %% [markdown]
# ## The dose: over how many months
#
# How long proactive work might keep complaints away is not known. The dose is averaged over one,
# three and six months before.

# %%
if chosen_level.dose is not None:
    windows = {
        f"months before: {months}": dataclasses.replace(chosen_level.dose, months_before=months)
        for months in (1, 3, 6)
    }
    doses = {label: add_dose(panel, dose, design.unit) for label, dose in windows.items()}
    checks.append(across_panels(doses, design, "twfe", group="Months in the dose"))
    display(checks[-1])
else:
    print("The treatment of this level is not a count of the months before.")

# %% [markdown]
# ## Placebo: the dose of later months
#
# What staff find later cannot change what residents complained about before. If the later dose has
# an 'effect' of its own, then something moves both, or staff go where complaints were; the estimate
# for the dose itself is then an association and no effect. The line below says which it is.

# %%
if design.treatment == "dose":
    ahead = chosen_level.dose.months_before + 1 if chosen_level.dose else 12
    checks.append(future_dose(panel, design, ahead))
    later = checks[-1].iloc[1]
    name = f"{level}.{outcome}.later_dose"
    exhibits.number(f"{name}.att", unit.factor * later["value"], unit.form, unit=unit.name)
    exhibits.number(f"{name}.p", later["p_value"], ".3f")
    display(checks[-1])
    verdict = "goes" if later["p_value"] <= 0.05 else "does not detectably go"
    print(f"The dose {ahead} months later {verdict} with this month's outcome.")
else:
    print("The treatment of this level is not a dose.")

# %% [markdown]
# ## All checks together

# %%
together = pd.concat(checks, ignore_index=True)
exhibits.table(
    f"robustness-{level}-{outcome}",
    robustness_table(together, design.scale),
    caption=f"Checks of the effect on {measured.label_en.lower()}: "
    f"{chosen_level.title_en.lower()}, {chosen.place_en}",
    note="Two-way fixed effects unless another estimator is named. Intervals and p-values by wild "
    "cluster bootstrap where there are few clusters, else by t on clustered errors.",
)

# %%
first = get_estimator("twfe").label_en
shown = ends_of_long_groups(together)
exhibits.figure(
    f"robustness-{level}-{outcome}",
    draw_estimates(shown, study=chosen, unit=unit.name, reference=first),
    caption=f"Checks of the effect on {measured.label_en.lower()}, "
    f"{chosen_level.title_en.lower()}. Dots are estimates, bars 95% intervals; the vertical line "
    "is the two-way estimate that the checks vary. Of units left out in turn the lowest and the "
    "highest estimate are shown. In the placebos there is no effect to find.",
    alt=f"{len(shown)} estimates one below the other, in groups. "
    f"{int((shown['value'] < 0).sum())} of them are below zero, "
    f"{int((shown['upper'] < 0).sum())} with an interval that lies below zero.",
)
