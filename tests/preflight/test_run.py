"""The whole: a sound compendium has no finding, the files are chosen rightly, the reports agree."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.errors import ParameterError
from analysis.preflight.registry import CHECKS
from analysis.preflight.report import (
    checks_as_json,
    checks_as_text,
    preflight_as_json,
    preflight_as_text,
)
from analysis.preflight.run import run_preflight
from analysis.preflight.tree import Tree

Write = Callable[[str, str], None]


def test_a_sound_compendium_has_no_finding(root: Path) -> None:
    # Catches false alarms: one would make the command useless to whoever has nothing to mend.
    report = run_preflight(root)
    assert report.passes(), preflight_as_text(report)
    assert "no finding" in preflight_as_text(report).splitlines()[-1]


def test_an_unknown_check_is_refused_with_the_nearest_name(root: Path) -> None:
    with pytest.raises(ParameterError, match="did you mean 'seeds'"):
        run_preflight(root, ["seed"])


def test_warnings_count_unless_they_are_allowed(root: Path, write: Write) -> None:
    write("paper/paper.typ", "It rose by 3.5 per cent.\n")
    report = run_preflight(root)
    assert (report.count("error"), report.count("warning")) == (0, 1)
    assert not report.passes()
    assert report.passes(allow_warnings=True)


def test_text_and_json_tell_each_finding_with_place_and_mend(root: Path, write: Write) -> None:
    # Catches a report from which nobody could tell what to do.
    write("data/raw/city/new.csv", "phone\n13800001234\n")
    report = run_preflight(root, ["personal-data", "checksums"])
    text = preflight_as_text(report)
    assert "data/raw/city/new.csv, row 2, column 'phone'" in text
    assert "Asked by: AEA Data Editor" in text
    assert "13800001234" not in text
    content = json.loads(preflight_as_json(report))
    findings = [finding for check in content["checks"] for finding in check["findings"]]
    assert len(findings) == report.count("error") + report.count("warning")
    assert all(finding["mend"] and finding["asked_by"] for finding in findings)


def test_every_check_is_asked_for_by_a_public_document() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    for check in CHECKS:
        assert check.asked_by
        assert all(document.address.startswith("https://") for document in check.asked_by)
    assert [check["name"] for check in json.loads(checks_as_json())] == [c.name for c in CHECKS]
    assert all(check.name in checks_as_text() for check in CHECKS)


def test_without_git_caches_and_what_is_not_deposited_are_left_out(
    root: Path, write: Write
) -> None:
    for name in (".venv/a.py", "src/__pycache__/a.pyc", "data/restricted/city/a.csv"):
        write(name, "x")
    assert not {".venv/a.py", "src/__pycache__/a.pyc", "data/restricted/city/a.csv"} & set(
        Tree(root).files
    )


def test_with_git_only_what_it_keeps_or_would_keep_is_looked_at(root: Path, write: Write) -> None:
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    write(".gitignore", "/scratch/\n")
    write("scratch/a.zip", "x")
    write("new.zip", "x")
    files = Tree(root).files
    assert "new.zip" in files
    assert "scratch/a.zip" not in files
