"""What the codes in tickets mean: who opened a case, what became of it, what residents answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analysis.new_study.guess import Guess
from analysis.new_study.look.contents import SHOWN_FROM, Contents
from analysis.new_study.propose.headers import REVERSED, plain
from analysis.new_study.propose.known_values import (
    ANSWERS,
    CATEGORIES,
    CHANNELS,
    NO_UNIT,
    STATUSES,
    is_known,
    meaning_of,
    opposites,
)
from analysis.new_study.propose.sources import UNPUBLISHED, SourceProposal, pooled
from analysis.new_study.propose.table import Table, Value

__all__ = [
    "propose_answers",
    "propose_flags",
    "propose_initiator",
    "propose_no_unit",
    "propose_recodes",
    "propose_status",
]

ANSWER_COLUMNS = ("on_time", "responded", "resolved", "satisfied")
_PLAIN_YES_AND_NO = {"是", "否", "y", "n", "yes", "no", "true", "false", "1", "0"}
_PROACTIVE = "proactive"
_FLAGS = {
    "consultation": ("question", "a question that was answered, not a complaint"),
    "internal": ("own_business", "the hotline's own business"),
    "drop": ("test_case", "entered to try the system"),
}


def propose_initiator(sources: Sequence[SourceProposal], category: str) -> Table:
    """Sort channels into residents, staff and software, or let categories tell."""
    proactive = _proactive_categories(sources, category)
    if not any(source.has("channel") for source in sources) and proactive:
        keys: dict[str, Guess[Value]] = {
            "column": Guess("channel", "No column tells the channel, but categories do."),
            "proactive": Guess(tuple(proactive)),
            "otherwise": Guess("resident"),
        }
        return Table("tickets.initiator", keys)
    contents = pooled(sources, "channel")
    counts = contents.codes(_known(contents, CHANNELS))
    sorted_values: dict[str, list[str]] = {"resident": [], "proactive": [], "system": []}
    unsure: dict[str, list[str]] = {"by a word in them": [], "not at all": []}
    for value in counts:
        meaning = meaning_of(value, CHANNELS)
        sorted_values[meaning[0] if meaning else "resident"].append(value)
        if meaning is None:
            unsure["not at all"].append(value)
        elif meaning[1] == "likely":
            unsure["by a word in them"].append(value)
    why = []
    for source in sources:
        if not source.has("channel"):
            sorted_values["resident"] += [UNPUBLISHED]
            why.append(
                f"The source {source.name} has no column of channels: all its cases count as "
                "opened by residents. Proactive cases cannot be told from them."
            )
    if unsure["by a word in them"]:
        why.append(f"Sorted by a word in them: {_shown(unsure['by a word in them'], counts)}.")
    if unsure["not at all"]:
        shown = _shown(unsure["not at all"], counts)
        why.append(f"NOT KNOWN, and put under resident until you know better: {shown}.")
    why += _rare(contents, counts, "go into quarantine until they are named here")
    keys = {"column": Guess("channel")}
    keys |= {
        who: Guess(tuple(dict.fromkeys(values))) for who, values in sorted_values.items() if values
    }
    return Table("tickets.initiator", keys, " ".join(why), check=bool(why))


def propose_status(sources: Sequence[SourceProposal]) -> Table | None:
    """Sort statuses into open, closed and void; None if no source has any."""
    if not any(source.has("status") for source in sources):
        return None
    contents = pooled(sources, "status")
    counts = contents.codes(_known(contents, STATUSES))
    closed_share = _closed_shares(sources)
    keys: dict[str, list[str]] = {"open": [], "closed": [], "void": []}
    unsure: list[str] = []
    for value in counts:
        meaning = meaning_of(value, STATUSES)
        if meaning is None:
            keys["closed" if closed_share.get(value, 0) >= 0.5 else "open"].append(value)
        else:
            # A duplicate is closed; a flag says what it is.
            keys["closed" if meaning[0] == "duplicate" else meaning[0]].append(value)
        if meaning is None or meaning[1] == "likely":
            unsure.append(value)
    why = []
    if unsure:
        why.append(
            f"Not known for certain: {_shown(unsure, counts)}; sorted by a word in them, or by "
            "whether most such cases have a closing time."
        )
    why += _rare(contents, counts, "go into quarantine until they are named here")
    values: dict[str, Guess[Value]] = {k: Guess(tuple(v)) for k, v in keys.items() if v}
    return Table("tickets.status", values, " ".join(why), check=bool(why))


def propose_answers(sources: Sequence[SourceProposal]) -> dict[str, Table]:
    """Say which marks and answers mean yes; a column in which none can be told has no table."""
    tables = {}
    for column in ANSWER_COLUMNS:
        if any(source.has(column) for source in sources):
            table = _answers(sources, column)
            if table is not None:
                tables[column] = table
    return tables


def _answers(sources: Sequence[SourceProposal], column: str) -> Table | None:
    contents = pooled(sources, column)
    points = _scale(contents)
    counts = contents.codes([*_known(contents, ANSWERS), *(points or {})])
    headers = [h for s in sources for m in s.matches if m.column == column for h in m.headers]
    late = any(plain(header) in REVERSED for header in headers)
    keys: dict[str, list[str]] = {"yes": [], "no": [], "none": []}
    unknown = []
    for value in counts:
        found = (points or {}).get(value) or (meaning_of(value, ANSWERS) or ("",))[0]
        if late and plain(value) in _PLAIN_YES_AND_NO:
            found = "no" if found == "yes" else "yes"
        if found:
            keys[found].append(value)
        else:
            unknown.append(value)
    unseen: list[str] = []
    if not keys["no"]:
        keys["no"] = unseen = opposites(keys["yes"], "no")
    elif not keys["yes"]:
        keys["yes"] = unseen = opposites(keys["no"], "yes")
    if not keys["yes"] or not keys["no"]:
        return None
    why = []
    if late:
        why.append("The mark says that a case is late, so its yes is a no here.")
    if points:
        why.append(
            "A scale of numbers: the upper part counts as yes. Check that high means good, and "
            "where your study draws the line."
        )
    if "一般" in counts or "neutral" in map(plain, counts):
        why.append("The middle of the scale counts as no: the stricter of two customs.")
    if unseen:
        why.append(f"Not in the samples, but likely elsewhere: {', '.join(unseen)}.")
    if unknown:
        why.append(f"NOT KNOWN, and read as no answer: {_shown(unknown, counts)}.")
    why += _rare(contents, counts, "are read as no answer")
    check = bool(points or unknown or unseen or late)
    values: dict[str, Guess[Value]] = {k: Guess(tuple(v)) for k, v in keys.items() if v}
    return Table(f"tickets.{column}", values, " ".join(why), check)


def _scale(contents: Contents) -> dict[str, str] | None:
    """Score a scale of numbers: its upper part, without the middle, is yes."""
    values = [value for value in contents.counts if value.isascii() and value.isdigit()]
    if len(values) != len(contents.counts) or not 2 <= len(values) <= 11:
        return None
    points = {value: int(value) for value in values}
    middle = (min(points.values()) + max(points.values())) / 2
    return {value: "yes" if point > middle else "no" for value, point in points.items()}


def propose_flags(sources: Sequence[SourceProposal], category: str) -> list[Table]:
    """Flag categories that are no complaints, and statuses that mean a duplicate."""
    flags: list[Table] = []
    for column in dict.fromkeys(("category_1", "category_2", category)):
        contents = pooled(sources, column)
        for action, (name, reason) in _FLAGS.items():
            values = [
                value
                for value in sorted(contents.counts)
                if is_known(value, CATEGORIES) and CATEGORIES[plain(value)] == action
            ]
            if values and not any(f.keys["name"].value == name for f in flags):
                flags.append(_flag(name, action, column, values, reason))
    statuses = pooled(sources, "status")
    shown = statuses.codes(_known(statuses, STATUSES))
    repeats = [v for v in shown if (meaning_of(v, STATUSES) or ("",))[0] == "duplicate"]
    if repeats:
        reason = "the city marks it as a duplicate of another case"
        flags.append(_flag("duplicate_status", "duplicate", "status", repeats, reason))
    return flags


def _flag(name: str, action: str, column: str, values: Sequence[str], reason: str) -> Table:
    keys: dict[str, Guess[Value]] = {
        "name": Guess(name),
        "action": Guess(action),
        "column": Guess(column),
        "equals": Guess(tuple(values)),
        "reason": Guess(reason),
    }
    return Table("tickets.flag", keys, several=True)


def propose_no_unit(sources: Sequence[SourceProposal], unit: str) -> tuple[str, ...]:
    """List the values of the unit's column that are known to be no place."""
    missing = {marker for source in sources for marker in source.missing}
    values = sorted(pooled(sources, unit).counts)
    return tuple(value for value in values if is_known(value, NO_UNIT) and value not in missing)


