"""Build the review site: one folder of pages, opened from the file system, that asks no network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.site.attrition import attrition_page
from analysis.site.codebook import codebook_page
from analysis.site.effects import effects_page
from analysis.site.exhibits import exhibits_page
from analysis.site.home import home_page
from analysis.site.material import Material, read_material
from analysis.site.notebooks import notebook_pages, notebooks_page
from analysis.site.page import Page, Renderer
from analysis.site.paper import paper_page
from analysis.site.pictures import fewer_colours
from analysis.site.pipeline import pipeline_page
from analysis.site.replace import replacing_site
from analysis.site.timeline import timeline_page
from analysis.site.units import units_page
from analysis.workspace import write_atomically

__all__ = ["SiteReport", "build_site"]

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What was built.

    Attributes
    ----------
    folder
        Where the site is.
    pages
        How many pages it has.
    size, size_apart
        Bytes of all its files, and of those that are neither notebooks nor the paper.
    """

    folder: Path
    pages: int
    size: int
    size_apart: int


def build_site(root: Path, output: Path) -> SiteReport:
    """Build the review site from the results of a finished run.

    The same results give the same bytes. A former site at the place is replaced as a whole.

    Parameters
    ----------
    root
        The top folder of the compendium.
    output
        The folder to make.

    Returns
    -------
    SiteReport
        What was built.

    Raises
    ------
    RunError
        If results are missing, each of which is named, or there is something else at the place.
    """
    material = read_material(root)
    renderer = Renderer(material.studies)
    pages = list(_pages(material))
    with replacing_site(output) as folder:
        for page in pages:
            write_atomically(folder / page.path, renderer.render(page))
        _copy_files(material, folder)
    return _report(output, len(pages))


def _pages(material: Material) -> Iterator[Page]:
    yield home_page(material)
    yield paper_page(material)
    yield notebooks_page(material)
    yield from notebook_pages(material)
    yield exhibits_page(material)
    yield effects_page(material)
    yield units_page(material)
    yield timeline_page(material)
    yield codebook_page(material)
    yield attrition_page(material)
    yield pipeline_page(material)


def _copy_files(material: Material, folder: Path) -> None:
    # It bundles the charts' library and is slow to load.
    import vl_convert

    for source in sorted(STATIC.iterdir()):
        write_atomically(folder / "static" / source.name, source.read_bytes())
    write_atomically(
        folder / "static" / "vega.js", vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    )
    for document in material.documents:
        _copy(document, folder / "paper" / document.name)
    for entry in material.entries:
        for name in entry.files:
            if name.endswith(".png"):
                picture = fewer_colours(material.root / name)
                write_atomically(folder / "figures" / Path(name).name, picture)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _report(folder: Path, pages: int) -> SiteReport:
    sizes = {
        path.relative_to(folder): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file()
    }
    apart = sum(size for path, size in sizes.items() if path.parts[0] not in {"notebooks", "paper"})
    return SiteReport(folder, pages, sum(sizes.values()), apart)
