"""Figures for the screen: fewer colours than in print, and so a quarter smaller."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from analysis.figures.style import PNG_IDENTIFIER

__all__ = ["fewer_colours"]

# Enough for six colours and the shades between each and white.
COLOURS = 32


def fewer_colours(path: Path) -> bytes:
    """Write a PNG of ours with fewer colours; it keeps its size and the id that it carries."""
    with Image.open(path) as picture:
        reduced = picture.convert("RGB").quantize(
            colors=COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
        about = PngInfo()
        if identity := picture.info.get(PNG_IDENTIFIER):
            about.add_text(PNG_IDENTIFIER, identity)
    buffer = io.BytesIO()
    reduced.save(buffer, format="png", optimize=True, pnginfo=about)
    return buffer.getvalue()
