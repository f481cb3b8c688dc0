"""Headers that a reader takes for the same are the same, in reports and in tickets."""

from __future__ import annotations

import pytest

from analysis.clean.header_forms import plain_header


@pytest.mark.parametrize(
    "written",
    [
        "诉求量（件）",
        "诉求量(件)",
        " 诉求量 (件)",
        "诉求量\n（件）",
        "\ufeff诉求量（件）",
        "诉求量\u3000（件）",
    ],
)
def test_blanks_widths_and_byte_order_marks_do_not_count(written):
    """Catches a line break or a tab within a cell, which only tickets forgave."""
    assert plain_header(written) == "诉求量(件)"


def test_capitals_and_words_do():
    assert len({plain_header(header) for header in ("Unit", "unit", "units")}) == 3
