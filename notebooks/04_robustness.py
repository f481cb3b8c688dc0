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
# An effect that only one sample, one comparison or one way of clustering shows is no finding. This
# notebook varies the choices one at a time and runs placebos, in which there is nothing to find.
# Checks that the study's level cannot carry are left out, with a line that says so; those that its
# panel cannot carry stand at the end, with the reason. Estimators stand side by side in
# `03_effect`; what a violation of the assumptions would do is in `07_sensitivity`.
#
# The checks start from the main estimator of the study's level. To check another, change
# `estimator` below to its name.

# %% tags=["parameters"]
study = "beijing"
level = "street"
outcome = "complaints"
estimator = "main"

# %%
import dataclasses

import numpy as np
import pandas as pd
from IPython.display import Markdown, display

from analysis.effects.by_level import design_to_check
from analysis.effects.draws import tolerance_of_p_values
from analysis.effects.estimate import estimate
from analysis.effects.inference.uncertainty import Choices
from analysis.effects.record import record_checks
from analysis.effects.refusals import Refusals
from analysis.effects.registry import get_estimator
from analysis.effects.sensitivity.complete import complete_units
from analysis.effects.sensitivity.placebos import future_dose, placebo_adoption
from analysis.effects.sensitivity.pretrends import pre_trend_test
from analysis.effects.sensitivity.second_engine import second_engine
from analysis.effects.sensitivity.variants import (
    across_designs,
    across_estimators,
    across_inferences,
    across_panels,
    leave_one_out,
    stack_checks,
    without_months,
)
from analysis.effects.subject import read_subject
from analysis.effects.units import effect_unit
from analysis.figures.estimates import draw_estimates, ends_of_long_groups
from analysis.ledger.tolerance import LAST_DIGIT
from analysis.panel.dose import add_dose
from analysis.tables.checks import checks_at_hand
from analysis.tables.effects import notes_table, robustness_table

# %%
pd.options.display.max_colwidth = None
pd.options.display.max_rows = 100
subject = read_subject("04_robustness", study, level, outcome)
chosen, chosen_level, measured = subject.study, subject.level, subject.measure
panel, exhibits = subject.panel, subject.exhibits
name, design = design_to_check(estimator, chosen, chosen_level, outcome)
label = get_estimator(name).label_en
unit = effect_unit(design.scale)
adopts = design.treatment == "adoption"
refusals = Refusals()
Markdown(subject.heading)

# %% [markdown]
# ## The estimate that is checked

# %%
checks = [across_estimators(panel, design, [name], group="The estimate")]
checks_at_hand(checks[-1], design.scale)

# %% [markdown]
# ## Inference
#
# The same estimate, its uncertainty worked out in other ways: other small-sample corrections, a
# jackknife, bootstraps; and if adoption could have fallen otherwise, by dealing its dates out anew,
# which needs no clusters at all. Two-way clusters and Driscoll-Kraay allow for shocks that many
# units share in a month. A method that needs a regression is left out where the estimator is none,
# and is shown for the two-way coefficient instead.

# %%
clusters = panel[design.cluster].nunique()
methods = {
    "clustered, CR1": "CR1",
    "clustered, CR2": "CR2",
    "clustered, CR3": "CR3",
    "wild cluster bootstrap": "wild",
    "multiplier bootstrap": "multiplier",
    "two-way clusters": "two_way",
    "Driscoll-Kraay": "driscoll_kraay",
}
slow = {"jackknife": "jackknife"} if clusters <= 40 else {}
dealt = {"dates dealt out anew": Choices("randomization", draws=99)} if adopts else {}
ways = methods | slow | dealt
checks.append(across_inferences(panel, design, name, ways, refusals=refusals))
if adopts and name != "twfe":
    two_way = "Inference for two-way fixed effects"
    with refusals.aside(two_way):
        checks.append(
            across_inferences(panel, design, "twfe", methods, group=two_way, refusals=refusals)
        )
checks_at_hand(stack_checks(checks[1:]), design.scale)

# %% [markdown]
# ## Clusters
#
# Errors are clustered where the treatment was assigned. Streets of one district share an
# administration, so their errors may move together; with districts as clusters there are few of
# them, and methods for few clusters take over.

# %%
districts = panel["district"].nunique()
if 1 < districts < clusters:
    coarser = {"by district": dataclasses.replace(design, cluster="district")}
    group = "Coarser clusters"
    checks.append(across_designs(panel, coarser, name, group=group, refusals=refusals))
    display(checks_at_hand(checks[-1], design.scale))
else:
    print("There is no coarser level than the one at which errors are clustered.")

# %% [markdown]
# ## Comparison and anticipation
#
# Adopters are compared with units that have not adopted yet, or with those that never do. If the
# programme was known before it began, the last months before adoption are no clean reference.

