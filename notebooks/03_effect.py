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
# computes anything, says which rows the estimators use and which they cannot, and runs the
# estimators. If the data are simulated, the true effect is known, and each estimate stands beside
# it, also where it misses; then the notebook looks for the reason.
#
# To try another estimator, change `estimators` below to its name, or to several names separated by
# commas, and run the notebook again: `"imputation"`. `"level"` stands for those that the study
# file names. What you make by hand goes to `.cache/interactive` and changes no result of the paper.

# %% tags=["parameters"]
study = "beijing"
level = "street"
outcome = "complaints"
estimators = "level"

# %%
import pandas as pd
from IPython.display import Markdown, display

from analysis.disclosure import has_small_group, reached_by_few
from analysis.effects.by_level import choose_estimators, designs_for, estimate_each
from analysis.effects.design import design_for
from analysis.effects.record import record_effect, record_truth
from analysis.effects.registry import get_estimator
from analysis.effects.sensitivity.regression_weights import weights_by_event_time
from analysis.effects.subject import read_subject
from analysis.effects.truth import (
    overall_truth,
    read_truth,
    true_effect,
    true_event_times,
    true_parts,
)
from analysis.effects.units import effect_unit
from analysis.figures.cohort_weights import (
    cohort_weights_frame,
    draw_cohort_weights,
    treated_shares,
)
from analysis.figures.estimates import draw_estimates
from analysis.figures.event_study import draw_event_studies, draw_event_study, event_times_frame
from analysis.figures.weights_by_month import draw_weights_by_month
from analysis.tables.effects import (
    describe_design,
    describe_results,
    dropped_rows,
    effects_table,
    estimates_frame,
    format_effect,
    holds_truth,
    notes_table,
    truth_table,
)

# %%
pd.options.display.max_colwidth = None
pd.options.display.max_rows = 200
subject = read_subject("03_effect", study, level, outcome)
chosen, chosen_level, measured = subject.study, subject.level, subject.measure
panel, exhibits = subject.panel, subject.exhibits
Markdown(subject.heading)

# %% [markdown]
# ## The design
#
# The design says which effect is meant, on which column, with which weights, and at which level
# the treatment was assigned; errors are clustered at that level. It comes from the study file.
# Estimators share it, but for what the second table says.

# %%
design = design_for(chosen, chosen_level, outcome)
names = choose_estimators(estimators, chosen_level, design)
designs = designs_for(chosen, chosen_level, outcome, names)
described = {name: describe_design(given) for name, given in designs.items()}
shared = describe_design(design)
display(shared)
own = [table[~table.isin(shared).all(axis=1)].assign(Estimator=n) for n, table in described.items()]
choices = pd.concat(own)[["Estimator", "Part", "Choice"]].reset_index(drop=True)
choices if len(choices) else Markdown("All estimators share these choices.")

# %% [markdown]
# ## Rows that cannot be used
#
# An estimator leaves out rows that it cannot use and says why. Logarithms lose months without a
# case; Poisson regression keeps them, unless a unit never has a case at all. Estimators that
# compare within windows leave out what lies outside, and may use a clean control more than once.
# A small panel cannot carry every estimator; those that it cannot carry are named with the reason.

# %%
by_name, refusals = estimate_each(panel, designs, chosen, chosen_level)
results = list(by_name.values())
if refusals.noted:
    display(refusals.table)
dropped_rows(results, len(panel))

# %% [markdown]
# ## Estimates
#
# Effects on counts are in log points (about percent when small), effects on rates in percentage
# points, effects on handling times in days, and on their logarithms in log points. The second table
# says what each estimates and how its uncertainty was worked out, which depends on the number of
# clusters; the third what a reader must know besides.
#
# Where the true effect is known, each estimate is held against the truth of what it estimates:
# averages over treated units and months against that average, event studies against the mean over
# their own months. For counts, estimators that take logarithms average units and months alike, and
# so does their truth; Poisson models count cases alike.

