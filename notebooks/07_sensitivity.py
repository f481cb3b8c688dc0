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
# # What the estimate would survive
#
# `04_robustness` varies choices. This notebook asks how wrong the assumptions may be before the
# finding breaks down, what the tests of them could have missed, and what many outcomes and many
# specifications do to significance. What a level cannot carry is left out, with a line that says
# so: a dose has no date of adoption, so most of this is for adoption. What its panel cannot carry
# stands at the end, with the reason.
#
# The analyses start from the main estimator of the study's level. To take another, change
# `estimator` below to its name.

# %% tags=["parameters"]
study = "beijing"
level = "street"
outcome = "complaints"
estimator = "main"

# %%
import dataclasses

import pandas as pd
from IPython.display import Markdown, display

from analysis.disclosure import has_small_group, reached_by_few
from analysis.effects.by_level import design_to_check
from analysis.effects.design import design_for
from analysis.effects.draws import count_draws, tolerance_of_p_values
from analysis.effects.estimate import estimate
from analysis.effects.inference.multipliers import draw_multipliers
from analysis.effects.refusals import Refusals
from analysis.effects.registry import get_estimator
from analysis.effects.sensitivity.bacon import decompose
from analysis.effects.sensitivity.complete import complete_units
from analysis.effects.sensitivity.honest import honest_sensitivity
from analysis.effects.sensitivity.joint_specifications import joint_specifications
from analysis.effects.sensitivity.minimal_effect import minimal_effects
from analysis.effects.sensitivity.outcomes import all_outcomes
from analysis.effects.sensitivity.pretrend_power import pretrend_power
from analysis.effects.sensitivity.sensible_choices import sensible_choices
from analysis.effects.sensitivity.specification_curve import specification_curve
from analysis.effects.sensitivity.spillovers import (
    neighbours_on_tiles,
    spillovers,
    without_neighbours,
)
from analysis.effects.subject import read_subject
from analysis.effects.units import effect_unit
from analysis.figures.bacon import draw_bacon
from analysis.figures.honest import draw_honest
from analysis.figures.pretrend_power import draw_pretrend_power
from analysis.figures.specification_curve import draw_specification_curve
from analysis.ledger.tolerance import LAST_DIGIT
from analysis.tables.effects import format_effect, format_interval, robustness_table
from analysis.tables.sensitivity import (
    bacon_table,
    bounds_table,
    joint_specifications_table,
    minimal_effects_table,
    outcomes_table,
)
from analysis.tables.side_by_side import units_note

# %%
pd.options.display.max_colwidth = None
pd.options.display.max_rows = 100
subject = read_subject("07_sensitivity", study, level, outcome)
chosen, chosen_level, panel = subject.study, subject.level, subject.panel
exhibits = subject.exhibits
name, design = design_to_check(estimator, chosen, chosen_level, outcome)
result = estimate(panel, design, name)
label = get_estimator(name).label_en
unit = effect_unit(design.scale)
adopts = design.treatment == "adoption"
dynamic = adopts and result.event_time is not None
about = subject.about
identity = f"{level}.{outcome}"
refusals = Refusals()
Markdown(
    f"{subject.heading}\n\n"
    f"{label}: {format_effect(result.overall.value, design.scale)} {unit.name}, 95% interval "
    f"{format_interval(result.overall.lower, result.overall.upper, design.scale)}."
)

# %% [markdown]
# ## What the two-way coefficient is made of
#
# The two-way coefficient is a weighted mean of all comparisons of two cohorts. Those of later
# adopters with units already under the programme take changes of the latter's effect off the
# estimate (Goodman-Bacon 2021). The identity holds for balanced panels without weights: units with
# gaps are left out here, and rates count rows alike. Of restricted data the comparisons are not
# shown if a cohort has few units: they would be differences of single units.

# %%
plain = dataclasses.replace(design, weights=None, anticipation=0, fixed_effects=())
whole = bacon = None
if adopts:
    with refusals.aside("What the two-way coefficient is made of"):
        whole = complete_units(panel, plain)
        bacon = decompose(whole.panel, plain)
