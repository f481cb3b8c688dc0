"""A file is known by what is in it, wherever it lies and whatever it is called."""

import base64
import io
import json

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from analysis.errors import RunError
from analysis.figures.style import PNG_IDENTIFIER
from analysis.trace.pictures import PNG_KEY
from analysis.trace.trace import trace


def committed(toy, name):
    return toy.path(*name.split("/")).read_bytes()


def traced(toy, name, content):
    return trace(toy.root, toy.astray(name, content))


@pytest.mark.parametrize(
    ("name", "identity", "form"),
    [
        ("paper/figures/toy-map.png", "toy-map", "PNG"),
        ("paper/figures/toy-map.svg", "toy-map", "SVG"),
        ("paper/tables/toy-effects.csv", "toy-effects", "CSV"),
        ("paper/tables/toy-effects.json", "toy-effects", "JSON"),
    ],
)
def test_a_copy_is_the_committed_file(toy, name, identity, form):
    found = traced(toy, "download (3)", committed(toy, name))
    assert (found.file.form, found.file.same) == (form, True)
    assert [exhibit.entry.id for exhibit in found.exhibits] == [identity]
    assert found.exhibits[0].entry.line == 5


def test_pictures_are_saved_under_the_key_that_is_read():
    assert PNG_KEY == PNG_IDENTIFIER


def repaint(picture, *, pixel=None, scale=1):
    with Image.open(io.BytesIO(picture)) as image:
        changed = image.convert("RGB").resize((image.width * scale, image.height * scale))
    if pixel is not None:
        changed.putpixel((0, 0), pixel)
    about = PngInfo()
    about.add_text(PNG_KEY, "toy-map")
    saved = io.BytesIO()
    changed.save(saved, format="png", pnginfo=about)
    return saved.getvalue()


def test_a_picture_saved_anew_is_still_the_same(toy):
    picture = repaint(committed(toy, "paper/figures/toy-map.png"))
    found = traced(toy, "a.png", picture)
    assert found.file.same
    assert "saved anew" in found.file.verdict


def test_one_pixel_makes_another_picture(toy):
    """Catches a comparison in grey, which does not see a faint blue."""
    picture = repaint(committed(toy, "paper/figures/toy-map.png"), pixel=(255, 255, 254))
    found = traced(toy, "a.png", picture)
    assert found.file.same is False
    assert "pixels differ" in found.file.verdict


def test_the_picture_of_an_executed_notebook_is_known(toy):
    small = repaint(committed(toy, "paper/figures/toy-map.png"), scale=2)
    assert traced(toy, "a.png", small).file.same is False
    executed = toy.path("notebooks", "executed", "toy", "03_effect-street.ipynb")
    content = json.loads(executed.read_text(encoding="utf-8"))
    shown = {"data": {"image/png": base64.b64encode(small).decode()}, "output_type": "display_data"}
    content["cells"][0]["outputs"] = [shown]
    executed.write_text(json.dumps(content), encoding="utf-8")
    found = traced(toy, "a.png", small)
    assert found.file.same
    assert "03_effect-street.ipynb" in found.file.verdict


def test_an_old_drawing_differs(toy):
    svg = committed(toy, "paper/figures/toy-map.svg") + b"<!-- older -->"
    assert traced(toy, "a.svg", svg).file.same is False


def test_a_table_without_its_mark_or_with_other_line_ends_is_the_same(toy):
    """A spreadsheet writes CSV its own way, and a reader may delete the column `data`."""
    text = committed(toy, "paper/tables/toy-effects.csv").decode("utf-8")
    for changed in (
        text.replace("\n", "\r\n"),
        text.replace(",data", "").replace(",simulated", ""),
    ):
        found = traced(toy, "Book1.csv", b"\xef\xbb\xbf" + changed.encode("utf-8"))
        assert found.file.same
        assert found.exhibits[0].entry.id == "toy-effects"


def test_an_old_table_says_which_cell_differs(toy):
    text = committed(toy, "paper/tables/toy-effects.csv").decode("utf-8")
    found = traced(toy, "Book1.csv", text.replace("0.020", "0.021").encode("utf-8"))
    assert found.file.same is False
    assert "1 of 4 cells" in found.file.verdict
    assert "row 2, Estimate: '0.021', committed '0.020'" in found.file.verdict
    parsed = json.loads(committed(toy, "paper/tables/toy-effects.json"))
    parsed["rows"] = parsed["rows"][:1]
    assert "1 rows" in traced(toy, "t.json", json.dumps(parsed).encode("utf-8")).file.verdict


def test_an_executed_notebook_lists_its_exhibits(toy):
    name = "notebooks/executed/toy/03_effect-street.ipynb"
    found = traced(toy, "Untitled.ipynb", committed(toy, name))
    assert found.file.run == ("toy", "03_effect-street")
    assert found.file.same
    assert {entry.id for entry in found.run.exhibits} == {
        "toy-map",
        "toy-unused",
        "toy.street.complaints.att",
        "toy.street.complaints.n",
    }


def test_the_paper_lists_exhibits_by_page(toy):
    found = traced(toy, "submission.pdf", committed(toy, "paper/paper.pdf"))
    assert (found.file.document, found.file.same) == ("paper", True)
    assert {page: [entry.id for entry in entries] for page, entries in found.pages.items()} == {
        1: ["toy.street.complaints.att"],
        2: ["toy-map"],
        3: ["toy-effects"],
        4: ["toy.street.complaints.att"],
    }


def test_an_older_paper_is_known_by_its_title(toy):
    older = committed(toy, "paper/paper.pdf") + b"% older"
    found = traced(toy, "submission.pdf", older)
    assert (found.file.document, found.file.same) == ("paper", False)


def test_a_pdf_of_a_figure_is_known_by_its_id(toy):
    pdf = b"%PDF-1.4\n<< /Title (fig) /Keywords (toy-map) >>\n"
    found = traced(toy, "fig.pdf", pdf)
    assert found.exhibits[0].entry.id == "toy-map"
    assert found.file.same is None


STRANGERS = {
    "photo.png": b"\x89PNG broken",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "other.pdf": b"%PDF-1.7\n",
    "data.csv": b"a,b\n1,2\n",
    "settings.json": b'{"width": 3}',
    "list.json": b"[1, 2]",
    "notes.ipynb": b'{"cells": [], "metadata": {}}',
    "odd.ipynb": b'{"cells": [], "metadata": {"compendium": 7}}',
    "bytes": b"\x00\xff\xfe",
    "empty": b"",
    "blank.csv": b"\n\n",
}


@pytest.mark.parametrize("name", STRANGERS)
def test_a_file_of_others_is_refused_by_name(toy, name):
    """Catches a crash on, or a guess at, what carries no id of ours."""
    with pytest.raises(RunError, match=name):
        traced(toy, name, STRANGERS[name])


def test_an_id_that_is_gone_names_the_nearest(toy):
    svg = committed(toy, "paper/figures/toy-map.svg").replace(b"toy-map", b"toy-mop")
    with pytest.raises(RunError, match=r"'toy-mop', which no ledger has[\s\S]*'toy-map'"):
        traced(toy, "a.svg", svg)
