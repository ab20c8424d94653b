"""What a reader does: moves sliders, changes the colours, searches, takes away, prints."""

import re

import pytest

EXPLORERS = {
    "index": ["unit-square"],
    "lstm-gradient": ["forget-gate"],
    "multidimensional-rnn": ["wavefront", "dependencies"],
    "reversibility": ["singular-values"],
    "exact-reversal": ["turning-back"],
}
WITH_CELLS = ["lstm-gradient", "multidimensional-rnn", "reversibility", "exact-reversal"]
each_explorer = pytest.mark.parametrize(
    ("page_name", "name"), [(page, name) for page, names in EXPLORERS.items() for name in names]
)


def state(explorer):
    """Return what an explorer shows: its drawing, its sentence and what its sliders say of themselves."""
    sliders = explorer.locator("input").all()
    return (
        explorer.locator(".explorer-panels").inner_html(),
        explorer.locator(".explorer-says").inner_text(),
        [slider.get_attribute("aria-valuetext") for slider in sliders],
        explorer.locator("output").all_inner_texts(),
    )


@each_explorer
def test_sliders_work_by_keyboard_and_change_the_figure(open_page, page_name, name):
    explorer = open_page(f"{page_name}.html#{name}").locator(f"#{name}")
    for slider in explorer.locator("input").all():
        at_start = state(explorer)
        slider.focus()
        slider.press("ArrowLeft")
        moved = state(explorer)
        assert all(before != after for before, after in zip(at_start, moved, strict=True))
        assert moved[2] == moved[3]
        slider.press("ArrowRight")
        assert state(explorer) == at_start
        slider.press("Home")
        first = state(explorer)
        slider.press("End")
        assert state(explorer)[0] not in (first[0], "")


@each_explorer
def test_every_frame_can_be_shown(open_page, page_name, name):
    explorer = open_page(f"{page_name}.html#{name}").locator(f"#{name}")
    slider = explorer.locator("input").last
    sentences = set()
    for position in range(int(slider.get_attribute("max")) + 1):
        slider.fill(str(position))
        sentences.add(explorer.locator(".explorer-says").inner_text())
        assert not re.search(r"\b(nan|undefined)\b", explorer.locator(".explorer-panels").inner_html())
    assert len(sentences) == int(slider.get_attribute("max")) + 1


def test_sliders_are_reached_by_tab(open_page):
    page = open_page("lstm-gradient.html")
    page.evaluate("""
        const box = document.querySelector("#forget-gate").closest(".cell").querySelector("summary");
        box.focus();
    """)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "range"
    assert page.evaluate("document.activeElement.closest('figure').id") == "forget-gate"


def test_a_click_picks_a_cell(open_page):
    explorer = open_page("multidimensional-rnn.html").locator("#dependencies")
    explorer.locator("rect[data-at='2,1']").first.click()
    assert explorer.locator("output").all_inner_texts() == ["2", "1"]
    assert "Cell (2, 1)" in explorer.locator(".explorer-says").inner_text()


@each_explorer
def test_without_a_script_the_figure_stands_and_shows_no_slider(open_page, page_name, name):
    explorer = open_page(f"{page_name}.html#{name}", java_script_enabled=False).locator(f"#{name}")
    assert explorer.locator(".explorer-panels").is_visible()
    assert explorer.locator("svg path, svg rect").count() > 0
    assert explorer.locator(".explorer-says").inner_text()
    assert not explorer.locator("input").first.is_visible()


@pytest.mark.parametrize(("motion", "duration"), [("reduce", "0s"), ("no-preference", "0.15s")])
def test_motion_is_reduced_for_those_who_ask(open_page, motion, duration):
    page = open_page("multidimensional-rnn.html", reduced_motion=motion)
    cell = page.locator("#wavefront rect").first
    assert cell.evaluate("e => getComputedStyle(e).transitionDuration") == duration


@pytest.mark.parametrize("name", ["coder", "turning-back"])
def test_figures_follow_the_pages_toggle(open_page, name):
    toggled = open_page("exact-reversal.html", color_scheme="light")
    in_light = toggled.locator(f"#{name}").screenshot()
    while toggled.evaluate("document.body.dataset.theme") != "dark":
        toggled.locator(".content-icon-container .theme-toggle").click()
    toggled.mouse.move(0, 0)
    toggled.wait_for_timeout(300)
    in_dark = open_page("exact-reversal.html", color_scheme="dark").locator(f"#{name}").screenshot()
    assert toggled.locator(f"#{name}").screenshot() == in_dark != in_light


def test_search_finds_determinant(open_page):
    page = open_page("search.html?q=determinant")
    results = page.locator("#search-results li a")
    results.first.wait_for()
    assert any("reversibility" in link.get_attribute("href") for link in results.all())


def test_each_claim_stands_in_the_contents_with_its_mark(open_page):
    page = open_page("reversibility.html")
    claims = page.locator(".claim")
    entries = page.locator(".toc-tree .claim-entry")
    assert entries.count() == claims.count() == 6
    text = " ".join(entries.all_text_contents())
    assert "✗ 3.3 The two halves of the Jacobian are identical: wrong" in text
    assert "✓ 3.1 θ(k) is θ(k+1) − p(k+1): holds" in text
    for claim in claims.all():
        assert page.locator(f".toc-tree a[href='#{claim.get_attribute('id')}']").count() == 1


@pytest.mark.parametrize("page_name", WITH_CELLS)
def test_the_notebook_can_be_taken_away(open_page, page_name):
    page = open_page(f"{page_name}.html")
    with page.expect_download() as download:
        page.get_by_role("link", name="Take this page away as a notebook").click()
    assert download.value.suggested_filename == f"{page_name}.ipynb"


@pytest.mark.parametrize("page_name", [*WITH_CELLS, "index", "ledger", "reference"])
def test_on_paper_nothing_is_cut_and_nothing_is_there_to_click(open_page, page_name):
    page = open_page(f"{page_name}.html", width=680)  # the width of a page of A4 between its margins
    page.emulate_media(media="print")
    cut = page.evaluate("""
        [...document.querySelectorAll("article pre, article .math-block, article table, article svg, article img")]
          .filter(e => e.getClientRects().length && (e.scrollWidth > e.clientWidth + 1
            || e.getBoundingClientRect().right > document.documentElement.clientWidth + 1))
          .map(e => e.outerHTML.slice(0, 100))
    """)
    assert cut == []
    for useless in (".sidebar-drawer", ".toc-drawer", ".mobile-header", ".related-pages", ".explorer-controls"):
        assert not any(part.is_visible() for part in page.locator(useless).all())


def test_a_link_opens_a_section_that_is_folded(open_page):
    page = open_page("lstm-gradient.html")
    section = page.locator("#four-derivatives-side-by-side")
    assert not section.locator("p").first.is_visible()
    page.evaluate("location.hash = 'four-derivatives-side-by-side'")
    section.locator("p").first.wait_for(state="visible")
    page.reload()
    assert section.locator("p").first.is_visible()


@pytest.mark.parametrize("page_name", WITH_CELLS)
def test_a_reader_guesses_before_the_answer_is_shown(open_page, page_name):
    page = open_page(f"{page_name}.html")
    page.evaluate("document.querySelectorAll('details.folded').forEach(fold => { fold.open = true })")
    for question in page.locator(".guess").all():
        answer = question.locator("details > :not(summary)").first
        assert not answer.is_visible()
        question.locator("input").first.click()
        question.locator("summary").click()
        answer.wait_for(state="visible")
