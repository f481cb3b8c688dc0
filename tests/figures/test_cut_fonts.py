"""Cutting the fonts anew."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from matplotlib.ft2font import FT2Font

from analysis.errors import RunError
from analysis.figures import cut_fonts as module
from analysis.figures.cut_fonts import cut_fonts, project_text
from analysis.figures.fonts import FACES

SYSTEM_FONTS = Path("/usr/share/fonts")


def test_cutting_without_the_full_fonts_says_where_they_are(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="fonts-noto-cjk"):
        cut_fonts(tmp_path, "未诉先办", tmp_path)


def test_project_text_reads_reports_in_the_national_encoding(tmp_path: Path) -> None:
    raw = tmp_path / "data" / "raw" / "city"
    raw.mkdir(parents=True)
    (raw / "streets.csv").write_bytes("街道,诉求量\n".encode("gb18030"))
    (tmp_path / "README.md").write_text("未诉", encoding="utf-8")
    assert set("街道诉求量未") <= set(project_text(tmp_path))


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("fontTools") is None
    or not (SYSTEM_FONTS / "opentype/noto/NotoSansCJK-Regular.ttc").is_file(),
    reason="the full Noto fonts are not installed",
)
def test_fonts_are_cut_to_the_same_bytes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Would catch a timestamp in the font files, or a character that is not cut in."""
    some = [face for face in FACES if face.family.startswith("Noto Serif") and not face.is_bold]
    monkeypatch.setattr(module, "FACES", tuple(some))
    first, second = (
        cut_fonts(SYSTEM_FONTS, "未诉先办龘", tmp_path / run) for run in ("first", "second")
    )
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    (chinese,) = [path for path in first if "SC" in path.name]
    assert ord("龘") in FT2Font(str(chinese)).get_charmap()