# %%
table = read_truth(subject.folder / "truth.csv") if chosen.truth else None
truths = [None if table is None else true_effect(table, level, result) for result in results]
inference = "; ".join(dict.fromkeys(result.inference for result in results))
exhibits.table(
    f"effect-{level}-{outcome}",
    effects_table(results, None if table is None else truths),
    caption=f"Effect on {measured.label_en.lower()}: {chosen_level.title_en.lower()}, "
    f"{chosen.place_en}, in {effect_unit(design.scale).name}",
    note=f"Inference: {inference}. {refusals.sentence}".rstrip(),
)

# %%
for result, true in zip(results, truths, strict=True):
    record_effect(exhibits, level, result, true)
display(describe_results(results))
notes_table(results)

# %% [markdown]
# The line is zero. Where the truth is known, the upright mark in each row is the truth of what the
# estimator estimates: an interval that does not reach it misses.

# %%
holding = [holds_truth(result, true) for result, true in zip(results, truths, strict=True)]
if table is not None:
    exhibits.number(f"{level}.{outcome}.estimators", len(results), ",d", unit="estimators")
    exhibits.number(f"{level}.{outcome}.estimators_that_hold", holding.count(True), ",d")
exhibits.figure(
    f"estimates-{level}-{outcome}",
    draw_estimates(
        estimates_frame(results, truths), study=chosen, unit=effect_unit(design.scale).name
    ),
    caption=f"Effect on {measured.label_en.lower()} by estimator, "
    f"{chosen_level.title_en.lower()}; bars are 95% intervals."
    + (" Upright marks: the truth of what each estimates." if any(holding) else ""),
    alt=f"{len(results)} estimates with intervals, one below the other, from "
    f"{format_effect(min(r.overall.value for r in results), design.scale)} to "
    f"{format_effect(max(r.overall.value for r in results), design.scale)}. "
    + (f"{holding.count(True)} intervals hold the truth." if table is not None else ""),
)

# %% [markdown]
# ## Why some miss: whose effects they count
#
# Each estimate is an average of effects, and an estimator decides whose count how much. The
# average effect on the treated counts each cohort by its share of the treated months. A regression
# coefficient does not: it counts most the cohorts that adopt in the middle of the panel, whatever
# their share. Where early cohorts gain more than late ones, that alone moves the estimate. Of
# restricted data the weights are not shown if a cohort has few units.

# %%
weights = cohort_weights_frame(results)
adopts = design.treatment == "adoption"
few = adopts and has_small_group(panel, design.unit, design.treatment_column, chosen.threshold)
if len(weights) and few:
    print("The data are restricted, and a cohort has too few units to be shown on its own.")
elif len(weights):
    shares = treated_shares(panel, design)
    first, last = weights.columns[0], weights.columns[-1]
    figure = exhibits.figure(
        f"weights-{level}-{outcome}",
        draw_cohort_weights(weights, shares, study=chosen),
        caption=f"Weight of each cohort in the effect on {measured.label_en.lower()}, by "
        "estimator, beside the cohort's share of the treatment. A point off its line counts the "
        "cohort more or less than the average effect on the treated does.",
        alt=f"A panel for each of {weights.shape[1]} cohorts, with a point for each of "
        f"{weights.shape[0]} estimators. Weights of the cohort of {first} go from "
        f"{weights[first].min():.2f} to {weights[first].max():.2f}, of {last} from "
        f"{weights[last].min():.2f} to {weights[last].max():.2f}.",
    )
    display(figure)
else:
    print("The treatment is a dose: there are no cohorts.")

# %% [markdown]
# ## Why some miss: which months they count
#
# The two-way coefficient also counts the first months after adoption more than their share, and
# late ones little or negatively, because units treated for long serve as comparison for those that
# adopt later. If effects build up, it therefore comes out too small. With the true effects of each
# month in place of the estimates, these weights give what the coefficient is expected to be.

# %%
if few:
    print("The data are restricted, and a cohort has too few units to be shown on its own.")
