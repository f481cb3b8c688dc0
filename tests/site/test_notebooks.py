"""Pages of notebooks: cells with anchors, folded code, outputs, and links to exhibits and back."""

from __future__ import annotations

from pathlib import Path

RUN = "notebooks/toy/03_effect-street-complaints.html"


def test_the_cell_links_to_its_exhibits_and_they_to_the_cell(site: Path) -> None:
    notebook = (site / RUN).read_text(encoding="utf-8")
    gallery = (site / "exhibits.html").read_text(encoding="utf-8")
    identity = "toy.street.complaints.twfe.att"
    assert 'id="cell-03"' in notebook
    assert f'href="../../exhibits.html#{identity}"' in notebook
    assert f'id="{identity}"' in gallery
    assert f'href="{RUN}#cell-03"' in gallery


def test_code_is_folded_and_coloured_and_cannot_become_markup(site: Path) -> None:
    notebook = (site / RUN).read_text(encoding="utf-8")
    assert '<details class="code"><summary>' in notebook
    assert "&lt;b&gt;" in notebook
    assert "<b> it is" not in notebook  # the text that the cell printed


def test_each_kind_of_output_is_shown(site: Path) -> None:
    notebook = (site / RUN).read_text(encoding="utf-8")
    assert 'alt="A rising line."' in notebook
    assert "<table><tr><td>7</td></tr></table>" in notebook  # without the library's own styles
    assert "It is <strong>so</strong>." in notebook


def test_a_run_without_exhibits_names_none(site: Path) -> None:
    notebook = (site / "notebooks" / "toy" / "01_clean.html").read_text(encoding="utf-8")
    assert "Recorded here" not in notebook
