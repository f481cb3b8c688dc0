"""What a field of the deposit's metadata may hold: text, licences, ORCIDs, JEL codes."""

from __future__ import annotations

from typing import Annotated

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from pydantic import AfterValidator, Field

__all__ = ["Jel", "Orcid", "Spdx", "Text", "licence_address"]


def _known_licence(name: str) -> str:
    try:
        known = str(canonicalize_license_expression(name))
    except InvalidLicenseExpression:
        known = ""
    if known != name:
        meant = f"; did you mean {known!r}?" if known else "; see https://spdx.org/licenses"
        raise ValueError(f"{name!r} is no licence of the SPDX list{meant}")
    return name


def _valid_orcid(orcid: str) -> str:
    """Check the last character, which is worked out from the others (ISO 7064, MOD 11-2)."""
    digits = orcid.removeprefix("https://orcid.org/").replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[-1] != ("X" if check == 10 else str(check)):
        raise ValueError(f"the last character of the ORCID {orcid!r} does not fit the others")
    return orcid


Text = Annotated[str, Field(min_length=1)]
Jel = Annotated[str, Field(pattern=r"^[A-Z]\d{2}$")]
Spdx = Annotated[str, AfterValidator(_known_licence)]
Orcid = Annotated[
    str,
    Field(pattern=r"^https://orcid\.org/\d{4}-\d{4}-\d{4}-\d{3}[\dX]$"),
    AfterValidator(_valid_orcid),
]


def licence_address(licence: str) -> str:
    """Return the address at which a licence of the SPDX list can be read.

    Examples
    --------
    >>> licence_address("MIT")
    'https://spdx.org/licenses/MIT'
    """
    return f"https://spdx.org/licenses/{licence}"
