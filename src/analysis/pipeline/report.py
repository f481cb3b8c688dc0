"""Build the report about one study that the paper does not treat."""

from __future__ import annotations

from pathlib import Path

from analysis.ledger.assemble import write_numbers
from analysis.pipeline.documents import report_files
from analysis.pipeline.paper import compile_document
from analysis.pipeline.step import Step
from analysis.study.load import read_study
from analysis.workspace import write_atomically

__all__ = ["build_report"]

SOURCE = Path("paper/report.typ")


def build_report(root: Path, step: Step, output: Path) -> None:
    """Write what the report prints, and the report as PDF.

    Parameters
    ----------
    root
        The top folder of the compendium.
    step
        The step; its first two inputs are the study's ledger and the study file.
    output
        Stands for the top folder in the names of what is written.

    Raises
    ------
    RunError
        If Typst finds an error or has a warning.
    """
    ledger, described = (root / path for path in step.inputs[:2])
    document, numbers = report_files(step.study)
    write_numbers([ledger], output / numbers, [read_study(described)])
    # Typst reads nothing outside its root, so the figures of `root` and the numbers of `output`
    # have to be seen together: the numbers are handed over as text.
    printed = (output / numbers).read_text(encoding="utf-8")
    content = compile_document(root, root / SOURCE, {"numbers": printed})
    write_atomically(output / document, content)
