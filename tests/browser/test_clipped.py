"""On a phone, what is clipped and scrolls sideways shows it by a shade at its edge; what is not clipped shows none."""

import io
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from browsing import launch

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGES = sorted(page.stem for page in DOCS.glob("*.md"))
SCHEMES = ["light", "dark"]
PHONE = 390
SLICE = 8000
"""Pixels from top to bottom of one picture: Chromium draws no taller ones right."""

REACH = 12
"""Pixels from the edge of a box that its shade takes; where no more is clipped, a letter or a margin, none need be."""

CORNER = 4
"""Pixels at its top and at its bottom where a box may be rounded."""

VISIBLE = 10
"""Of 255 levels, how many the shade must change these pixels by on average, to be seen; it does by twice as many."""

NO_TEXT = "* { color: transparent !important; transition: none !important; }"
NO_SHADE = "article * { background-image: none !important; }"
NO_COLOUR = "article pre { --line: var(--ground) !important; --shade: var(--ground) !important; }"
SCROLLERS = """() => {
  const scrolls = e => e.getClientRects().length && ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
  const clipped = e => e.scrollWidth - e.clientWidth;
  const scrollers = [...document.querySelectorAll("article *")].filter(scrolls);
  const holdsAnother = e => scrollers.some(other => other !== e && e.contains(other));
  return scrollers.filter(e => clipped(e) > 1 || !holdsAnother(e)).map(e => ({
    clipped: clipped(e),
    html: e.outerHTML.slice(0, 120),
    left: Math.round(e.getBoundingClientRect().left + e.clientLeft + scrollX),
    top: Math.round(e.getBoundingClientRect().top + e.clientTop + scrollY),
    width: e.clientWidth,
    height: e.clientHeight,
  }));
}"""
BEYOND_THE_PAGE = """() => {
  const parts = [document.documentElement, document.body, document.querySelector(".content")];
  return parts.filter(part => part.scrollWidth > part.clientWidth).map(part => part.tagName + " " + part.className);
}"""
SCROLL_TO_END = "document.querySelectorAll('article *').forEach(e => e.scrollLeft = e.scrollWidth)"


@pytest.fixture
def phone(open_page):
    """Return a function that opens a page as a phone does, without text, and with all that folds open."""

    def opened(name, scheme, style=""):
        page = open_page(f"{name}.html", width=PHONE, color_scheme=scheme, reduced_motion="reduce")
        page.add_style_tag(content=NO_TEXT + style)
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        page.evaluate("document.fonts.ready")
        return page

    return opened


def picture(page):
    """Return the whole page as levels of grey."""
    height = page.evaluate("document.documentElement.scrollHeight")
    slices = []
    for top in range(0, height, SLICE):
        clip = {"x": 0, "y": top, "width": PHONE, "height": min(SLICE, height - top)}
        shot = page.screenshot(full_page=True, clip=clip)
        slices.append(np.asarray(Image.open(io.BytesIO(shot)).convert("L"), dtype=int))
    return np.concatenate(slices)


def shades(page):
    """Yield each box that can scroll, with how its shades change its pixels."""
    with_shades = picture(page)
    style = page.add_style_tag(content=NO_SHADE)
    change = np.abs(with_shades - picture(page))
    style.evaluate("e => e.remove()")
    for box in page.evaluate(SCROLLERS):
        rows = slice(box["top"] + CORNER, box["top"] + box["height"] - CORNER)
        yield box, change[rows, box["left"] : box["left"] + box["width"]]


def wrong_shades(page, edge):
    """Return what is wrong with the shades of a page, whose boxes go on beyond this edge alone if they are clipped."""
    wrong = []
    for box, change in shades(page):
        from_edge = change[:, ::-1] if edge == "right" else change
        if box["clipped"] > REACH and from_edge[:, :REACH].mean() < VISIBLE:
            wrong.append(f"no shade at the {edge}, where it is clipped: {box['html']}")
        if from_edge[:, REACH * (box["clipped"] > 0) :].max(initial=0) > 1:
            wrong.append(f"a shade where nothing is clipped: {box['html']}")
    return wrong


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", PAGES)
def test_what_is_clipped_shows_where_it_goes_on_and_nothing_else_does(phone, name, scheme):
    page = phone(name, scheme)
    assert wrong_shades(page, "right") == []
    page.evaluate(SCROLL_TO_END)
    assert wrong_shades(page, "left") == []


@pytest.fixture(scope="module", params=[16, 32], ids="letters of {} pixels".format)
def letters(browser, request):
    """Return a browser whose reader set this size of letters."""
    launched = launch(browser.browser_type, f"--blink-settings=defaultFontSize={request.param}")
    yield launched
    launched.close()


@pytest.mark.parametrize("width", [320, 390, 768])
@pytest.mark.parametrize("name", [*PAGES, "genindex", "search"])
def test_the_page_itself_does_not_scroll_sideways(letters, address, name, width):
    page = letters.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{address}/{name}.html")
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    page.evaluate("document.fonts.ready")
    assert page.evaluate(BEYOND_THE_PAGE) == []
    page.add_style_tag(content="article h1 { width: 110%; }")
    assert page.evaluate(BEYOND_THE_PAGE) == ["DIV content"]
    page.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_all_kinds_of_boxes_are_looked_at(phone, scheme):
    clipped = {
        box["html"].partition(" ")[0] + box["html"].partition('class="')[2][:10]
        for name in ("beyond-one-machine", "lstm-gradient", "reversibility")
        for box in phone(name, scheme).evaluate(SCROLLERS)
        if box["clipped"] > REACH
    }
    assert {"<pre", "<divmath-block", "<divtable-wrap"} <= clipped


@pytest.mark.parametrize(
    ("style", "wrong"),
    [
        ("article pre { background: none; }", "no shade at the right, where it is clipped: <pre"),
        (NO_COLOUR, "no shade at the right, where it is clipped: <pre"),
        ("article pre { background-attachment: scroll; }", "no shade at the right, where it is clipped: <pre"),
        ("article pre { background-attachment: local; }", "no shade at the right, where it is clipped: <pre"),
        (".highlight pre { --ground: red; }", "a shade where nothing is clipped: <pre"),
        ("article .math-block { background-size: 0 0, 0 0, 1rem, 1rem; }", "a shade where nothing is clipped: <div"),
    ],
)
def test_a_shade_that_is_wrong_is_found(phone, style, wrong):
    assert any(found.startswith(wrong) for found in wrong_shades(phone("reversibility", "light", style), "right"))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["beyond-one-machine", "lstm-gradient", "reference"])
def test_text_can_be_read_in_the_shade(open_page, name, scheme):
    page = open_page(f"{name}.html", width=PHONE, color_scheme=scheme)
    page.add_style_tag(content="pre, .math-block, .table-wrapper { background: var(--shade) !important; }")
    axe = Axe().run(page, options={"runOnly": ["color-contrast"]}).response
    assert [node["html"] for found in axe["violations"] for node in found["nodes"]] == []
    shade = page.evaluate("""() => {
      const mixed = document.createElement("canvas").getContext("2d");
      mixed.fillStyle = getComputedStyle(document.querySelector("article pre")).backgroundColor;
      mixed.fillRect(0, 0, 1, 1);
      return [...mixed.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    }""")
    judged = [node["any"][0]["data"].get("bgColor") for found in axe["passes"] for node in found["nodes"]]
    assert judged.count("#" + bytes(shade).hex()) > 100