# %%
if adopts:
    other = {"never": "notyet", "notyet": "never"}[design.comparison]
    words = {"never": "compared with those that never adopt", "notyet": "with those not yet"}
    variants = {words[other]: dataclasses.replace(design, comparison=other)}
    for months in (3, 6):
        window = (min(design.event_window[0], -2 - months), design.event_window[1])
        changed = dataclasses.replace(design, anticipation=months, event_window=window)
        variants[f"{months} months of anticipation"] = changed
    group = "Comparison and anticipation"
    checks.append(across_designs(panel, variants, name, group=group, refusals=refusals))
    display(checks_at_hand(checks[-1], design.scale))
else:
    print("The treatment of this level has no month of adoption.")

# %% [markdown]
# ## Weights
#
# A rate is weighted by its denominator, a handling time by the complaints that it is of. Without
# weights each unit counts the same, whether ten residents were called back or a thousand.

# %%
if design.weights is not None:
    plain = {"without weights": dataclasses.replace(design, weights=None)}
    checks.append(across_designs(panel, plain, name, group="Weights", refusals=refusals))
    display(checks_at_hand(checks[-1], design.scale))
else:
    print("A count has no weights.")

# %% [markdown]
# ## One left out
#
# If one district made the result, leaving it out would show; where there are one or two districts
# only, clusters are left out. Each estimate tells of the unit that it lacks, and its rows of that
# unit's size; of restricted data only the lowest and the highest are recorded.

# %%
by = "district" if districts > 2 else design.cluster
# What was refused names a unit too, which a note to restricted data must not.
named = refusals if chosen.access != "restricted" else Refusals()
left_out = leave_one_out(panel, design, name, by, refusals=named)
if chosen.access != "restricted":
    checks.append(left_out)
ends = {"lowest": left_out["value"].min(), "highest": left_out["value"].max()}
for end, value in ends.items() if len(left_out) else ():
    identity = f"{level}.{outcome}.leave_one_out.{end}"
    exhibits.number(identity, unit.factor * value, unit.form, unit=unit.name)
checks_at_hand(left_out, design.scale)

# %% [markdown]
# ## The same regression by another library
#
# The two-way coefficient is computed once more by a library that shares no code with ours. Any
# difference beyond rounding would be an error in one of the two.

# %%
with refusals.aside("The same regression by another library"):
    other = second_engine(panel, design)
    print(f"{other.library}: {other.theirs:.12g}; ours: {other.ours:.12g}.")
    assert other.difference < 1e-8, "the two libraries disagree"

# %% [markdown]
# ## Months out of the ordinary
#
# The study file names months that were not like others. They are left out, and so are the months
# whose dose counts them.

# %%
if chosen_level.exceptional_months:
    reach = chosen_level.dose.months_before if chosen_level.dose else 0
    ordinary = without_months(panel, chosen_level.exceptional_months, reach)
    without = {f"without {', '.join(chosen_level.exceptional_months)}": ordinary}
    group = "Exceptional months"
    checks.append(across_panels(without, design, name, group=group, refusals=refusals))
    display(checks_at_hand(checks[-1], design.scale))
else:
    print("The study names no exceptional months.")

# %% [markdown]
# ## Units without gaps
#
# On the units that reported in every month, synthetic difference-in-differences can be used, which
# needs a balanced panel and looks for its own comparison among units that never adopt. It takes no
# weights.

# %%
if adopts:
    with refusals.aside("Units without gaps"):
        whole = complete_units(panel, design)
        plain = dataclasses.replace(design, weights=None)
        group = f"Without gaps: {whole.units} units, {whole.left_out} left out"
        names = list(dict.fromkeys([name, "imputation", "synthetic_did"]))
        checks.append(across_estimators(whole.panel, plain, names, group=group, refusals=refusals))
        display(checks_at_hand(checks[-1], design.scale))
else:
    print("The treatment of this level has no month of adoption.")

# %% [markdown]
# ## Placebo: before adoption
#
# With adoption dated too early, and only months before the real adoption kept, there is no effect
# to find. The joint test of all months before adoption asks the same of the event study. Passing is
# weak comfort: the test can lack power, and results that passed it are a selection (Roth 2022).

