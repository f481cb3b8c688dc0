"""Which level of categories a study has: the finest whose cells are not nearly empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.new_study.guess import Guess
from analysis.new_study.propose.cases import sampled_cases
from analysis.new_study.propose.codes import (
    propose_answers,
    propose_flags,
    propose_initiator,
    propose_recodes,
    propose_status,
)
from analysis.new_study.propose.panel import Panel, look_at_panel, possible_rates, thin_words
from analysis.new_study.propose.sources import SourceProposal, pooled
from analysis.new_study.propose.table import Table

__all__ = ["ByCategory", "look_by_category"]

LEVELS = ("category_3", "category_2", "category_1")
# A level with more values than this makes cells that are mostly empty.
MOST_CATEGORIES = 60


@dataclass(frozen=True, slots=True)
class ByCategory:
    """What the samples say if cases are told apart by one level of categories.

    Attributes
    ----------
    category
        The level, a column of the ticket contract.
    sources
        What was seen; where a category tells who opened a case, its column is the channel too.
    codes
        What codes mean: tables of the study file.
    answers
        Those of them that are about the call-back and the deadline, by column.
    panel
        What the cases can carry.
    """

    category: Guess[str]
    sources: tuple[SourceProposal, ...]
    codes: tuple[Table, ...]
    answers: Mapping[str, Table]
    panel: Panel


def look_by_category(
    sources: Sequence[SourceProposal],
    unit: str,
    zone: str,
    *,
    months: int,
    whole: bool,
    stands_for: float | None,
) -> ByCategory:
    """Take the finest level of categories that a panel by unit, category and month can have.

    Parameters
    ----------
    sources
        What was seen.
    unit, months, whole, stands_for
        See `analysis.new_study.propose.panel.look_at_panel`.
    zone
        The city's time zone.

    Returns
    -------
    ByCategory
        Of the finest level that has few enough values and whose cells are not thin, in words
        under `category` where a finer one was given up. If all are thin, of the finest, and its
        panel has nothing by category.
    """
    counts = {
        level: len(pooled(sources, level).counts)
        for level in LEVELS
        if all(source.has(level) for source in sources)
    }

    def look(level: str, why: str) -> ByCategory:
        return _look(
            sources,
            Guess(level, why),
            unit,
            zone,
            by_category=level in counts,
            months=months,
            whole=whole,
            stands_for=stands_for,
        )

    if not counts:
        return look("category_1", "No column of categories was found: all cases count as one.")
    seen = ", ".join(f"{counts[level]} in {level}" for level in sorted(counts))
    why = f"Categories in the samples: {seen}."
    few = [level for level, number in counts.items() if number <= MOST_CATEGORIES]
    finest, *coarser = (look(level, why) for level in few or [min(counts)])
    if not finest.panel.thin:
        return finest
    for found in coarser:
        # Where only the finer level tells who opened a case, a coarser one is another study.
        if (
            found.panel.by_category
            and not found.panel.thin
            and found.panel.both == finest.panel.both
        ):
            given_up = f"{why} With {finest.category.value}, {thin_words(finest.panel)}."
            return replace(found, category=replace(found.category, why=given_up))
    return replace(finest, panel=replace(finest.panel, by_category=None))


def _look(
    sources: Sequence[SourceProposal],
    category: Guess[str],
    unit: str,
    zone: str,
    *,
    by_category: bool,
    months: int,
    whole: bool,
    stands_for: float | None,
) -> ByCategory:
    initiator = propose_initiator(sources, category.value)
    recode = propose_recodes(sources, category.value)
    answers = propose_answers(sources)
    flags = propose_flags(sources, category.value)
    if "otherwise" in initiator.keys:
        sources = [source.also("channel", category.value) for source in sources]
    status = propose_status(sources)
    codes = (
        initiator,
        *([] if status is None else [status]),
        *answers.values(),
        *([] if recode is None else [recode]),
        *flags,
    )
    panel = look_at_panel(
        sampled_cases(sources, codes, unit, category.value, zone),
        unit,
        possible_rates(sources, answers, flags),
        months=months,
        both="proactive" in initiator.keys,
        by_category=by_category,
        whole=whole,
        stands_for=stands_for,
    )
    return ByCategory(category, tuple(sources), codes, answers, panel)
