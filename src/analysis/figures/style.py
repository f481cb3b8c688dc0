"""One look for every figure, and the only way in which figures are written to disk."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal, ParamSpec

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from analysis.figures.fonts import FIGURE_FAMILIES, STAND_IN, register_fonts
from analysis.study.access import MARKS, Access
from analysis.study.schema import Study
from analysis.workspace import write_atomically

__all__ = [
    "ACCENT",
    "COLOURS",
    "GREY",
    "INK",
    "LINES",
    "MARKERS",
    "PNG_IDENTIFIER",
    "PaperFigure",
    "label_panels",
    "mark_access",
    "mark_simulated",
    "new_figure",
    "save_figure",
    "styled",
]

# The width of the paper's text block, in inches; figures are never rescaled.
TEXT_WIDTH = 6.3
PRINT_DPI = 200
# The key of the exhibit's id in a PNG; in an SVG it is the identifier of its Dublin Core metadata.
PNG_IDENTIFIER = "Identifier"
SCREEN_DPI = 110

# Okabe and Ito (2008), "Color universal design", darkest first; distinct to colour-blind readers.
# Each colour goes with a marker and a line of its own, so that a grey print loses nothing.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MARKERS = ("o", "s", "^", "D", "v", "P")
LINES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.4)), (0, (5, 2, 1, 2)), (0, (8, 2)), "-")
# Of the mark that data are not open: its size in a figure of one panel, its length in letters'
# sizes, the share of a panel's width that it may take, and how many panels side by side are narrow.
MARK_SIZE, MARK_SHARE, NARROW = 30, 0.6, 5
MARK_LENGTH: dict[Access, int] = {"simulated": 7, "restricted": 12}
ACCENT, INK, GREY = COLOURS[1], "#222222", "#8A8A8A"

STYLE: dict[Any, Any] = {
    "font.family": [*FIGURE_FAMILIES, STAND_IN],
    "font.size": 8.5,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 8.5,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=COLOURS),
    "axes.unicode_minus": True,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "ytick.alignment": "center",
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.5,
    "lines.linewidth": 1.3,
    "lines.markersize": 4.2,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "legend.handlelength": 2.4,
    "hatch.linewidth": 0.5,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    # Letters become outlines, so that the drawing needs no font; fixed ids make equal bytes.
    "svg.fonttype": "path",
    "svg.hashsalt": "before-the-complaint",
    "text.hinting": "no_hinting",
}

Parameters = ParamSpec("Parameters")


class PaperFigure(Figure):
    """A figure that shows itself in a notebook, as a small PNG with its label as alternative text.

    It belongs to no window system, so that drawing one changes no state outside itself.
    """

    def _ipython_display_(self) -> None:
        from IPython.display import display

        alternative = str(self.get_label() or "figure")
        shown = {"image/png": _png(self, SCREEN_DPI), "text/plain": alternative}
        display(  # type: ignore[no-untyped-call]
            shown,
            metadata={"image/png": {"alt": alternative}},
            raw=True,
        )


def styled(draw: Callable[Parameters, Figure]) -> Callable[Parameters, Figure]:
    """Make a drawing function draw in the common style, without changing matplotlib's settings."""

    @functools.wraps(draw)
    def draw_in_style(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Figure:
        register_fonts()
        with mpl.rc_context(STYLE):
            figure = draw(*args, **kwargs)
            # The layout moves a little at every drawing; settled once, each later one is the same.
            figure.draw_without_rendering()
            figure.set_layout_engine("none")
            return figure

    return draw_in_style


def new_figure(
    height: float,
    rows: int = 1,
    columns: int = 1,
    *,
    width: float = TEXT_WIDTH,
    share_x: bool = False,
    share_y: bool = False,
    width_ratios: Iterable[float] | None = None,
    height_ratios: Iterable[float] | None = None,
) -> tuple[PaperFigure, list[Axes]]:
    """Make an empty figure as wide as the text.

    Parameters
    ----------
    height, width
        In inches.
    rows, columns
        How many panels.
    share_x, share_y
        Whether panels share their axes.
    width_ratios, height_ratios
        Relative sizes of the columns and rows of panels.

    Returns
    -------
    tuple of PaperFigure and list of matplotlib.axes.Axes
        The panels, row by row.
    """
    figure = PaperFigure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(
        rows,
        columns,
        sharex=share_x,
        sharey=share_y,
        squeeze=False,
        width_ratios=list(width_ratios) if width_ratios else None,
        height_ratios=list(height_ratios) if height_ratios else None,
    )
    return figure, list(np.ravel(axes))


def mark_access(axes: Axes | Iterable[Axes], study: Study) -> None:
    """Write what the study's data are across each panel, unless they are open.

    Parameters
    ----------
    axes
        The panels that show them.
    study
        Whether its data are open, simulated or restricted.
    """
    if study.access != "open":
        _write_across(axes, study.access)


def mark_simulated(axes: Axes | Iterable[Axes]) -> None:
    """Write "Simulated" across each panel that shows simulated data of no study."""
    _write_across(axes, "simulated")


def _write_across(axes: Axes | Iterable[Axes], access: Access) -> None:
    """Write the mark over the data, where no crop can remove it."""
    for panel in [axes] if isinstance(axes, Axes) else axes:
        grid = panel.get_subplotspec()
        rows, columns = grid.get_gridspec().get_geometry() if grid else (1, 1)
        upright = columns >= NARROW
        size = MARK_SIZE / max(rows, columns) ** 0.6
        if not upright:
            width = 72 * panel.figure.get_figure(root=True).get_figwidth() / columns
            size = min(size, MARK_SHARE * width / MARK_LENGTH[access])
        panel.text(
            0.5,
            0.5,
            MARKS[access],
            transform=panel.transAxes,
            # Upright in panels that are too narrow for it.
            rotation=90 if upright else 0,
            ha="center",
            va="center",
            fontsize=size,
            fontweight="bold",
            color="black",
            alpha=0.11,
            zorder=10,
            in_layout=False,
            # So that a test, or a reader of the file, finds the mark in the vector figure.
            gid=f"{access}-mark-{panel.figure.axes.index(panel)}",
        )


def label_panels(axes: Iterable[Axes], titles: Iterable[str]) -> None:
    """Head each panel with a letter and a short title."""
    for letter, panel, title in zip("abcdefgh", axes, titles, strict=False):
        panel.set_title(f"({letter}) {title}")


def save_figure(figure: Figure, path: Path) -> tuple[Path, Path]:
    """Write a figure as SVG and PNG; the same figure gives the same bytes.

    Parameters
    ----------
    figure
        The drawn figure. If it has a ``gid``, both files carry that as their identifier.
    path
        Where to, without suffix.

    Returns
    -------
    tuple of pathlib.Path
        The SVG, for print, and the PNG, at 200 dots an inch.
    """
    drawing, picture = path.with_name(f"{path.name}.svg"), path.with_name(f"{path.name}.png")
    write_atomically(drawing, _svg(figure))
    write_atomically(picture, _png(figure, PRINT_DPI))
    return drawing, picture


def _svg(figure: Figure) -> bytes:
    metadata = {"Date": None, "Creator": None, "Identifier": figure.get_gid()}
    return _render(figure, "svg", metadata=metadata)


def _png(figure: Figure, dpi: int) -> bytes:
    """Render with a palette of 256 colours, which is a third of the size of full colour."""
    full = _render(figure, "png", dpi=dpi, metadata={"Software": None})
    with Image.open(io.BytesIO(full)) as image:
        palette = image.convert("RGB").quantize(
            colors=256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
    buffer = io.BytesIO()
    about = PngInfo()
    if identity := figure.get_gid():
        about.add_text(PNG_IDENTIFIER, identity)
    palette.save(buffer, format="png", optimize=True, dpi=(dpi, dpi), pnginfo=about)
    return buffer.getvalue()


def _render(figure: Figure, form: Literal["svg", "png"], **options: Any) -> bytes:
    register_fonts()
    buffer = io.BytesIO()
    with mpl.rc_context(STYLE):
        figure.savefig(buffer, format=form, **options)
    return buffer.getvalue()
