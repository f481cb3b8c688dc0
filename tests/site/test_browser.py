"""The site in a real browser, from the file system: quiet, linked, usable and accessible."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.slow

# Links in a drawing keep their address in another place than those in text.
LINKS = """
[...document.querySelectorAll("a[href], img[src], object[data]")].map((one) =>
  one.href?.baseVal !== undefined
    ? new URL(one.href.baseVal, location).href
    : one.href || one.src || one.data)
"""
NUMBER = "toy.street.complaints.twfe.att"


def address(site: Path, page: str) -> str:
    return (site / page).as_uri()


def pages_of(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_pages_are_quiet_fit_and_have_no_serious_finding_of_axe(
    site: Path, browser: Browser, width: int, scheme: str
) -> None:
    # One page of each kind of notebook is enough: they share a template.
    chosen = [name for name in pages_of(site) if "/" not in name or "03_effect" in name]
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    problems: list[str] = []
    for name in chosen:
        page = context.new_page()
        said: list[str] = []
        _listen(page, said)
        page.goto(address(site, name))
        page.wait_for_load_state("networkidle")
        problems += [f"{name}: {text}" for text in said]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append(f"{name} is wider than {width} pixels")
        found = Axe().run(page).response["violations"]
        problems += [
            f"{name}: {one['id']}, {one['nodes'][0]['html']}"
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]
        page.close()
    context.close()
    assert problems == []


def _listen(page: Page, said: list[str]) -> None:
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.extend(_outside(request.url)))


def _outside(url: str) -> list[str]:
    # The browser shows a PDF with an extension of its own.
    own = ("file:", "data:", "blob:", "chrome-extension:", "chrome:")
    return [] if url.startswith(own) else [f"asked for {url}"]


def test_every_link_leads_somewhere_in_the_site(site: Path, page: Page) -> None:
    identities: dict[Path, set[str]] = {}
    links: list[tuple[str, str]] = []
    for name in pages_of(site):
        page.goto(address(site, name))
        page.wait_for_load_state("networkidle")
        given = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(given) == len(set(given)), f"{name} has an id twice"
        identities[(site / name).resolve()] = set(given)
        links += [(name, link) for link in page.evaluate(LINKS)]
    broken = []
    for name, link in links:
        parts = urlsplit(link)
        if parts.scheme != "file":
            assert link.startswith(("data:", "https://example.org/")), link
            continue
        target = Path(unquote(parts.path)).resolve()
        fragment = unquote(parts.fragment)
        known = identities.get(target, {fragment})
        if not target.is_file() or (fragment and fragment not in known):
            broken.append((name, link))
    assert len(links) > 100
    assert broken == []


def test_from_a_number_to_its_cell_and_back(site: Path, page: Page) -> None:
    page.goto(address(site, "paper.html"))
    page.locator("summary", has_text="Page 1").click()
    page.get_by_role("link", name=NUMBER, exact=True).click()
    row = page.locator(f"[id='{NUMBER}']")
    expect(row).to_be_in_viewport()
    row.get_by_role("link").click()
    cell = page.locator("#cell-03")
    expect(cell).to_be_in_viewport()
    expect(cell).to_be_focused()
    cell.get_by_role("link", name=NUMBER, exact=True).click()
    expect(page.locator(f"[id='{NUMBER}']")).to_be_in_viewport()


def test_the_search_finds_exhibits_and_a_link_to_a_hidden_one_shows_it(
    site: Path, page: Page
) -> None:
    page.goto(address(site, "exhibits.html"))
    status = page.get_by_role("status")
    expect(status).to_have_text("6 exhibits")
    page.get_by_role("searchbox").fill("LOWER log")
    expect(status).to_have_text("1 of 6 exhibits")
    expect(page.locator(f"[id='{NUMBER}']")).to_be_hidden()
    expect(page.get_by_role("heading", name="Figures")).to_be_hidden()
    page.evaluate("id => { location.hash = id }", NUMBER)
    expect(page.locator(f"[id='{NUMBER}']")).to_be_visible()
    page.get_by_label("Kind").select_option("figure")
    expect(status).to_have_text("1 of 6 exhibits")


def test_the_address_can_name_what_is_searched(site: Path, page: Page) -> None:
    page.goto(address(site, "exhibits.html") + "?kind=table")
    expect(page.get_by_role("status")).to_have_text("1 of 6 exhibits")


def test_the_chart_of_effects_follows_the_ticks(site: Path, page: Page) -> None:
    page.goto(address(site, "effects.html"))
    overall, path = page.locator("#overall-chart"), page.locator("#path-chart")
    expect(overall).to_contain_text("Simulated 模拟")
    expect(path).to_contain_text("Simulated 模拟")
    expect(page.locator("#overall-table tbody tr")).to_have_count(1)
    page.get_by_role("checkbox", name="Two-way fixed effects").uncheck()
    expect(page.locator("#overall-table tbody tr")).to_have_count(0)
    expect(path).to_be_hidden()


def test_the_chart_of_places_follows_tiles_and_measure(site: Path, page: Page) -> None:
    page.goto(address(site, "places.html"))
    chart = page.locator("#places-chart")
    expect(chart).to_contain_text("Simulated 模拟")
    expect(chart).to_contain_text("North")
    expect(chart).not_to_contain_text("South")
    tile = page.get_by_role("button", name="South")
    tile.focus()
    page.keyboard.press("Enter")
    expect(tile).to_have_attribute("aria-pressed", "true")
    expect(chart).to_contain_text("South")
    page.get_by_label("Measure").select_option(label="Repeat share")
    expect(chart).to_contain_text("Repeat share")


def test_the_keyboard_comes_to_the_content_and_unfolds_code(site: Path, page: Page) -> None:
    page.goto(address(site, "notebooks/toy/03_effect-street-complaints.html"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    expect(page.locator(".source")).to_be_hidden()
    page.get_by_role("button", name="Show all code").press("Enter")
    expect(page.locator(".source")).to_be_visible()


def test_on_a_phone_the_menu_opens(site: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(address(site, "index.html"))
    navigation = page.get_by_role("navigation", name="Pages")
    expect(navigation).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(navigation.get_by_role("link", name="Codebook")).to_be_visible()
    page.close()


def test_in_print_code_is_left_out_and_what_is_folded_is_shown(site: Path, page: Page) -> None:
    page.goto(address(site, "pipeline.html"))
    folded = page.locator(".steps details")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.evaluate_all("all => all.every(one => one.open)")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not folded.evaluate_all("all => all.some(one => one.open)")
    page.goto(address(site, "notebooks/toy/03_effect-street-complaints.html"))
    page.emulate_media(media="print")
    expect(page.locator("details.code")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Pages")).to_be_hidden()
    expect(page.locator(".simulated")).to_be_visible()


def test_a_long_sentence_of_a_notebook_is_not_cut_off_on_a_phone(
    site: Path, browser: Browser
) -> None:
    """Catches output that scrolls sideways on a phone and ends at the margin in print."""
    page = browser.new_page(viewport={"width": 360, "height": 700})
    page.goto(address(site, "notebooks/toy/03_effect-street-complaints.html"))
    fits = page.evaluate(
        """() => {
            const output = document.querySelector("pre.output");
            output.textContent = "a dose has no cohorts ".repeat(20);
            return output.scrollWidth <= output.clientWidth;
        }"""
    )
    page.close()
    assert fits
