"""Numbers typed in prose: results are found, names, years, code and mathematics are not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.preflight.finding import Allowed, Finding
from analysis.preflight.typed_numbers import typed_numbers
from analysis.preflight.typst_prose import prose

Find = Callable[[str], list[Finding]]
Write = Callable[[str, str], None]


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("It rose by 0.25 log points.", "0.25"),
        ("It rose by 12 per cent.", "12 per cent"),
        ("上升了12%。", "12%"),
        ("上升了百分之十二。", "百分之十二"),
        ("There were 16,802 rows.", "16,802"),
        ("There were 16802 rows.", "16802"),
        ("It took 7 million calls.", "7 million"),
        ("共7万件。", "7万"),
        ("It fell to -0.3.", "-0.3"),
        ("#footnote[It rose by 0.25.]", "0.25"),
        ("#figure(rect(width: 2.5cm), caption: [It rose by 0.25.])", "0.25"),
        ("#if wide [yes] else [no] and it rose by 0.25.", "0.25"),
        ("See #link(<a>)[there]: it rose by 0.25.", "0.25"),
    ],
)
def test_a_result_in_prose_is_found(source: str, number: str) -> None:
    assert typed_numbers(source) == [(number, 1)]


@pytest.mark.parametrize(
    "source",
    [
        "In 2019, on 2018-11-30 and from 2019 to 2025.",
        "Three rates of 16 districts.",
        "See Table 2.1, Sections 3.1 and 3.2, and 表2.1.",
        "$beta = 0.25$ and `0.25` and GB18030, UTF-8 and sha256.",
        "#let size = 2.5cm\n#set text(size: 9.5pt)",
        "#num(x)#h(2.5em)#rect(width: 12.5%)",
        "#cite(<a>, supplement: [p. 7]) and @a_2019",
        "// It rose by 0.25.\n/* It rose\n by 0.25. */",
        "https://example.org/0.25 and 10.1093/jopart/muac011",
        "under CC BY 4.0, with Python 3.11 to 3.13",
        '#let f(x) = {\n  text("0.25")\n  x * 0.25\n}',
        "#context it.counter.display(0.25)",
    ],
)
def test_what_is_no_result_is_left_alone(source: str) -> None:
    assert typed_numbers(source) == []


def test_prose_keeps_its_places() -> None:
    # Catches an offset that would send readers to another line.
    source = "a #f(\n 1.5,\n) b\n$x\n= 2.5$ it rose by 3.5\n"
    assert len(prose(source)) == len(source)
    assert typed_numbers(source) == [("3.5", 5)]


def test_a_finding_names_the_line_and_is_a_warning(find: Find, write: Write) -> None:
    write("paper/sections/1.typ", "= A\n\nIt rose by 0.25.\n")
    (finding,) = find("typed-numbers")
    assert (finding.place.line, finding.severity) == (3, "warning")


def test_a_number_may_be_typed_with_a_reason(
    find: Find, write: Write, allowed: Callable[[str], list[Allowed]]
) -> None:
    text = "// typed on purpose: 95% (the level of every interval)\nThe 95% interval.\n"
    write("paper/sections/1.typ", text)
    assert not find("typed-numbers")
    assert [one.why for one in allowed("typed-numbers")] == [
        "95% is typed: the level of every interval"
    ]
    # In a section the comment holds for the section alone, in the main file for the whole paper.
    write("paper/sections/2.typ", "The 95% interval.\n")
    assert [finding.place.file for finding in find("typed-numbers")] == ["paper/sections/2.typ"]
    write("paper/sections/1.typ", "The 95% interval.\n")
    write("paper/paper.typ", "// typed on purpose: 95% (the level of every interval)\n")
    assert not find("typed-numbers")


def test_a_comment_without_reason_or_use_is_found(find: Find, write: Write) -> None:
    # Catches exceptions that outlive what they were made for.
    write("paper/paper.typ", "// typed on purpose: 95%\n// typed on purpose: 3.5 (a name)\n")
    assert [finding.what for finding in find("typed-numbers")] == [
        "'95%' gives no number with its reason in parentheses",
        "3.5 is allowed here but typed nowhere",
    ]
