"""Verify a compendium: check what is at hand, run everything again in a copy, and compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import RunError
from analysis.study.load import list_studies
from analysis.verify.at_hand import check_exhibit_files, check_numbers, check_unlisted
from analysis.verify.compare import compare_entries
from analysis.verify.copy import scratch_copy, scratch_folder
from analysis.verify.flows import compare_flows
from analysis.verify.notebooks import check_origins, compare_notebooks
from analysis.verify.papers import compare_papers
from analysis.verify.provenance import check_sources, compare_runs
from analysis.verify.raw import check_checksums, check_seeds
from analysis.verify.rerun import rerun, rerun_only
from analysis.verify.state import State, read_state
from analysis.verify.verdict import Check, Outcome, Verdict, count

__all__ = ["Options", "Verification", "verify"]

# Of a second run: sets iterate in another order, and steps run in another.
_OTHER_HASH_SEED = 1
_ONE_WORKER = 1


@dataclass(frozen=True, slots=True)
class Options:
    """What is verified.

    Attributes
    ----------
    studies
        Only these studies, without the paper; all if none is given.
    only
        Only these exhibits, by id.
    twice
        Whether to run two times, and compare the runs too.
    notebooks
        Whether to compare executed notebooks cell by cell.
    workers
        How many steps of the first rerun run at the same time.
    keep
        Whether to keep the scratch copies.
    """

    studies: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    twice: bool = False
    notebooks: bool = False
    workers: int | None = None
    keep: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing is left out, so that the paper can be built."""
        return not self.studies and not self.only


@dataclass(slots=True)
class Verification:
    """What was found.

    Attributes
    ----------
    options
        What was asked for.
    verdicts
        All verdicts, in the order in which they were found.
    seconds
        How long each rerun took.
    failure
        Why a rerun failed; empty if none did.
    scratch
        Where the scratch copies are, if they were kept.
    """

    options: Options
    verdicts: list[Verdict] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    failure: str = ""
    scratch: Path | None = None

    def count(self, outcome: Outcome) -> int:
        """Count the verdicts of one outcome."""
        return count(self.verdicts, outcome)

    @property
    def exit_code(self) -> int:
        """2 if a rerun failed, else 1 if anything else did, else 0."""
        if self.failure:
            return 2
        return 1 if self.count("FAIL") else 0


def verify(root: Path, options: Options, say: Callable[[str], None]) -> Verification:
    """Verify that what is committed is what the code makes from raw data.

    Nothing outside ``.cache/verify`` is written.

    Parameters
    ----------
    root
        The top folder of the compendium.
    options
        What is verified.
    say
        Is given lines that tell how it goes.

    Raises
    ------
    CompendiumError
        If there is no such study or exhibit, or a ledger cannot be read.
    """
    committed = read_state(root, options.studies, options.only)
    verification = Verification(options)
    studies = _studies(committed, options)
    with scratch_folder(root, keep=options.keep) as folder:
        verification.scratch = folder if options.keep else None
        say("Checking the files at hand …")
        verification.verdicts += _check_at_hand(committed, folder, options)
        raw = list(check_checksums(root, studies))
        verification.verdicts += raw
        if count(raw, "FAIL"):
            say("The raw data are not those that were deposited, so nothing is run.")
            return verification
        try:
            _rerun_and_compare(committed, studies, folder, verification, say)
        except RunError as error:
            verification.failure = str(error)
    return verification


def _check_at_hand(committed: State, folder: Path, options: Options) -> list[Verdict]:
    verdicts = [
        *check_sources(committed),
        *check_exhibit_files(committed),
        *check_numbers(committed, folder, whole=options.whole),
    ]
    if options.whole:
        verdicts += check_unlisted(committed)
    if options.notebooks:
        verdicts += check_origins(committed)
    return verdicts


def _studies(committed: State, options: Options) -> list[str]:
    if options.only:
        return list(committed.ledgers)
    known = list_studies(committed.root / "notebooks" / "studies")
    return [study for study in known if not options.studies or study in options.studies]


def _rerun_and_compare(
    committed: State,
    studies: Sequence[str],
    folder: Path,
    verification: Verification,
    say: Callable[[str], None],
) -> None:
    options, verdicts = verification.options, verification.verdicts
    say("Running everything again in a copy without anything that was made …")
    first = _made(committed, folder, "first", verification, say)
    verdicts += check_seeds(first.root, studies)
    verdicts += _compare(committed, first, options, "rerun")
    if options.twice:
        say("Running it a second time, with one worker and another order of sets …")
        second = _made(committed, folder, "second", verification, say)
        verdicts += _compare(first, second, options, "second run")


def _made(
    committed: State,
    folder: Path,
    name: str,
    verification: Verification,
    say: Callable[[str], None],
) -> State:
    options = verification.options
    copy = scratch_copy(committed.root, folder, name)
    first = name == "first"
    workers = options.workers if first else _ONE_WORKER
    hash_seed = 0 if first else _OTHER_HASH_SEED
    if options.only:
        ledgers = list(committed.ledgers.values())
        seconds = rerun_only(copy, say, ledgers, workers=workers, hash_seed=hash_seed)
    else:
        seconds = rerun(copy, say, studies=options.studies, workers=workers, hash_seed=hash_seed)
    verification.seconds.append(seconds)
    made = read_state(copy)
    return made.restricted_to(options.only) if options.only else made


def _compare(before: State, after: State, options: Options, check: Check) -> list[Verdict]:
    verdicts = [
        *compare_runs(before, after, check),
        *compare_entries(before, after, check),
        *compare_flows(before, after, check),
    ]
    if options.notebooks or check == "second run":
        names = {
            f"notebooks/executed/{study}/{run}.ipynb": None
            for state in (before, after)
            for study, ledger in state.ledgers.items()
            for run in ledger.runs
        }
        verdicts += compare_notebooks(before.root, after.root, names, check)
    if options.whole:
        verdicts += compare_papers(before.root, after.root, verdicts, check)
    return verdicts
