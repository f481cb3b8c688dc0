"""Write what a verification found as JSON, every verdict in full."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from analysis.verify.run import Verification

__all__ = ["about", "result_of", "to_json"]


def to_json(verification: Verification) -> str:
    """Write a verification as JSON.

    Parameters
    ----------
    verification
        What was found.

    Returns
    -------
    str
        An object with ``result`` (``PASS``, ``FAIL`` or ``the rerun failed``), ``counts`` by
        outcome, ``about`` (when, where and what was asked for), ``failure`` and ``verdicts``, each
        with the attributes of `analysis.verify.verdict.Verdict`.
    """
    content = {
        "result": result_of(verification),
        "counts": {
            "PASS": verification.count("PASS"),
            "EXPLAINED": verification.count("EXPLAINED"),
            "FAIL": verification.count("FAIL"),
        },
        "about": about(verification),
        "failure": verification.failure,
        "verdicts": [asdict(verdict) for verdict in verification.verdicts],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def result_of(verification: Verification) -> str:
    """Say in a word or two how it ended."""
    return ("PASS", "FAIL", "the rerun failed")[verification.exit_code]


def about(verification: Verification) -> dict[str, Any]:
    """Say when and on which machine it was done, and what was asked for."""
    options = verification.options
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count() or 1,
        "seconds of each rerun": [round(seconds, 1) for seconds in verification.seconds],
        "studies": list(options.studies) or "all",
        "exhibits": list(options.only) or "all",
        "two runs": options.twice,
        "executed notebooks": options.notebooks,
    }
