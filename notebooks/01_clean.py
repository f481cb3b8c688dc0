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
# # From raw reports to panels
#
# Complaint reports are written for officials, not for analysis: headers change, totals stand among
# the units, months are corrected later, streets are renamed. This notebook turns the raw files of
# one study into panels that keep the data contract (`data/README.md`). It repairs nothing in
# silence. Whatever was dropped, changed, restated or filled is in a ledger, with the file, the row
# and the reason, and anything that no rule covers stops the run.

# %% tags=["parameters"]
study = "beijing"

# %%
import pandas as pd
from IPython.display import Markdown

from analysis.clean.ingested import INGESTED
from analysis.clean.overview import count_steps, pick_examples
from analysis.clean.reports import clean_study
from analysis.disclosure import is_small
from analysis.exhibits import Exhibits
from analysis.panel.build import build_panels
from analysis.panel.overview import count_missing, describe_categories, describe_panels
from analysis.panel.store import write_panel
from analysis.study.load import load_study
from analysis.workspace import find_workspace, write_atomically

# %%
pd.set_option("display.max_colwidth", None, "display.max_rows", 200)
workspace = find_workspace()
chosen = load_study(study, workspace.studies)
exhibits = Exhibits(workspace, chosen, "01_clean")
simulated = " — *Simulated*" if chosen.simulated else ""
Markdown(f"**{chosen.title_en} {chosen.title_zh}**{simulated}")

# %% [markdown]
# ## What cleaning did
#
# Every source goes through the same steps in the same order, and every step accounts for its rows:
# what comes out is what went in, less the rows dropped, replaced by a correction or joined with
# another row, plus the rows filled. Steps that did nothing are left out of the table.

# %%
cleaned = clean_study(chosen, workspace.raw(study), workspace.processed(study) / INGESTED)
panels, balanced = build_panels(chosen, cleaned)
ledger = cleaned.ledger + balanced

exhibits.table(
    "cleaning",
    count_steps(ledger),
    caption="What cleaning did, step by step",
    note="Joined rows lose nothing: they are parts of a merged unit, cases of residents and staff "
    "in one month, or units of one district. 'Set missing' counts rows or cells, 'kept' rows that "
    "deserve attention. The full ledger names file, row and reason of each.",
)

# %% [markdown]
# ## An example of each
#
# Each kind of dirt leaves a trail back to the raw file. Rows count from the header, which is row 1.
# An impossible value is set to missing only if the study's reviewed list of known errors names the
# cell; which of two cells that contradict each other is wrong is a judgement, and it is made there,
# where it can be read. Any other impossible value stops the run.

# %%
pick_examples(ledger)

# %% [markdown]
# ## The panels
#
# Every panel is balanced: each unit (and category) has a row in each month. What a month without a
# row means, the study says: a report that never came is missing, while in a list of single cases
# it is a month without one. A district's count is the sum over all its streets, and missing where
# any of them did not report; nothing is imputed.

# %%
exhibits.table(
    "panels",
    describe_panels(chosen, panels),
    caption="The panels",
    note="A unit is what the fixed effects of the design are for. 'Count missing' are rows without "
    "a number of complaints: reports that never came, or districts of which a street did not "
    "report.",
)

# %% [markdown]
# Where a study compares categories, only those that both residents and staff open can carry the
# design: where only staff can file, a proactive case cannot come before a complaint. The
# categories that are left out are in the ledger; these remain.

# %%
categories = describe_categories(panels)
categories if len(categories) else Markdown("The panels of this study are not by category.")

# %% [markdown]
# Missing values, by column and panel. Rates are missing where their denominator is, targeting also
# in the first three months, which have no quarter before them, and so is a dose.

# %%
count_missing(panels)

# %% [markdown]
# ## Numbers for the text
#
# What the paper may cite about the data: how much was done to them, how much is missing, and which
# share of the complaints is in the categories that are kept. `02_describe` adds the panels' sizes.

# %%
steps, entries = ledger.summary(), ledger.frame()
# Tables of counts come in as "raw files", lists of single tickets by the step "read".
raw_rows = steps.loc[steps["step"].isin(["raw files", "read"]), "rows_in"].sum()
done = entries.groupby("action")["rows"].sum()
exhibits.number("cleaning.rows_in", int(raw_rows), ",", unit="raw rows")
for action in ["dropped", "restated", "set missing", "changed"]:
    name = action.replace(" ", "_")
    exhibits.number(f"cleaning.{name}", int(done.get(action, 0)), ",", unit="rows or cells")

# %%
for level, panel in panels.items():
    missing = panel["complaints"].isna()
    exhibits.number(f"{level}.missing_rows", int(missing.sum()), ",", unit="rows")
    # Of a number of rows that is known, the share would give a small count away.
    if not is_small(missing.sum(), chosen.threshold):
        exhibits.number(f"{level}.missing_share", missing.mean(), ".1%", unit="share of rows")
    if "category" in panel:
        reported = cleaned.tables[str(chosen.get_level(level).source)]
        share = panel["complaints"].sum() / reported["complaints"].sum()
        exhibits.number(f"{level}.kept_share", share, ".1%", unit="share of complaints")

# %% [markdown]
# ## What is handed on
#
# The panels, the ledger, and for a simulated study the truth that came with its raw files.

# %%
folder = ("data", "processed", study)
for level, panel in panels.items():
    write_panel(panel, workspace.write_to(*folder, f"panel_{level}.csv"))
written = entries.to_csv(index=False, lineterminator="\n")
write_atomically(workspace.write_to(*folder, "cleaning_ledger.csv"), written)
if chosen.truth is not None:
    truth = (workspace.raw(study) / chosen.truth).read_bytes()
    write_atomically(workspace.write_to(*folder, "truth.csv"), truth)
pd.Series({level: len(panel) for level, panel in panels.items()}, name="rows").to_frame()
