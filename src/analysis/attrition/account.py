"""The accounts of rows: of a study's cleaning and results, or of chosen results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.attrition.cleaning import CleaningStep, read_cleaning
from analysis.attrition.compare import Comparison, compare_flows
from analysis.errors import ParameterError, Problem, did_you_mean
from analysis.ledger.read import FlowEntry, Ledger, read_ledgers

__all__ = ["StudyAccount", "account_of_studies", "compare_results", "find_results"]


@dataclass(frozen=True, slots=True)
class StudyAccount:
    """All rows of a study.

    Attributes
    ----------
    study
        Its name.
    cleaning
        What cleaning did, step by step.
    results
        The flow of rows into each result, by panel and then in the order of ids.
    """

    study: str
    cleaning: tuple[CleaningStep, ...]
    results: tuple[FlowEntry, ...]


def account_of_studies(root: Path, studies: Sequence[str]) -> list[StudyAccount]:
    """Account for the rows of studies; of all that have a ledger if none is named.

    Raises
    ------
    ParameterError
        If a study has no ledger.
    """
    ledgers = read_ledgers(root)
    problems = [
        Problem("no study of this name has a ledger", study, did_you_mean(study, ledgers))
        for study in studies
        if study not in ledgers
    ]
    if problems:
        raise ParameterError("the rows cannot be accounted for", problems)
    return [
        StudyAccount(
            study,
            tuple(read_cleaning(root, study)),
            tuple(sorted(ledgers[study].flows.values(), key=lambda flow: (flow.panel, flow.id))),
        )
        for study in studies or list(ledgers)
    ]


def find_results(root: Path, results: Sequence[str]) -> list[FlowEntry]:
    """Find the flows of results by their ids.

    Raises
    ------
    ParameterError
        If one is not known; near ones are named.
    """
    return _find(read_ledgers(root), results)


def compare_results(root: Path, first: str, second: str) -> Comparison:
    """Say why the numbers of observations of two results differ.

    Parameters
    ----------
    root
        The top folder of the compendium.
    first, second
        Their ids: ``<study>.<level>.<outcome>.<estimator>``.

    Raises
    ------
    ParameterError
        If one is not known; near ones are named.
    """
    ledgers = read_ledgers(root)
    one, other = _find(ledgers, [first, second])
    recorded = [ledgers[flow.study].runs[flow.run].inputs.get(flow.panel) for flow in (one, other)]
    same = recorded[0] if recorded[0] == recorded[1] else None
    return compare_flows(root, one, other, same)


def _find(ledgers: Mapping[str, Ledger], results: Sequence[str]) -> list[FlowEntry]:
    flows = {entry.id: entry for ledger in ledgers.values() for entry in ledger.flows.values()}
    problems = []
    for identity in results:
        if identity not in flows:
            hint = did_you_mean(identity, flows) if flows else "run the whole compendium first"
            problems.append(Problem("no result of this id has a flow of rows", identity, hint))
    if problems:
        raise ParameterError("the rows cannot be accounted for", problems)
    return [flows[identity] for identity in results]
