"""The form in which two headers that a reader takes for the same are the same."""

from __future__ import annotations

import unicodedata

__all__ = ["plain_header"]


def plain_header(header: str) -> str:
    r"""Write a header without what spreadsheets and keyboards add to it.

    Full-width characters become half-width, and blanks, line breaks and a byte order mark go.

    Examples
    --------
    >>> plain_header("\ufeff诉求量 （件）")
    '诉求量(件)'
    """
    return "".join(unicodedata.normalize("NFKC", header).replace("\ufeff", "").split())