# %%
if adopts:
    placebos = []
    for months in (6, 12):
        with refusals.aside(f"Placebo: adoption {months} months too early"):
            placebos.append(placebo_adoption(panel, design, name, months))
    checks += placebos
    display(checks_at_hand(stack_checks(placebos), design.scale))
    with refusals.aside("Joint test of the months before adoption"):
        result = estimate(panel, design, name)
        dynamic = result if result.event_time is not None else estimate(panel, design, "imputation")
        test = pre_trend_test(dynamic)
        identity = f"{level}.{outcome}.pretrend"
        exhibits.number(f"{identity}.f", test.statistic, ".2f")
        exhibits.number(f"{identity}.p", test.p_value, ".3f")
        leads, degrees = test.degrees_numerator, test.degrees_denominator
        exhibits.number(f"{identity}.leads", leads, ",d", unit="months")
        print(f"F({leads}, {degrees:g}) = {test.statistic:.2f}, p = {test.p_value:.3f}")
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
    doses = {words: add_dose(panel, dose, design.unit) for words, dose in windows.items()}
    group = "Months in the dose"
    checks.append(across_panels(doses, design, name, group=group, refusals=refusals))
    display(checks_at_hand(checks[-1], design.scale))
else:
    print("The treatment of this level is not a count of the months before.")

# %% [markdown]
# ## Placebo: the dose of later months
#
# What staff find later cannot change what residents complained about before. If the later dose has
# an 'effect' of its own, then something moves both, or staff go where complaints were; the estimate
# for the dose itself is then an association and no effect. The line below says which it is.

# %%
if not adopts:
    ahead = chosen_level.dose.months_before + 1 if chosen_level.dose else 12
    with refusals.aside("Placebo: the dose of later months"):
        checks.append(future_dose(panel, design, ahead))
        later = checks[-1].iloc[1]
        identity = f"{level}.{outcome}.later_dose"
        exhibits.number(f"{identity}.att", unit.factor * later["value"], unit.form, unit=unit.name)
        tolerance = tolerance_of_p_values([later["p_value"]], int(later["draws"]))
        exhibits.number(f"{identity}.p", later["p_value"], ".3f", tolerance=tolerance)
        display(checks_at_hand(checks[-1], design.scale))
        verdict = "goes" if later["p_value"] <= 0.05 else "does not detectably go"
        print(f"The dose {ahead} months later {verdict} with this month's outcome.")
else:
    print("The treatment of this level is not a dose.")

# %% [markdown]
# ## The outcome of the month before
#
# Staff may go where complaints were last month, and where there were many there are many again. The
# outcome of the month before, as a control, would take that up; but with unit effects its own
# coefficient is biased in a short panel, and the effect with it (Nickell 1981). The note says by
# how much.

# %%
if not adopts:
    before = panel.groupby(list(design.unit), sort=False)[outcome].shift(1).astype("float64")
    lagged = np.log(before.where(before > 0)) if design.scale == "count" else before
    with_lag = panel.assign(outcome_before=lagged)
    controlled = dataclasses.replace(design, controls=(*design.controls, "outcome_before"))
    group = "The outcome's own lag"
    with refusals.aside(group):
        lag = {"controlled for the month before": controlled}
        checks.append(across_designs(with_lag, lag, name, group=group))
        display(checks_at_hand(checks[-1], design.scale))
        display(notes_table([estimate(with_lag, controlled, name)]))
else:
    print("The treatment of this level is not a dose.")

# %% [markdown]
# ## All checks together
#
# A small panel cannot carry every check. Those that it cannot carry are named with the reason.

# %%
if refusals.noted:
    display(refusals.table)
together = stack_checks(checks)
drawn = together[together["draws"] > 0]
fewest = int(drawn["draws"].min()) if len(drawn) else 0
exhibits.table(
    f"checks-{level}-{outcome}",
    robustness_table(together, design.scale),
    caption=f"Checks of the effect on {measured.label_en.lower()}: "
    f"{chosen_level.title_en.lower()}, {chosen.place_en}",
    note=f"{label} unless another estimator is named. Intervals and p-values by the method that "
    f"the number of clusters asks for unless another is named. {refusals.sentence}".rstrip(),
    tolerance=tolerance_of_p_values(drawn["p_value"], fewest) or LAST_DIGIT,
)
record_checks(exhibits, level, outcome, together, len(panel))

# %%
varied = together[together["group"] != "Inference for two-way fixed effects"]
shown = ends_of_long_groups(varied, longest=8)
exhibits.figure(
    f"robustness-{level}-{outcome}",
    draw_estimates(shown, study=chosen, unit=unit.name, reference=label),
    caption=f"Checks of the effect on {measured.label_en.lower()}, "
    f"{chosen_level.title_en.lower()}. Dots are estimates, bars 95% intervals; the vertical line "
    f"is the estimate that the checks vary, by {label}. "
    + (
        ""
        if chosen.access == "restricted"
        else "Of units left out in turn the lowest and the highest estimate are shown. "
    )
    + "In the placebos there is no effect to find.",
    alt=f"{len(shown)} estimates one below the other, in groups. "
    f"{int((shown['value'] < 0).sum())} of them are below zero, "
    f"{int((shown['upper'] < 0).sum())} with an interval that lies below zero.",
)
