"""Tell what the checks found, in lines for people and as JSON."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict
from typing import Any

from analysis.preflight.finding import Finding
from analysis.preflight.registry import CHECKS, Check
from analysis.preflight.run import Checked, Preflight

__all__ = [
    "checks_as_json",
    "checks_as_text",
    "preflight_as_json",
    "preflight_as_text",
    "summary",
]

WIDTH = 100


def preflight_as_text(report: Preflight) -> str:
    """Write the findings, check by check, the exceptions, and a summary in one line."""
    parts = [_group(one) for one in report.checked if one.findings]
    exceptions = [_exceptions(one) for one in report.checked if one.allowed]
    if exceptions:
        parts.append("\n".join(["Allowed, and why:", *exceptions]))
    return "\n\n".join([*parts, summary(report)])


def summary(report: Preflight) -> str:
    """Say in one line how it went."""
    errors, warnings = report.count("error"), report.count("warning")
    with_findings = sum(bool(one.findings) for one in report.checked)
    counted = f"{_several(len(report.checked), 'check')} on {_several(report.files, 'file')}"
    time = f"{report.seconds:.1f} s"
    if not errors + warnings:
        return f"Preflight: {counted}, no finding ({time})."
    found = f"{_several(errors, 'error')} and {_several(warnings, 'warning')}"
    return f"Preflight: {counted}, {found} in {_several(with_findings, 'check')} ({time})."


def preflight_as_json(report: Preflight) -> str:
    """Write the same as JSON: a list of checks, each with its findings and exceptions."""
    content = {
        "passed": report.passes(),
        "errors": report.count("error"),
        "warnings": report.count("warning"),
        "files": report.files,
        "checks": [_check_as_dict(one.check) | _found_as_dict(one) for one in report.checked],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def checks_as_text() -> str:
    """List the checks: what each looks at, how a fault is mended, and who asks for it."""
    parts = []
    for check in CHECKS:
        lines = [check.name, *_indented(check.looks_at), *_indented(f"Mend: {check.mend}.")]
        for document in check.asked_by:
            lines += _indented(f"Asked by {document.body}: {document.title},")
            lines.append(f"    {document.address}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def checks_as_json() -> str:
    """List the checks as JSON."""
    return json.dumps([_check_as_dict(check) for check in CHECKS], ensure_ascii=False, indent=1)


def _group(one: Checked) -> str:
    errors = sum(finding.severity == "error" for finding in one.findings)
    warnings = len(one.findings) - errors
    counts = [_several(errors, "error")] if errors else []
    counts += [_several(warnings, "warning")] if warnings else []
    bodies = dict.fromkeys(document.body for document in one.check.asked_by)
    lines = [f"{one.check.name}: {', '.join(counts)}", *_indented(one.check.looks_at)]
    lines += _indented(f"Asked by: {'; '.join(bodies)}")
    for mend in dict.fromkeys(_mend(finding, one) for finding in one.findings):
        lines += [_line(finding) for finding in one.findings if _mend(finding, one) == mend]
        lines += _indented(f"Mend: {mend}.", "      ")
    return "\n".join(lines)


def _mend(finding: Finding, one: Checked) -> str:
    return finding.mend or one.check.mend


def _line(finding: Finding) -> str:
    return f"  {finding.severity}: {finding.place}: {finding.what}"


def _exceptions(one: Checked) -> str:
    """Say each reason once, with how often it holds and where first."""
    places: dict[str, list[str]] = {}
    for allowed in one.allowed:
        places.setdefault(allowed.why, []).append(str(allowed.place))
    lines = []
    for why, where in places.items():
        others = f" and {len(where) - 1} more" if len(where) > 1 else ""
        lines.append(f"  {one.check.name}: {why} ({where[0]}{others})")
    return "\n".join(lines)


def _several(count: int, noun: str) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> _several(1, "error"), _several(2, "error")
    ('1 error', '2 errors')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _indented(text: str, indent: str = "    ") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _check_as_dict(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "looks_at": check.looks_at,
        "asked_by": [asdict(document) for document in check.asked_by],
        "mend": check.mend,
    }


def _found_as_dict(one: Checked) -> dict[str, Any]:
    findings = [
        {
            "check": one.check.name,
            "severity": finding.severity,
            **asdict(finding.place),
            "what": finding.what,
            "asked_by": list(dict.fromkeys(document.body for document in one.check.asked_by)),
            "mend": _mend(finding, one),
        }
        for finding in one.findings
    ]
    allowed = [asdict(allowed.place) | {"why": allowed.why} for allowed in one.allowed]
    return {"findings": findings, "allowed": allowed}
