"""Pictures of the pages: smaller, and still traceable."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from analysis.figures.style import PNG_IDENTIFIER, save_figure
from analysis.site.pictures import fewer_colours


def test_a_picture_keeps_its_id_and_size_and_looks_alike(tmp_path: Path) -> None:
    figure = Figure(figsize=(3, 2))
    figure.subplots().plot([0, 1], [0, 1])
    figure.set_gid("toy-line")
    _, path = save_figure(figure, tmp_path / "line")
    smaller = tmp_path / "smaller.png"
    smaller.write_bytes(fewer_colours(path))
    with Image.open(path) as before, Image.open(smaller) as after:
        assert after.info[PNG_IDENTIFIER] == "toy-line"
        assert after.size == before.size
        shades = [np.asarray(image.convert("L"), dtype=float) for image in (before, after)]
    assert np.abs(shades[0] - shades[1]).mean() < 1
    assert smaller.stat().st_size < path.stat().st_size
