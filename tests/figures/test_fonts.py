"""The fonts that come with the project."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import font_manager

from analysis.errors import RunError
from analysis.figures import fonts
from analysis.figures.fonts import (
    FACES,
    FIGURE_FAMILIES,
    PAPER_FAMILIES,
    missing_glyphs,
    register_fonts,
)
from analysis.figures.style import STYLE

ROOT = Path(__file__).parents[2]


def test_every_face_is_there_and_has_its_licence_beside_it() -> None:
    """Would catch a font file that was renamed, or given away without its licence."""
    assert [face.file for face in FACES if not face.path.is_file()] == []
    assert "SIL OPEN FONT LICENSE" in (ROOT / "paper" / "fonts" / "OFL.txt").read_text("utf-8")


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("families", [FIGURE_FAMILIES, PAPER_FAMILIES])
def test_chinese_of_study_files_and_contract_can_be_printed(
    families: tuple[str, ...], bold: bool
) -> None:
    """Would catch a new Chinese label for which the fonts were not cut anew."""
    sources = [
        *(ROOT / "notebooks" / "studies").glob("*.toml"),
        *(ROOT / "src" / "analysis" / "contract").glob("*.py"),
        *(ROOT / "paper").glob("*.typ"),
        *(ROOT / "paper" / "sections").glob("*.typ"),
        *(ROOT / "paper" / "supplement").glob("*.typ"),
    ]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    missing = missing_glyphs(text, families, bold=bold)
    assert missing == [], "run python -m analysis.figures.cut_fonts; see paper/fonts/README.md"


def test_missing_glyphs_names_each_once_in_order() -> None:
    assert missing_glyphs("กa ขก") == ["ก", "ข"]


def test_place_names_outside_the_project_can_be_drawn() -> None:
    """Would catch figures of another city that lose their place names."""
    assert missing_glyphs("乌鲁木齐 呼和浩特 石家庄 哈尔滨 重庆 厦门") == []


def test_registering_twice_adds_nothing() -> None:
    register_fonts()
    before = list(font_manager.fontManager.ttflist)
    register_fonts()
    assert font_manager.fontManager.ttflist == before


def test_matplotlib_takes_our_files_and_no_font_of_the_system() -> None:
    """Would catch bytes that depend on the fonts that a machine happens to have."""
    register_fonts()
    with mpl.rc_context(STYLE):
        for family in FIGURE_FAMILIES:
            for weight in ("normal", "bold"):
                wanted = font_manager.FontProperties(family=family, weight=weight)
                found = Path(font_manager.findfont(wanted, fallback_to_default=False))
                assert found.parent == fonts.FONT_FOLDER


def test_a_missing_font_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "FONT_FOLDER", tmp_path)
    with pytest.raises(RunError, match=r"paper/fonts/NotoSans-Regular\.ttf"):
        register_fonts()
