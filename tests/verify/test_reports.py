"""Reports: nothing from a verdict becomes markup, and every verdict is in them."""

from __future__ import annotations

import json

from analysis.verify.report_html import to_html
from analysis.verify.report_json import to_json
from analysis.verify.report_text import to_lines
from analysis.verify.run import Options, Verification
from analysis.verify.verdict import Verdict

FAILURE = Verdict("FAIL", "rerun", "number", "toy.n", "not exact", "100", "<script>1</script>")
PASSED = Verdict("PASS", "rerun", "number", "toy.m")


def test_the_page_escapes_asks_for_nothing_and_has_every_verdict() -> None:
    page = to_html(Verification(Options(), [FAILURE, PASSED], [1.0]), "toy")
    assert "&lt;script&gt;" in page
    for forbidden in ("<script", "http:", "https:", "src=", "@import", "url("):
        assert forbidden not in page
    assert '<html lang="en">' in page
    assert "number toy.n" in page
    assert "number toy.m" in page
    assert "committed: 100" in page


def test_the_json_has_values_counts_and_the_result() -> None:
    content = json.loads(to_json(Verification(Options(), [FAILURE, PASSED], [1.0])))
    assert content["result"] == "FAIL"
    assert content["counts"] == {"PASS": 1, "EXPLAINED": 0, "FAIL": 1}
    assert content["verdicts"][0]["made"] == "<script>1</script>"


def test_a_failed_rerun_is_told_apart_from_a_failed_comparison() -> None:
    found = Verification(Options(), [FAILURE], failure="the rerun failed\n  - no memory")
    assert found.exit_code == 2
    assert json.loads(to_json(found))["result"] == "the rerun failed"
    assert "no memory" in to_html(found, "toy")
    assert "the rerun failed\n  - no memory" in list(to_lines(found, everything=False))


def test_the_terminal_tells_failures_and_counts_passes() -> None:
    cells = [
        Verdict("FAIL", "rerun", "table", "toy-t", "", "1", "2", f"row {row}") for row in range(9)
    ]
    found = Verification(Options(), [PASSED, FAILURE, *cells])
    lines = list(to_lines(found, everything=False))
    assert lines[0] == str(FAILURE)
    assert lines[-2:] == [
        "… and 4 more of table toy-t; the report has all",
        "1 PASS, 0 EXPLAINED, 10 FAIL.",
    ]
    assert len(list(to_lines(found, everything=True))) == 12
