"""The checks: one row each, with what it looks at, who asks for it, and how a fault is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.preflight.authorities import (
    AEA_DUPLICATES,
    AEA_NOTEBOOKS,
    AEA_PATHS,
    AEA_PII,
    AEA_PREPARE,
    AEA_PYTHON,
    AEA_REPORT,
    AEA_SIZES,
    AEA_ZIP,
    CODECHECK_FAQ,
    CODECHECK_SPEC,
    DATAVERSE_REPLICATION,
    TEMPLATE_README,
    WORLD_BANK_CHECKLIST,
    WORLD_BANK_PROTOCOL,
    ZENODO_CITATION,
    ZENODO_RECORDS,
    ZENODO_TAKE_DOWN,
    Document,
)
from analysis.preflight.checksums import check_checksums
from analysis.preflight.citation import check_citation
from analysis.preflight.codebook import check_codebook
from analysis.preflight.data_sources import check_data_sources
from analysis.preflight.exhibits import check_exhibits
from analysis.preflight.files import (
    check_archives,
    check_duplicates,
    check_empty_files,
    check_sizes,
)
from analysis.preflight.finding import Allowed, Finding
from analysis.preflight.licences import check_licences
from analysis.preflight.notebooks import check_notebooks
from analysis.preflight.paths import check_paths
from analysis.preflight.personal_data import check_personal_data
from analysis.preflight.readme_commands import check_commands, check_links
from analysis.preflight.readme_sections import check_readme
from analysis.preflight.requirements import check_requirements
from analysis.preflight.seeds import check_seeds
from analysis.preflight.tree import Tree
from analysis.preflight.typed_numbers import check_typed_numbers

__all__ = ["CHECKS", "Check"]


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes
    ----------
    name
        What it is called by ``--only``.
    looks_at
        What it asks of the compendium.
    asked_by
        The documents that ask for it.
    mend
        What to do about a finding that has no advice of its own.
    find
        Yields its findings and what it allows.
    """

    name: str
    looks_at: str
    asked_by: tuple[Document, ...]
    mend: str
    find: Callable[[Tree], Iterator[Finding | Allowed]]


CHECKS = (
    Check(
        "readme",
        "README.md has the sections of the data editors' template, and each says what it must",
        (TEMPLATE_README, AEA_PREPARE, WORLD_BANK_CHECKLIST),
        "fill the section of README.md as the template asks",
        check_readme,
    ),
    Check(
        "commands",
        "README.md gives the command that makes everything and the one that tests it; "
        "every command in it exists",
        (TEMPLATE_README, WORLD_BANK_CHECKLIST),
        "write the command in README.md as `compendium --help` lists it",
        check_commands,
    ),
    Check(
        "links",
        "links and pictures of README.md lead to files of the compendium",
        (TEMPLATE_README, DATAVERSE_REPLICATION),
        "correct the link, or add the file",
        check_links,
    ),
    Check(
        "data-sources",
        "each folder of raw data has a README, and a row in README.md with source, rights and a "
        "citation that resolves",
        (TEMPLATE_README, AEA_PREPARE, AEA_REPORT, WORLD_BANK_PROTOCOL),
        "add the row or the column; cite a key of paper/references.bib in backticks, or an author "
        "and year listed under References, or `CITATION.cff` for data of your own",
        check_data_sources,
    ),
    Check(
        "licences",
        "licences are there in full text, also those of fonts",
        (TEMPLATE_README, AEA_REPORT, CODECHECK_FAQ, ZENODO_RECORDS),
        "put the full text of the licence beside what it is for",
        check_licences,
    ),
    Check(
        "citation",
        "CITATION.cff follows the Citation File Format 1.2.0 and names the licence",
        (ZENODO_CITATION,),
        "correct the key; the format is described at https://citation-file-format.github.io/",
        check_citation,
    ),
    Check(
        "codebook",
        "every column of every raw and processed table is described",
        (TEMPLATE_README, AEA_REPORT, DATAVERSE_REPLICATION),
        "describe each column, its name in backticks, in data/README.md or in the README.md beside "
        "the file",
        check_codebook,
    ),
    Check(
        "checksums",
        "data/raw/SHA256SUMS lists every raw file with the hash that it has",
        (AEA_DUPLICATES, WORLD_BANK_PROTOCOL),
        "restore the file, or record a new deposit: python3 reproduce.py checksums",
        check_checksums,
    ),
    Check(
        "personal-data",
        "no telephone numbers, identity numbers, e-mail addresses or licence plates in data and "
        "outputs",
        (AEA_PII, AEA_REPORT, DATAVERSE_REPLICATION, ZENODO_TAKE_DOWN),
        "take the value out of what is published, or put a code in its place that leads to nobody",
        check_personal_data,
    ),
    Check(
        "paths",
        "no absolute paths and no backslash paths in code, notebooks and their outputs, study "
        "files and the paper",
        (AEA_PATHS, WORLD_BANK_CHECKLIST),
        "write the path relative to the top folder, with slashes, or with pathlib",
        check_paths,
    ),
    Check(
        "seeds",
        "nothing draws without a seed, and README.md states every seed with file and line",
        (TEMPLATE_README, AEA_REPORT, WORLD_BANK_PROTOCOL),
        "pass a numpy.random.Generator made from a seed of the study file, and list the seed with "
        "its file and line under Controlled Randomness; where none is needed say so in the line: "
        "# no seed: names a folder",
        check_seeds,
    ),
    Check(
        "requirements",
        "requirements.txt covers every import and pins every package to one version",
        (AEA_PYTHON, AEA_REPORT, WORLD_BANK_PROTOCOL),
        "add the package to pyproject.toml and lock anew, as the head of requirements.txt says",
        check_requirements,
    ),
    Check(
        "notebooks",
        "the cells of executed notebooks ran in order, from 1, and none failed",
        (AEA_NOTEBOOKS,),
        "run it anew from top to bottom: python3 reproduce.py",
        check_notebooks,
    ),
    Check(
        "exhibits",
        "every number, figure and table of the ledger is there as recorded, and no other",
        (AEA_REPORT, TEMPLATE_README, WORLD_BANK_CHECKLIST, CODECHECK_SPEC),
        "make it anew: python3 reproduce.py; delete what no program makes",
        check_exhibits,
    ),
    Check(
        "typed-numbers",
        "no result is typed in the prose of the paper",
        (AEA_REPORT, WORLD_BANK_CHECKLIST),
        "record it in a notebook and use #num; if no run can change it, say so in the source: "
        "// typed on purpose: 95% (the level of every interval)",
        check_typed_numbers,
    ),
    Check(
        "empty-files",
        "no file is empty",
        (AEA_DUPLICATES,),
        "delete the file, or write what is missing",
        check_empty_files,
    ),
    Check(
        "duplicates",
        "no two files have the same bytes",
        (AEA_DUPLICATES, AEA_REPORT),
        "keep one of them and refer to it",
        check_duplicates,
    ),
    Check(
        "archives",
        "no ZIP file or other archive",
        (AEA_ZIP, AEA_REPORT),
        "unpack it, and deposit what is in it",
        check_archives,
    ),
    Check(
        "file-sizes",
        "no file of more than 100 MB",
        (AEA_SIZES,),
        "split it, or store it in a compact open format; if it is made, do not deposit it",
        check_sizes,
    ),
)
