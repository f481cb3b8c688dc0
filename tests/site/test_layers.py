"""The drawing of the pipeline: what follows stands to the right, and boxes do not overlap."""

from __future__ import annotations

from analysis.site.layers import HEIGHT, lay_out

GROUPS = {
    "a/clean": "a",
    "a/effect": "a",
    "a/alone": "a",
    "a/ledger": "a",
    "b/clean": "b",
    "b/ledger": "b",
    "paper": "",
}
ARROWS = [
    ("a/clean", "a/effect"),
    ("a/effect", "a/ledger"),
    ("a/alone", "a/ledger"),
    ("b/clean", "b/ledger"),
    ("a/ledger", "paper"),
    ("b/ledger", "paper"),
]
LABELS = {name: name for name in GROUPS}


def test_what_follows_stands_to_the_right() -> None:
    boxes = {box.name: box for box in lay_out(GROUPS, LABELS, ARROWS).boxes}
    for first, second in ARROWS:
        assert boxes[first].x + boxes[first].width < boxes[second].x


def test_boxes_do_not_overlap_and_lie_in_their_frames() -> None:
    drawing = lay_out(GROUPS, LABELS, ARROWS)
    boxes = list(drawing.boxes)
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert apart or abs(one.y - other.y) >= HEIGHT
    for frame in drawing.frames:
        for box in boxes:
            if GROUPS[box.name] == frame.name:
                assert frame.y < box.y < box.y + HEIGHT < frame.y + frame.height
                assert frame.x < box.x < box.x + box.width < frame.x + frame.width


def test_a_step_that_follows_none_stands_right_before_the_first_that_follows_it() -> None:
    # At the far left, its line would run through the boxes between.
    boxes = {box.name: box for box in lay_out(GROUPS, LABELS, ARROWS).boxes}
    assert boxes["a/alone"].x == boxes["a/effect"].x
