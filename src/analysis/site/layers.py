"""Lay a graph of steps out in layers from left to right, the steps of a study together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Box", "Drawing", "Frame", "lay_out"]

HEIGHT, ROW, GAP = 26, 34, 52
MARGIN, HEAD = 16, 30
# Of a letter of a label, at its widest, and what is left free at both its ends.
LETTER, ENDS = 7, 18


@dataclass(frozen=True, slots=True)
class Box:
    """A step in the drawing: its name, its left upper corner and its width."""

    name: str
    x: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds the steps of a group: its name, corner and size."""

    name: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A laid-out graph; all in units of the drawing, in which a box is `HEIGHT` high.

    Attributes
    ----------
    boxes
        One for each step.
    lines
        Paths from the right side of a box to the left side of another, as SVG writes them, each
        with the names of both.
    frames
        One for each group that has a name.
    width, height
        Of the whole.
    """

    boxes: tuple[Box, ...]
    lines: tuple[tuple[str, str, str], ...]
    frames: tuple[Frame, ...]
    width: int
    height: int


def lay_out(
    groups: Mapping[str, str], labels: Mapping[str, str], arrows: Sequence[tuple[str, str]]
) -> Drawing:
    """Lay a graph out.

    A step stands one layer to the right of the last of those that it follows; one that follows
    none stands right before the first that follows it. Groups stand one below the other; within a
    layer, steps keep the order in which they are given. The steps of no group stand at middle
    height.

    Parameters
    ----------
    groups
        Step -> its group, empty for none; in the order of the plan.
    labels
        Step -> what its box says.
    arrows
        Pairs of steps, the first before the second, without cycles.

    Examples
    --------
    >>> drawing = lay_out({"a": "", "b": ""}, {"a": "A", "b": "B"}, [("a", "b")])
    >>> [(box.name, box.x) for box in drawing.boxes]
    [('a', 16), ('b', 93)]
    """
    layers = _layers(groups, arrows)
    columns = _columns(layers, labels)
    boxes: dict[str, Box] = {}
    frames = []
    top = MARGIN
    for group in dict.fromkeys(name for name in groups.values() if name):
        members = [step for step in groups if groups[step] == group]
        tallest = _place(members, layers, columns, top + HEAD, boxes)
        right = max(boxes[step].x + boxes[step].width for step in members) + MARGIN
        height = HEAD + tallest * ROW + MARGIN // 2
        frames.append(Frame(group, 0, top, right, height))
        top += height + MARGIN
    alone = [step for step in groups if not groups[step]]
    _place(alone, layers, columns, max(MARGIN, (top - ROW) // 2), boxes)
    lines = tuple((first, second, _line(boxes[first], boxes[second])) for first, second in arrows)
    return Drawing(
        tuple(boxes[step] for step in groups),
        lines,
        tuple(frames),
        max(box.x + box.width for box in boxes.values()) + MARGIN,
        max(top, max(box.y for box in boxes.values()) + HEIGHT + MARGIN),
    )


def _layers(groups: Mapping[str, str], arrows: Sequence[tuple[str, str]]) -> dict[str, int]:
    before: dict[str, list[str]] = {step: [] for step in groups}
    after: dict[str, list[str]] = {step: [] for step in groups}
    for first, second in arrows:
        before[second].append(first)
        after[first].append(second)
    layers: dict[str, int] = {}

    def layer(step: str) -> int:
        if step not in layers:
            layers[step] = max((layer(first) + 1 for first in before[step]), default=0)
        return layers[step]

    for step in groups:
        layer(step)
    for step in groups:
        if not before[step] and after[step]:
            layers[step] = min(layers[second] for second in after[step]) - 1
    return layers


def _columns(layers: Mapping[str, int], labels: Mapping[str, str]) -> list[tuple[int, int]]:
    """Return the left side and the width of each layer, which its longest label decides."""
    longest: dict[int, int] = {}
    for step, layer in layers.items():
        longest[layer] = max(longest.get(layer, 0), len(labels[step]))
    columns = []
    left = MARGIN
    for layer in range(max(longest) + 1):
        width = LETTER * longest.get(layer, 0) + ENDS
        columns.append((left, width))
        left += width + GAP
    return columns


def _place(
    members: Sequence[str],
    layers: Mapping[str, int],
    columns: Sequence[tuple[int, int]],
    top: int,
    boxes: dict[str, Box],
) -> int:
    """Place a group, each of its layers in its middle; return the steps in the tallest."""
    by_layer: dict[int, list[str]] = {}
    for step in members:
        by_layer.setdefault(layers[step], []).append(step)
    tallest = max((len(steps) for steps in by_layer.values()), default=0)
    for layer, steps in by_layer.items():
        start = top + (tallest - len(steps)) * ROW // 2
        left, width = columns[layer]
        for place, step in enumerate(steps):
            boxes[step] = Box(step, left, start + place * ROW, width)
    return tallest


def _line(first: Box, second: Box) -> str:
    x0, y0 = first.x + first.width, first.y + HEIGHT // 2
    x1, y1 = second.x, second.y + HEIGHT // 2
    # It bends only in the gap before the second box, and crosses no layer between but at its own
    # height.
    return f"M{x0} {y0}H{x1 - GAP}C{x1 - GAP // 2} {y0} {x1 - GAP // 2} {y1} {x1} {y1}"
