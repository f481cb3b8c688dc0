"""Cut the fonts of figures and paper from the full ones, for maintainers.

When the project says something in characters that it did not use before::

    python -m analysis.figures.cut_fonts SOURCE_FOLDER

where the folder holds the full Noto fonts, somewhere below it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from analysis.errors import Problem, RunError
from analysis.figures.fonts import FACES, FONT_FOLDER, Face
from analysis.workspace import find_workspace, write_atomically

__all__ = ["cut_fonts", "project_text"]

# First and last character of each block: ASCII, Latin-1, Latin Extended-A (names of authors),
# Greek, general punctuation, superscripts, letter-like signs.
LATIN = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x218, 0x21B),
    (0x370, 0x3FF),
    (0x2010, 0x2027),
    (0x2030, 0x203A),
    (0x2070, 0x209C),
    (0x20AC, 0x20AC),
    (0x2116, 0x2122),
)
# Arrows and mathematical operators, the minus sign among them, which Noto's text fonts lack.
SYMBOLS = ((0x2190, 0x2193), (0x21D2, 0x21D4), (0x2200, 0x226B), (0x22C5, 0x22C5))


def cut_fonts(source_folder: Path, text: str, target: Path = FONT_FOLDER) -> list[Path]:
    """Cut every face from the full fonts, to the characters of a text.

    Parameters
    ----------
    source_folder
        A folder that has the full Noto fonts somewhere below it.
    text
        All that the Chinese faces must be able to print.
    target
        Where the cut fonts are written.

    Returns
    -------
    list of pathlib.Path
        The files written, the same bytes whenever sources and text are the same.

    Raises
    ------
    RunError
        If a full font is not found.
    """
    found = {path.name: path for path in sorted(source_folder.rglob("Noto*"))}
    absent = [
        Problem("this font is not there", face.source, "Debian has it in fonts-noto-cjk or -core")
        for face in FACES
        if face.source not in found
    ]
    if absent:
        raise RunError(f"the fonts cannot be cut from {source_folder}", absent)
    for face in FACES:
        write_atomically(target / face.file, _cut(face, found[face.source], text))
    return [target / face.file for face in FACES]


def project_text(root: Path) -> str:
    """Gather every character that the project's own files use.

    Parameters
    ----------
    root
        The top folder.

    Returns
    -------
    str
        Each character once, sorted.
    """
    signs: set[str] = set()
    for path in _text_files(root):
        content = path.read_bytes()
        try:
            signs.update(content.decode("utf-8"))
        except UnicodeDecodeError:
            # Raw reports of Chinese cities come in the national encoding.
            signs.update(content.decode("gb18030", errors="ignore"))
    return "".join(sorted(signs))


def _text_files(root: Path) -> Iterator[Path]:
    suffixes = {".py", ".toml", ".typ", ".bib", ".md", ".csv", ".json", ".cff"}
    for folder in ("src", "notebooks", "paper", "data/raw"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file():
                yield path
    yield from sorted(path for path in root.glob("*") if path.suffix in suffixes)


def _cut(face: Face, source: Path, text: str) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(
        recalc_timestamp=False,
        hinting=False,
        legacy_kern=False,
        layout_features=["kern", "liga", "mark", "mkmk", "ccmp", "locl", "lnum", "tnum"],
        name_IDs=["*"],
        drop_tables=[*subset.Options().drop_tables, "MATH", "DSIG", "vhea", "vmtx", "VORG"],
    )
    font = TTFont(source, fontNumber=face.collection_member, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(_wanted(face, text)))
    cutter.subset(font)
    if face.script == "chinese":
        _rename(font, face)
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _wanted(face: Face, text: str) -> set[int]:
    match face.script:
        case "latin":
            return _blocks(LATIN)
        case "symbols":
            return _blocks(SYMBOLS)
        case "chinese":
            used = {ord(sign) for sign in text if ord(sign) >= 0x2000}
            return used | (_common_chinese() if face.any_place else set())


def _blocks(blocks: Sequence[tuple[int, int]]) -> set[int]:
    return {code for first, last in blocks for code in range(first, last + 1)}


def _common_chinese() -> set[int]:
    """Read the signs and the common characters (rows 1 to 3 and 16 to 55) off the encoding."""
    codes: set[int] = set()
    for row in (*range(1, 4), *range(16, 56)):
        for cell in range(1, 95):
            pair = bytes([0xA0 + row, 0xA0 + cell])
            codes.update(map(ord, pair.decode("gb2312", errors="ignore")))
    return codes


def _rename(font: Any, face: Face) -> None:
    # The subset must not pass for the full font, should a system have that too.
    full = font["name"].getDebugName(1)
    compact, short = full.replace(" ", ""), face.family.replace(" ", "")
    for record in font["name"].names:
        if record.nameID in {1, 3, 4, 6, 16}:
            renamed = str(record).replace(full, face.family).replace("CJKsc", "SC")
            record.string = renamed.replace(compact, short)
    outlines = font["CFF "].cff
    outlines.fontNames = [Path(face.file).stem]
    outlines[0].FullName = Path(face.file).stem
    outlines[0].FamilyName = face.family


if __name__ == "__main__":
    for written in cut_fonts(Path(sys.argv[1]), project_text(find_workspace().root)):
        size = f"{written.stat().st_size / 1024:,.0f} KiB"
        sys.stdout.write(f"{written.name}: {size}\n")
