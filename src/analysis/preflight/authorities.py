"""Who asks for what: the public documents that the checks follow."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "AEA_DUPLICATES",
    "AEA_NOTEBOOKS",
    "AEA_PATHS",
    "AEA_PII",
    "AEA_PREPARE",
    "AEA_PYTHON",
    "AEA_REPORT",
    "AEA_SIZES",
    "AEA_ZIP",
    "CODECHECK_FAQ",
    "CODECHECK_SPEC",
    "DATAVERSE_REPLICATION",
    "TEMPLATE_README",
    "WORLD_BANK_CHECKLIST",
    "WORLD_BANK_PROTOCOL",
    "ZENODO_CITATION",
    "ZENODO_RECORDS",
    "ZENODO_TAKE_DOWN",
    "Document",
]


@dataclass(frozen=True, slots=True)
class Document:
    """A public document that asks something of a deposit.

    Attributes
    ----------
    body
        Who publishes it.
    title
        Its title.
    address
        Where it can be read.
    """

    body: str
    title: str
    address: str


EDITORS = "Social Science Data Editors"
AEA = "AEA Data Editor"
WORLD_BANK = "World Bank Reproducible Research Initiative"

_AEA_TEMPLATE = "https://github.com/AEADataEditor/replication-template/blob/master"
_WORLD_BANK_SITE = "https://worldbank.github.io/wb-reproducible-research-repository"


def _automation(title: str, page: str) -> Document:
    return Document(AEA, title, f"{_AEA_TEMPLATE}/docs/{page}")


TEMPLATE_README = Document(
    EDITORS,
    "A template README for social science replication packages",
    "https://social-science-data-editors.github.io/template_README/template-README.html",
)
AEA_PREPARE = Document(
    AEA,
    "Preparing your files for verification",
    "https://aeadataeditor.github.io/aea-de-guidance/preparing-for-data-deposit.html",
)
AEA_REPORT = Document(
    AEA,
    "Sample language that may be used in the replication report",
    f"{_AEA_TEMPLATE}/sample-language-report.md",
)
AEA_DUPLICATES = _automation(
    "Find duplicate and empty files", "automations/96-92-06_check_duplicates_and_zero_bytes.md"
)
AEA_ZIP = _automation(
    "Warn about ZIP files in the deposit", "automations/96-92-05_check_zip_files.md"
)
AEA_PATHS = _automation(
    "Find Windows-style file paths in code", "automations/96-92-07_check_file_paths.md"
)
AEA_SIZES = _automation("Find files too large for Git", "automations/96-92-01_check_file_sizes.md")
AEA_PII = _automation(
    "Scan data for personal information", "automations/96-92-16_run_pii_scanner.md"
)
AEA_PYTHON = _automation(
    "Scan Python code for packages", "automations/96-92-15_run_python_scanner.md"
)
AEA_NOTEBOOKS = _automation(
    "Verify Jupyter notebook execution order", "tools/analysis/96-90-check_ipynb_order.md"
)
WORLD_BANK_CHECKLIST = Document(
    WORLD_BANK,
    "Checklist for World Bank Reproducibility Packages",
    f"{_WORLD_BANK_SITE}/reproducibility_package_checklist.html",
)
WORLD_BANK_PROTOCOL = Document(
    WORLD_BANK,
    "PRWP Reproducibility Protocol",
    f"{_WORLD_BANK_SITE}/reproducibility_reviewer_protocol.html",
)
CODECHECK_SPEC = Document(
    "CODECHECK",
    "CODECHECK configuration file: the manifest of outputs",
    "https://codecheck.org.uk/spec/config/latest/",
)
CODECHECK_FAQ = Document(
    "CODECHECK",
    "FAQ: why an author has to provide licensing information",
    "https://codecheck.org.uk/faq/",
)
DATAVERSE_REPLICATION = Document(
    "Dataverse",
    "Replication Dataset Guidelines",
    "https://dataverse.org/best-practices/replication-dataset",
)
ZENODO_RECORDS = Document(
    "Zenodo", "About records", "https://help.zenodo.org/docs/deposit/about-records"
)
ZENODO_CITATION = Document(
    "Zenodo",
    "Describe your software: CITATION.cff and .zenodo.json",
    "https://help.zenodo.org/docs/github/describe-software/",
)
ZENODO_TAKE_DOWN = Document(
    "Zenodo",
    "What is your take-down procedure? (personal data)",
    "https://support.zenodo.org/help/en-gb/13-policies/140-what-is-your-take-down-procedure",
)
