"""The fonts of figures and paper: small subsets in ``paper/fonts``, never those of the system.

They are made by `analysis.figures.cut_fonts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from analysis.errors import Problem, RunError

__all__ = [
    "FACES",
    "FIGURE_FAMILIES",
    "FONT_FOLDER",
    "PAPER_FAMILIES",
    "STAND_IN",
    "Face",
    "missing_glyphs",
    "register_fonts",
]

# The library is used in place, so the fonts stand at a fixed distance from this module.
FONT_FOLDER = Path(__file__).resolve().parents[3] / "paper" / "fonts"

# Text is set in the first family that has the character.
FIGURE_FAMILIES = ("Noto Sans", "Noto Sans Math", "Noto Sans SC")
# The bold Chinese face has only what the project uses; for the rest, regular stands in for it.
STAND_IN = "Noto Sans SC for bold"
PAPER_FAMILIES = ("Noto Serif", "Noto Sans Math", "Noto Serif SC")

Script = Literal["latin", "chinese", "symbols"]


@dataclass(frozen=True, slots=True)
class Face:
    """One font file, and what it is cut from.

    Attributes
    ----------
    file
        Its name in ``paper/fonts``.
    source
        The name of the full font's file.
    family
        The family that it belongs to here.
    script
        Which characters it holds: Latin, the Chinese that the project uses, or symbols.
    any_place
        Whether it also holds every common Chinese character (level 1 of GB 2312, 3,755 of them),
        so that figures can name places of studies to come.
    collection_member
        Which font of a collection file; the Noto CJK collections have simplified Chinese third.
    """

    file: str
    source: str
    family: str
    script: Script
    any_place: bool = False
    collection_member: int = -1

    @property
    def path(self) -> Path:
        """Where the cut font is."""
        return FONT_FOLDER / self.file

    @property
    def is_bold(self) -> bool:
        """Whether it is the bold weight."""
        return Path(self.file).stem.endswith("Bold")


def _chinese(style: str, weight: str, *, any_place: bool = False) -> Face:
    return Face(
        f"Noto{style}SC-{weight}.otf",
        f"Noto{style}CJK-{weight}.ttc",
        f"Noto {style} SC",
        "chinese",
        any_place,
        collection_member=2,
    )


FACES: tuple[Face, ...] = (
    Face("NotoSans-Regular.ttf", "NotoSans-Regular.ttf", "Noto Sans", "latin"),
    Face("NotoSans-Bold.ttf", "NotoSans-Bold.ttf", "Noto Sans", "latin"),
    Face("NotoSerif-Regular.ttf", "NotoSerif-Regular.ttf", "Noto Serif", "latin"),
    Face("NotoSerif-Italic.ttf", "NotoSerif-Italic.ttf", "Noto Serif", "latin"),
    Face("NotoSerif-Bold.ttf", "NotoSerif-Bold.ttf", "Noto Serif", "latin"),
    _chinese("Sans", "Regular", any_place=True),
    _chinese("Sans", "Bold"),
    _chinese("Serif", "Regular"),
    _chinese("Serif", "Bold"),
    Face("NotoSansMath-Regular.ttf", "NotoSansMath-Regular.ttf", "Noto Sans Math", "symbols"),
)


def register_fonts() -> None:
    """Make the families of ``paper/fonts`` known to matplotlib, ahead of any of the system.

    Raises
    ------
    RunError
        If a font file is not there.
    """
    hint = "restore it from the compendium's archive"
    absent = [
        Problem("the font is not there", f"paper/fonts/{face.file}", hint)
        for face in FACES
        if not face.path.is_file()
    ]
    if absent:
        raise RunError("figures cannot be drawn without their fonts", absent)
    manager = font_manager.fontManager
    families, ours = {face.family for face in FACES}, {str(face.path) for face in FACES}
    # A system's font of the same family must never be chosen, or bytes would depend on it.
    manager.ttflist = [
        entry for entry in manager.ttflist if entry.name not in families or entry.fname in ours
    ]
    known = {entry.fname for entry in manager.ttflist}
    for path in sorted(ours - known):
        manager.addfont(path)
        _stand_in_for_bold(manager.ttflist)


def missing_glyphs(
    text: str, families: Sequence[str] = FIGURE_FAMILIES, *, bold: bool = False
) -> list[str]:
    r"""List the characters that none of these families has, each once, in order of appearance.

    Parameters
    ----------
    text
        What is to be printed.
    families
        Names of families in ``paper/fonts``, such as `FIGURE_FAMILIES` or `PAPER_FAMILIES`.
    bold
        Whether it is to be printed in a bold face; symbols have none and are printed regular.

    Examples
    --------
    >>> missing_glyphs("Before the Complaint 未诉先办")
    []
    >>> missing_glyphs("\u0e01")
    ['ก']
    """
    covered: set[int] = set()
    for face in FACES:
        if face.family in families and (face.is_bold == bold or face.script == "symbols"):
            covered |= _characters(face.path)
    seen = dict.fromkeys(text)
    return [sign for sign in seen if ord(sign) not in covered and not sign.isspace()]


def _stand_in_for_bold(entries: list[font_manager.FontEntry]) -> None:
    """Offer the font just added as bold too, if its family has no full bold of its own."""
    added = entries[-1]
    if added.name == "Noto Sans Math":
        entries.append(replace(added, weight=700))
    elif added.name == "Noto Sans SC" and added.weight == 400:
        entries.extend(replace(added, name=STAND_IN, weight=weight) for weight in (400, 700))


@cache
def _characters(path: Path) -> frozenset[int]:
    return frozenset(FT2Font(str(path)).get_charmap())
