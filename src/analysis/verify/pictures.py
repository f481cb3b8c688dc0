"""Compare pictures: the share of pixels that differ, and drawings number by number."""

from __future__ import annotations

import io
import re
from itertools import count

from analysis.verify.texts import same_but_for_numbers

__all__ = ["same_drawing", "share_of_pixels"]

# Of 256 levels of a colour; fewer cannot be seen.
_LEVELS = 16

# Of coordinates in a drawing, in points of 1/72 inch; less falls within one pixel in print.
_POINTS = 0.05

# What Matplotlib calls shapes that are used again: hashes of all digits of their coordinates.
_HASHED_NAME = re.compile(r"\b[a-z][0-9a-f]{10}\b")


def share_of_pixels(committed: bytes, made: bytes) -> float:
    """Return the share of pixels that differ visibly; 1 if the sizes do, or one is no picture.

    Parameters
    ----------
    committed, made
        Pictures in a format that Pillow reads, such as PNG.
    """
    # Heavy for a command that often finds the bytes to be the same.
    from PIL import Image, ImageChops

    try:
        before, after = (Image.open(io.BytesIO(data)).convert("RGBA") for data in (committed, made))
    except (OSError, SyntaxError, ValueError):
        # How Pillow says that a file is no picture, or a part of one.
        return 1.0
    if before.size != after.size:
        return 1.0
    # The largest difference among the channels of each pixel.
    channels = ImageChops.difference(before, after).split()
    largest = channels[0]
    for channel in channels[1:]:
        largest = ImageChops.lighter(largest, channel)
    return sum(largest.histogram()[_LEVELS:]) / (before.width * before.height)


def same_drawing(committed: str, made: str) -> bool:
    """Say whether two SVG drawings differ in nothing but coordinates, and in these invisibly."""
    return same_but_for_numbers(
        _number_names(committed),
        _number_names(made),
        lambda old, new: abs(float(old) - float(new)) <= _POINTS,
    )


def _number_names(drawing: str) -> str:
    """Call shapes by their place among all, since coordinates that differ give other hashes."""
    numbers = count(1)
    names = {name: f"shape{next(numbers)}" for name in dict.fromkeys(_HASHED_NAME.findall(drawing))}
    return _HASHED_NAME.sub(lambda found: names[found[0]], drawing)