if not adopts:
    print("A dose has no cohorts to compare.")
elif bacon is None:
    print("The coefficient cannot be taken apart; the end says why.")
elif has_small_group(whole.panel, design.unit, design.treatment_column, chosen.threshold):
    print("The data are restricted, and a cohort has too few units to be compared on its own.")
    bacon = None

# %%
if bacon is not None:
    figure = exhibits.figure(
        f"bacon-{level}-{outcome}",
        draw_bacon(bacon, study=chosen),
        caption=f"The comparisons in the two-way coefficient of {about}, by weight and estimate. "
        f"{whole.units} units without gaps; {whole.left_out} are left out.",
        alt=f"{len(bacon.comparisons)} points, a weight and an estimate each, of three types; "
        + "; ".join(
            f"{row['Comparison of']}: weight {row['Weight']}, estimate {row['Estimate']}"
            for row in bacon_table(bacon).to_dict("records")
        ),
    )
    display(figure)
    display(bacon_table(bacon))

# %%
if bacon is not None:
    for kind, row in bacon.by_type.iterrows():
        exhibits.number(f"{identity}.bacon.{kind}.weight", 100 * row["weight"], ".0f", unit="%")
        value = unit.factor * row["estimate"]
        exhibits.number(f"{identity}.bacon.{kind}.estimate", value, unit.form, unit=unit.name)
    exhibits.number(f"{identity}.bacon.units", whole.units, ",d", unit="units")
    exhibits.number(f"{identity}.bacon.left_out", whole.left_out, ",d", unit="units")

# %% [markdown]
# ## If trends are not parallel
#
# How far may they diverge before the finding breaks down? First, changes of the divergence from one
# month to the next after adoption are bounded by a multiple of the largest such change before it;
# then, changes of its slope are bounded (Rambachan and Roth 2023). The breakdown value is the
# largest violation at which the interval of the mean effect still excludes zero. With noisy months
# before adoption the first bound is a hard test: noise counts as divergence.

# %%
if dynamic:
    with refusals.aside("Bounds on how trends diverge"):
        magnitudes = honest_sensitivity(result, parameters=[0.1, 0.25, 0.5, 0.75, 1.0])
        figure = exhibits.figure(
            f"honest-{level}-{outcome}",
            draw_honest(magnitudes, study=chosen, unit=unit.name),
            caption=f"The mean effect on {about}, by {label}, if trends diverge after adoption by "
            "up to a multiple of what they did from month to month before it.",
            alt="Intervals that widen with the multiple. "
            + "; ".join(
                f"{row['Violation']}: {row['95% interval']}"
                for row in bounds_table(magnitudes, design.scale).to_dict("records")
            ),
        )
        display(figure)
        display(bounds_table(magnitudes, design.scale))
        if magnitudes.breakdown < float("inf"):
            exhibits.number(f"{identity}.honest.breakdown", magnitudes.breakdown, ".2f")
else:
    print("No event study of an adoption is here.")

# %%
if dynamic:
    with refusals.aside("Bounds on how the slope diverges"):
        breakdown = honest_sensitivity(result, parameters=[0.0], restriction="smoothness").breakdown
        # Around the breakdown value, or if there is none, around a tenth of the standard error.
        middle = breakdown if breakdown > 0 else result.overall.standard_error / 10
        steps = [float(f"{times * middle:.2g}") for times in (0, 0.5, 1, 1.5, 2)]
        smooth = honest_sensitivity(result, parameters=steps, restriction="smoothness")
        figure = exhibits.figure(
            f"honest-smoothness-{level}-{outcome}",
            draw_honest(smooth, study=chosen, unit=unit.name),
            caption=f"The mean effect on {about}, by {label}, if the slope of the difference in "
            "trends changes by up to M from month to month; at zero the difference is a straight "
            "line.",
            alt="Intervals that widen with M. "
            + "; ".join(
                f"{row['Violation']}: {row['95% interval']}"
                for row in bounds_table(smooth, design.scale).to_dict("records")
            ),
        )
        display(figure)
        display(bounds_table(smooth, design.scale))
        if 0 < breakdown < float("inf"):
            value = unit.factor * breakdown
            exhibits.number(f"{identity}.smoothness.breakdown", value, ".2g", unit=unit.name)

