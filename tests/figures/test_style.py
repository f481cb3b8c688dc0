"""The common style, and how figures are written."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from analysis.figures.style import (
    PNG_IDENTIFIER,
    TEXT_WIDTH,
    label_panels,
    mark_access,
    mark_simulated,
    new_figure,
    save_figure,
    styled,
)
from analysis.study.access import Access, Disclosure
from analysis.study.load import load_study

STUDIES = Path(__file__).parents[2] / "notebooks" / "studies"


@styled
def draw_example(marked: bool = True) -> Figure:
    figure, axes = new_figure(2.0, columns=2)
    axes[0].plot([-1, 2, 3], [0.5, -0.5, 1], marker="o", label="诉求 complaints")
    axes[0].legend()
    axes[1].bar([1, 2], [3, 4])
    label_panels(axes, ["Volume", "Rates"])
    if marked:
        mark_simulated(axes)
    return figure


def test_the_same_figure_gives_the_same_bytes(tmp_path: Path) -> None:
    """Would catch a date, a random id, or a layout that moves each time it is drawn."""
    figure = draw_example()
    first = [path.read_bytes() for path in save_figure(figure, tmp_path / "a")]
    again = [path.read_bytes() for path in save_figure(figure, tmp_path / "b")]
    anew = [path.read_bytes() for path in save_figure(draw_example(), tmp_path / "c")]
    assert first == again == anew


def test_files_carry_no_software_version_and_no_date(tmp_path: Path) -> None:
    drawing, picture = save_figure(draw_example(), tmp_path / "figure")
    assert not re.search(rb"matplotlib v|dc:date|\d{4}-\d\d-\d\d", drawing.read_bytes(), re.I)
    with Image.open(picture) as image:
        assert set(image.info) <= {"dpi"}


def test_both_files_carry_the_id_of_the_exhibit(tmp_path: Path) -> None:
    """Without it a picture that was saved under another name cannot be traced."""
    figure = draw_example()
    figure.set_gid("toy-map")
    drawing, picture = save_figure(figure, tmp_path / "renamed")
    assert b"<dc:identifier>toy-map</dc:identifier>" in drawing.read_bytes()
    with Image.open(picture) as image:
        assert image.info[PNG_IDENTIFIER] == "toy-map"


def test_letters_in_the_svg_are_outlines(tmp_path: Path) -> None:
    """Would catch an SVG that needs a font which the reader may not have."""
    drawing, _ = save_figure(draw_example(), tmp_path / "figure")
    assert b"<text" not in drawing.read_bytes()
    assert b"font-family" not in drawing.read_bytes()


def test_the_suffix_is_added_to_names_with_dots(tmp_path: Path) -> None:
    drawing, picture = save_figure(draw_example(), tmp_path / "effect-0.5")
    assert (drawing.name, picture.name) == ("effect-0.5.svg", "effect-0.5.png")


def test_figures_are_as_wide_as_the_text(tmp_path: Path) -> None:
    _, picture = save_figure(draw_example(), tmp_path / "figure")
    with Image.open(picture) as image:
        assert image.width == round(200 * TEXT_WIDTH)


def test_simulated_is_written_within_each_panel(tmp_path: Path) -> None:
    """Would catch a mark that a crop to the data area removes."""
    figure = draw_example()
    for axes in figure.axes:
        marks = [text for text in axes.texts if "Simulated" in text.get_text()]
        assert len(marks) == 1
        inside, box = axes.get_window_extent(), marks[0].get_window_extent()
        middle = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        assert inside.contains(*middle)
        assert box.width < inside.width


def test_the_mark_can_be_seen(tmp_path: Path) -> None:
    """Would catch a mark behind the bars or in the colour of the paper."""
    pictures = []
    for name, marked in (("with", True), ("without", False)):
        _, picture = save_figure(draw_example(marked), tmp_path / name)
        with Image.open(picture) as image:
            pictures.append(np.asarray(image.convert("L"), dtype=int))
    changed = np.abs(pictures[0] - pictures[1]) > 15
    assert changed.mean() > 0.005


def test_drawing_leaves_matplotlib_as_it_was() -> None:
    before = dict(mpl.rcParams)
    draw_example()
    assert dict(mpl.rcParams) == before


def test_a_notebook_gets_a_small_picture_with_its_label(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a notebook that shows "<Figure ...>" in place of the figure."""
    shown: list[tuple[dict[str, object], dict[str, object]]] = []
    monkeypatch.setattr(
        "IPython.display.display",
        lambda data, *, metadata, raw: shown.append((data, metadata)),
    )
    figure = draw_example()
    figure.set_label("Two panels.")
    figure._ipython_display_()  # type: ignore[attr-defined]
    data, metadata = shown[0]
    picture = data["image/png"]
    assert isinstance(picture, bytes)
    assert len(picture) < 40_000
    assert metadata == {"image/png": {"alt": "Two panels."}}


@pytest.mark.parametrize(
    ("access", "said"), [("open", None), ("simulated", "Simulated"), ("restricted", "Restricted")]
)
def test_a_figure_says_what_its_data_are(access: Access, said: str | None) -> None:
    """Would catch restricted data called simulated, or not marked at all."""
    study = load_study("beijing" if access == "simulated" else "boston", STUDIES)
    if access == "restricted":
        study = replace(study, disclosure=Disclosure())
    figure = draw_example(marked=False)
    mark_access(figure.axes, study)
    texts = [text for axes in figure.axes for text in axes.texts]
    assert len(texts) == (2 if said else 0)
    assert all(said and text.get_text().startswith(said) for text in texts)
    assert all(str(text.get_gid()).startswith(f"{access}-mark-") for text in texts)
