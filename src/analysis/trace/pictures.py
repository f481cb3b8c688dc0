"""Pictures of figures: the id that a copy carries, and whether it shows what the committed does."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, ImageChops, UnidentifiedImageError

from analysis.ledger.read import Entry

__all__ = ["compare_picture", "identity_of_picture"]

# The keys under which figures are saved with their id.
PNG_KEY = "Identifier"
SVG_TAG = "{http://purl.org/dc/elements/1.1/}identifier"


def identity_of_picture(content: bytes) -> str | None:
    """Return the id that a PNG or SVG carries; None if it has none, or cannot be read."""
    try:
        if content.startswith(b"\x89PNG"):
            with Image.open(io.BytesIO(content)) as image:
                return str(image.info[PNG_KEY]) if PNG_KEY in image.info else None
        for _, element in ElementTree.iterparse(io.BytesIO(content)):
            if element.tag == SVG_TAG:
                return (element.text or "").strip() or None
    except (ElementTree.ParseError, UnidentifiedImageError, OSError):
        return None
    return None


def compare_picture(root: Path, entry: Entry, content: bytes, sha256: str) -> tuple[bool, str]:
    """Say whether a picture shows what the committed figure does.

    Parameters
    ----------
    root
        The top folder of the compendium.
    entry
        The figure.
    content, sha256
        The file's bytes and their hash.

    Returns
    -------
    same : bool
        Whether it does.
    words : str
        How this was found.
    """
    if sha256 in entry.files.values():
        return True, "the committed file, byte for byte"
    committed = next((name for name in entry.files if name.endswith(".png")), None)
    if not content.startswith(b"\x89PNG"):
        return False, "its drawing differs from the committed one; it may be an older run's"
    if committed is not None and (root / committed).is_file():
        share = _differing_share((root / committed).read_bytes(), content)
        if share == 0:
            return True, "the committed picture, saved anew"
        if share is not None:
            return False, f"{share:.1%} of its pixels differ from the committed picture's"
    if any(shown == content for shown in _pictures(root / entry.executed)):
        return True, f"the picture in {entry.executed}, smaller than the committed one"
    return False, "it is of another size than the committed picture, and in no executed notebook"


def _differing_share(committed: bytes, content: bytes) -> float | None:
    """Compare two pictures pixel by pixel; None if their sizes differ."""
    with Image.open(io.BytesIO(committed)) as one, Image.open(io.BytesIO(content)) as other:
        if one.size != other.size:
            return None
        red, green, blue = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).split()
    strongest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return 1 - strongest.histogram()[0] / (strongest.width * strongest.height)


def _pictures(executed: Path) -> Iterator[bytes]:
    """Give the pictures that an executed notebook shows."""
    try:
        cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
        outputs = [output for cell in cells for output in cell.get("outputs", ())]
        pictures = [output.get("data", {}).get("image/png") for output in outputs]
        found = [base64.b64decode("".join(picture)) for picture in pictures if picture]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # It is missing or broken, so that it shows nothing.
        return
    yield from found
