"""The study file of a restricted export: the public one without what only its data have."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import tomli_w

from analysis.errors import Problem, StudyError
from analysis.restricted.place import Place
from analysis.study.access import Disclosure
from analysis.study.load import read_study

__all__ = ["study_of_export"]

# Only a simulated study has these.
OF_SIMULATION = ("seed", "truth", "recovery")
# The report takes the place of the paper in a workspace, so there is no second one.
REPORT = "report"
_ASKS_FOR_REPORT = re.compile(rf"^{REPORT}\s*=\s*true\b", re.MULTILINE)


def study_of_export(place: Place) -> str:
    """Write the study file of an export.

    Parameters
    ----------
    place
        If the export comes with a study file, that is taken as it is, with the table
        ``disclosure`` added if it has none. Else the public file is taken, without what tells of
        a simulation, and without the list of known errors or the crosswalk if the export has no
        such file. Neither asks for a report beside the paper: in a workspace, that is the paper.

    Returns
    -------
    str
        TOML.

    Raises
    ------
    StudyError
        If a file is not a valid study, or the export's says that its data are simulated.
    """
    if place.own_study.is_file():
        return _with_disclosure(place)
    read_study(place.public_study)
    exported = {path.as_posix() for path in place.exported}
    study: dict[str, Any] = tomllib.loads(place.public_study.read_text(encoding="utf-8"))
    for key in (*OF_SIMULATION, REPORT):
        study.pop(key, None)
    if study.get("known_errors") not in exported:
        study.pop("known_errors", None)
    register = study.get("register", {})
    if register.get("crosswalk") not in exported:
        register.pop("crosswalk", None)
    names = {"title_en": f"{study['place_en']}: restricted data", "title_zh": "受限数据"}
    disclosure = {"threshold": Disclosure().threshold}
    return tomli_w.dumps(study | names | {"simulated": False, "disclosure": disclosure})


def _with_disclosure(place: Place) -> str:
    study = read_study(place.own_study)
    if study.simulated:
        hint = "write simulated = false and delete 'seed', 'truth' and the table 'recovery'"
        problem = Problem("its data are called simulated", place.own_study.name, hint)
        raise StudyError("this is not the study of a restricted export", [problem])
    # Line by line, so that a message about the copy names the line of the author's file.
    text = _ASKS_FOR_REPORT.sub(f"{REPORT} = false", place.own_study.read_text(encoding="utf-8"))
    if study.disclosure is not None:
        return text
    return f"{text.rstrip()}\n\n[disclosure]\nthreshold = {Disclosure().threshold}\n"