# %% [markdown]
# ## What the test before adoption could have missed
#
# The months before adoption show no effect. But a test can lack power. The line is a difference in
# trends that the test would find only every second time; the open points are where estimates would
# lie on average, without any effect, if it is not found (Roth 2022).

# %%
power = None
if dynamic and reached_by_few(panel, design, result.event_time.index, chosen.threshold):
    print("The data are restricted, and too few units reach some of the months.")
elif dynamic:
    with refusals.aside("What the test before adoption could have missed"):
        power = pretrend_power(result)
        last = power.event_time.iloc[-1]
        figure = exhibits.figure(
            f"pretrend-power-{level}-{outcome}",
            draw_pretrend_power(power, study=chosen, unit=unit.name),
            caption=f"A difference in trends of {about} that the months before adoption would show "
            f"in half of all samples: a slope of {unit.factor * power.slope:.2g} {unit.name} a "
            f"month. {label}.",
            alt="The event study with a straight line through the reference, which reaches "
            f"{format_effect(last['trend'], design.scale)} at the last month, "
            f"where the estimate is {format_effect(last['value'], design.scale)}.",
        )
        display(figure)
else:
    print("No event study of an adoption is here.")

# %%
if power is not None:
    value = unit.factor * power.slope
    exhibits.number(f"{identity}.pretrend_power.slope", value, ".2g", unit=f"{unit.name} a month")
    ratio = power.likelihood_ratio
    exhibits.number(f"{identity}.pretrend_power.likelihood_ratio", ratio, ".2f")
    after = power.event_time.loc[power.event_time.index >= 0, "trend"].mean()
    name_of_mean = f"{identity}.pretrend_power.mean_trend"
    exhibits.number(name_of_mean, unit.factor * after, unit.form, unit=unit.name)

# %% [markdown]
# ## Every sensible specification
#
# Choices that could have been made otherwise with as good reasons are combined in every way. Where
# adoption could have fallen otherwise, its dates are dealt out anew, and all specifications are
# estimated again each time: how often would so much be found if there was nothing to find
# (Simonsohn, Simmons and Nelson 2020)?

# %%
varied, choices = sensible_choices(panel, design, chosen_level, name)
curve = specification_curve(varied, design, choices, estimator=name)
figure = exhibits.figure(
    f"specification-curve-{level}-{outcome}",
    draw_specification_curve(curve, study=chosen),
    caption=f"The effect on {about} by every combination of choices. Bars are 95% intervals.",
    alt=f"{len(curve.estimates)} estimates in order, from "
    f"{format_effect(curve.estimates['value'].min(), design.scale)} to "
    f"{format_effect(curve.estimates['value'].max(), design.scale)}, median "
    f"{format_effect(curve.median, design.scale)}; below each the choices it rests on.",
)
specifications = len(curve.estimates)
exhibits.number(f"{identity}.specifications", specifications, ",d", unit="specifications")
for end in ("min", "median", "max"):
    value = unit.factor * curve.estimates["value"].agg(end)
    exhibits.number(f"{identity}.specifications.{end}", value, unit.form, unit=unit.name)
display(figure)
left_out = curve.left_out.rename(columns={"reason": "Reason"})
left_out if len(left_out) else Markdown("Every combination could be estimated.")

# %%
if adopts:
    with refusals.aside("All specifications together"):
        joint = joint_specifications(varied, curve, draws=39)
        p_value = joint.median_p_value
        tolerance = tolerance_of_p_values([p_value], count_draws(joint.words))
        exhibits.number(f"{identity}.specifications.p", p_value, ".3f", tolerance=tolerance)
        print(joint.words)
        display(joint_specifications_table(joint, design.scale))