def propose_recodes(sources: Sequence[SourceProposal], category: str) -> Table | None:
    """Put a category of proactive cases together with that of the complaints it answers to."""
    if any(source.has("channel") for source in sources):
        return None
    keys: dict[str, Guess[Value]] = {
        value: Guess(base) for value, base in _proactive_categories(sources, category).items()
    }
    why = "Staff's cases count in the category of the complaints that they forestall."
    return Table(f"tickets.recode.{category}", keys, why) if keys else None


def _proactive_categories(sources: Sequence[SourceProposal], category: str) -> dict[str, str]:
    shown = pooled(sources, category).codes()
    return {
        value: value[: -len(_PROACTIVE)].rstrip(" -_/")
        for value in shown
        if value.casefold().endswith(_PROACTIVE) and len(value) > len(_PROACTIVE) + 1
    }


def _closed_shares(sources: Sequence[SourceProposal]) -> dict[str, float]:
    total: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    for source in sources:
        for status, time in source.rows("status", "closed"):
            if status is not None:
                total[status] += 1
                closed[status] += time is not None
    return {status: closed[status] / total[status] for status in total}


def _known(contents: Contents, table: dict[str, str]) -> list[str]:
    return [value for value in contents.counts if is_known(value, table)]


def _shown(values: Sequence[str], counts: dict[str, int]) -> str:
    return ", ".join(f"{value} ({counts[value]:,})" for value in values)


def _rare(contents: Contents, shown: dict[str, int], fate: str) -> list[str]:
    rest = len(contents.counts) - len(shown)
    if rest == 0:
        return []
    return [
        f"{rest} more values are not shown, because they come less than {SHOWN_FROM} times, are "
        f"long or hold numbers; they {fate}."
    ]
