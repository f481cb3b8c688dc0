"""Compare the documents: the bytes of each PDF, and which exhibit stands on which page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.ledger.uses import read_uses
from analysis.pipeline.documents import DOCUMENTS, USES, document_file, documents_of
from analysis.verify.verdict import Check, Verdict, count, of_file

__all__ = ["compare_papers"]


def compare_papers(
    committed: Path, made: Path, verdicts: Iterable[Verdict], check: Check
) -> list[Verdict]:
    """Compare the documents of two trees.

    Parameters
    ----------
    committed, made
        The top folders.
    verdicts
        What was found of the exhibits. A document has the same bytes if all they are; it may
        differ if none of them fails and one differs within its tolerance.
    check
        What is compared with what.
    """
    exhibits = [found for found in verdicts if found.check == check]
    expected = {document_file(name) for name in documents_of(made)}
    documents = [
        _compare_document(committed, made, path, exhibits, check)
        for path in map(document_file, DOCUMENTS)
        if path in expected or (committed / path).is_file()
    ]
    return [*documents, *_compare_uses(committed, made, check)]


def _compare_document(
    committed: Path, made: Path, path: Path, exhibits: list[Verdict], check: Check
) -> Verdict:
    verdict = of_file("document", path.as_posix(), check)
    old, new = committed / path, made / path
    if not old.is_file() or not new.is_file():
        return verdict("FAIL", f"it is not {'made' if old.is_file() else 'committed'}")
    if old.read_bytes() == new.read_bytes():
        return verdict("PASS")
    if count(exhibits, "FAIL"):
        return verdict("FAIL", "it differs, as do exhibits that it is made of")
    if count(exhibits, "EXPLAINED"):
        return verdict("EXPLAINED", "it differs, as do exhibits of it within their tolerances")
    return verdict("FAIL", "it differs, though no exhibit that it is made of does")


def _compare_uses(committed: Path, made: Path, check: Check) -> list[Verdict]:
    verdict = of_file("uses of exhibits", USES.as_posix(), check)
    before, after = (_pages(top) for top in (committed, made))
    found = [
        verdict("FAIL", "it is used elsewhere", where=name, committed=old, made=new)
        for name, old, new in _differing(before, after)
    ]
    return found or [verdict("PASS")]


def _pages(root: Path) -> dict[str, str]:
    pages: dict[str, list[str]] = {}
    for use in read_uses(root):
        pages.setdefault(use.id, []).append(f"{use.document}, page {use.page}")
    return {name: "; ".join(places) for name, places in pages.items()}


def _differing(before: dict[str, str], after: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield name, old, new
