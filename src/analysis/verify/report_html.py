"""Write what a verification found as one HTML page, to be read, printed or attached."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from analysis.verify.report_json import about, result_of
from analysis.verify.run import Verification

__all__ = ["to_html"]

_TITLES = {
    "FAIL": "Failures",
    "EXPLAINED": "Differences within a committed tolerance",
    "PASS": "Passes",
}


def to_html(verification: Verification, title: str) -> str:
    """Write a verification as a page that asks nothing of the network.

    Parameters
    ----------
    verification
        What was found.
    title
        What was verified.

    Returns
    -------
    str
        The page: the result, counts, what was asked for, then failures, differences that are
        explained, and passes.
    """
    environment = Environment(
        loader=PackageLoader("analysis.verify", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sections = [
        (heading, outcome, [v for v in verification.verdicts if v.outcome == outcome])
        for outcome, heading in _TITLES.items()
    ]
    return environment.get_template("report.html.jinja").render(
        title=title,
        result=result_of(verification),
        ran=bool(verification.seconds),
        failure=verification.failure,
        about=_in_words(about(verification)),
        sections=sections,
    )


def _in_words(said: dict[str, object]) -> dict[str, str]:
    words = {}
    for name, value in said.items():
        match value:
            case bool():
                words[name] = "compared" if value else "not compared"
            case list():
                words[name] = ", ".join(map(str, value)) or "none"
            case _:
                words[name] = str(value)
    return words