else:
    print("A dose cannot be dealt out anew, so the specifications are not tested jointly.")

# %% [markdown]
# ## What could have been found
#
# With errors like these, an effect has to be so large to be found with a given chance. It says what
# the data can show, not what they did show.

# %%
smallest = minimal_effects(result.overall.standard_error, degrees=result.clusters - 1)
at_80 = smallest.loc[smallest["power"] == 0.8, "effect"].item()
exhibits.number(f"{identity}.minimal_effect", unit.factor * at_80, unit.form, unit=unit.name)
exhibits.table(
    f"minimal-effects-{level}-{outcome}",
    minimal_effects_table(smallest, design.scale),
    caption=f"Smallest effect on {about} that would be found, in {unit.name}",
    note=f"{label}; two-sided test at 5 per cent, t with {result.clusters - 1} degrees of freedom.",
)

# %% [markdown]
# ## All outcomes of the level
#
# Of many outcomes tested one may stand out by chance. The adjusted p-values hold for all of them
# together, and allow for outcomes that move together (Romano and Wolf 2005, 2016).

# %%
by_outcome = [design_for(chosen, chosen_level, each) for each in chosen_level.outcomes]
able = [each for each in by_outcome if get_estimator(name).fits(each)]
outcome_refusals = Refusals()
together = all_outcomes(panel, able, name, refusals=outcome_refusals)
multipliers = draw_multipliers(result.clusters, design.seed)
drawn = 0 if multipliers.exhaustive else len(multipliers.draws) - 1
if outcome_refusals.noted:
    display(outcome_refusals.table)
exhibits.table(
    f"all-outcomes-{level}-{outcome}",
    outcomes_table(together),
    caption=f"All outcomes of the level, {chosen_level.title_en.lower()}, {chosen.place_en}",
    note=f"{label}. {units_note(chosen_level.outcomes)} p adjusted: "
    "Romano-Wolf stepdown, clusters multiplied by the same draws for all outcomes. "
    f"{outcome_refusals.sentence}".rstrip(),
    tolerance=tolerance_of_p_values(together["adjusted"], drawn) or LAST_DIGIT,
)

# %% [markdown]
# ## Spillovers to neighbours
#
# If people or cases cross borders, untreated neighbours are no clean comparison. The share of
# neighbouring districts under the programme gets an effect of its own, in the two-way model, and
# untreated units beside treated ones are left out once. The two-way model is as wrong here as
# elsewhere where effects build up, so that what it says of neighbours is a warning, no estimate.
# Neighbours are districts whose tiles on the map share an edge, a sketch of the true borders.

# %%
if chosen.tile:
    pairs = neighbours_on_tiles(chosen.tile)
    # What neighbours do is the same for all units of a district.
    by_district = dataclasses.replace(design, cluster="district")
    checks = [spillovers(panel, by_district, pairs, "district")]
    if adopts:
        checks.append(without_neighbours(panel, design, name, pairs, "district"))
    beside = pd.concat(checks, ignore_index=True)
    shown = exhibits.table(
        f"spillovers-{level}-{outcome}",
        robustness_table(beside, design.scale),
        caption=f"Spillovers to neighbouring districts: {about}",
        note="The first two by two-way fixed effects, estimated together, clustered by district. "
        "Neighbours: districts whose tiles on the map share an edge.",
    )
    display(shown)
    other = beside.iloc[1]
    value = unit.factor * other["value"]
    exhibits.number(f"{identity}.spillover.att", value, unit.form, unit=unit.name)
    tolerance = tolerance_of_p_values([other["p_value"]], int(other["draws"]))
    exhibits.number(f"{identity}.spillover.p", other["p_value"], ".3f", tolerance=tolerance)
else:
    print("The study has no map of neighbours.")

# %% [markdown]
# ## What could not be worked out
#
# A small panel cannot carry every analysis.

# %%
refusals.table if refusals.noted else Markdown("All analyses above could be carried out.")