elif design.treatment == "adoption" and "twfe" in by_name:
    months = weights_by_event_time(panel, designs["twfe"])
    below = float(months["weight"].clip(upper=0).sum())
    figure = exhibits.figure(
        f"weights-by-month-{level}-{outcome}",
        draw_weights_by_month(months, study=chosen),
        caption="Weight of each month since adoption in the two-way coefficient of "
        f"{measured.label_en.lower()}, beside its share of the treated months.",
        alt=f"Bars by month since adoption, highest at first, over an area of shares. Months with "
        f"negative weight add up to {100 * below:.0f} per cent.",
    )
    display(figure)
    exhibits.number(f"{level}.{outcome}.twfe.negative_weight", 100 * below, ".1f", unit="per cent")
    if table is not None:
        true = true_event_times(table, level, by_name["twfe"]).set_index("event_time")["value"]
        unit = effect_unit(design.scale)
        expected = unit.factor * float((months["weight"] * true.reindex(months.index)).sum())
        name = f"{level}.{outcome}.twfe.expected"
        found = format_effect(by_name["twfe"].overall.value, design.scale)
        text = exhibits.number(name, expected, unit.form, unit=unit.name)
        print(f"The weights make {text} of the true effects; the two-way estimate is {found}.")
else:
    print("There is no two-way coefficient of an adoption here.")

# %% [markdown]
# ## Month by month
#
# Where units adopt the programme for good, the event study shows when the effect sets in, and
# whether units that would adopt were already on another path. The month before adoption is the
# reference. Where the treatment is a dose, distributed lags show what it does in the months after;
# at negative months stand doses that come later, which cannot have caused anything. At −1 it is the
# dose of the same month, so that a count of both on one day tells nothing of which came first.

# %%
dynamic = {name: result for name, result in by_name.items() if result.event_time is not None}
first = [each for each in (chosen_level.main, "dose_lags", *dynamic) if each in dynamic]
reached = dynamic[first[0]].event_time.index if dynamic else []
withheld = reached_by_few(panel, design, reached, chosen.threshold)
if withheld:
    print("The data are restricted, and too few units reach some of the months.")
elif dynamic:
    main = first[0]
    result = dynamic[main]
    since = "adoption" if design.treatment == "adoption" else "the dose"
    path = result.event_time["value"]
    before = path[path.index < 0].abs().max() if (path.index < 0).any() else 0.0
    monthly = None
    if table is not None and design.treatment == "adoption":
        monthly = true_event_times(table, level, result)
    figure = exhibits.figure(
        f"event-study-{level}-{outcome}",
        draw_event_study(result, study=chosen, truth=monthly),
        caption=f"Effect on {measured.label_en.lower()} by month since {since}, "
        f"{chosen_level.title_en.lower()}. {get_estimator(main).label_en}; bars are 95% intervals.",
        alt=f"Estimates by month from {path.index[0]} to {path.index[-1]} since {since}, in "
        f"{effect_unit(design.scale).name}. Before it none is larger than "
        f"{format_effect(before, design.scale)} in size; the last is "
        f"{format_effect(path.iloc[-1], design.scale)}.",
        data=event_times_frame(list(dynamic.values()), monthly),
    )
    display(figure)
else:
    print("No estimator of this run has effects by month.")

# %% [markdown]
# Estimators laid over each other. Where effects differ between cohorts, those of one month leak
# into another's in the two-way event study, also into months before adoption; the others compare
# within cohorts.

# %%
wanted = ["twfe_event_study", *first[:1], "imputation", "dose_lags_poisson"]
paths = [dynamic[name] for name in dict.fromkeys(wanted) if name in dynamic]
if len(paths) > 1 and not withheld:
    figure = exhibits.figure(
        f"event-studies-{level}-{outcome}",
        draw_event_studies(paths, study=chosen, truth=monthly),
        caption=f"Effect on {measured.label_en.lower()} by month since {since}, by estimator; "
        "bars are 95% intervals.",
        alt=f"The paths of {len(paths)} estimators over each other, from {path.index[0]} to "
        f"{path.index[-1]} months since {since}; their last estimates are "
        + ", ".join(format_effect(p.event_time["value"].iloc[-1], design.scale) for p in paths)
        + ".",
    )
    display(figure)

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
