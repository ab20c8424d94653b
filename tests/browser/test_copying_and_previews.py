"""Code is copied by a button; what a link leads to is shown at it, by pointer, keyboard and touch."""

import pytest

from browsing import SITE

CLAIM_LINK = "table.verdicts a[href='reversibility.html#claim-jacobian-rank']"
PROOF_LINK = "table.verdicts a[href^='proofs/reversibility.html#line-']"
CODE_LINK = ".code-link[href='reference.html#hw3.momentum.step']"


@pytest.mark.parametrize("served_safely", [True, False])
def test_a_button_copies_the_code_of_a_cell(open_page, served_safely):
    page = open_page("lstm-gradient.html", permissions=["clipboard-read", "clipboard-write"])
    if not served_safely:
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    cell = page.locator(".cell_input .highlight").first
    cell.hover()
    cell.get_by_role("button", name="Copy").click()
    cell.get_by_role("button", name="Copied").wait_for()
    page.evaluate("delete navigator.clipboard")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == cell.locator("pre").text_content().rstrip()
    assert page.locator("textarea").count() == 0


def test_a_session_is_copied_without_prompts_and_outputs(open_page):
    page = open_page("reference.html", permissions=["clipboard-read", "clipboard-write"])
    session = page.locator(".highlight", has_text=">>>").first
    shown = session.locator("pre").text_content().splitlines()
    session.get_by_role("button", name="Copy").focus()
    page.keyboard.press("Enter")
    session.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert copied == [line[4:] for line in shown if line[:4] in {">>> ", "... "}]
    assert len(copied) < len(shown)


def test_a_line_of_a_shell_goes_on_behind_a_backslash(open_page):
    page = open_page("another-course.html", permissions=["clipboard-read", "clipboard-write"])
    page.locator(".highlight-console pre").first.evaluate(
        "e => (e.textContent = '$ a \\\\\\n  b\\nout\\n>>> x\\n$ c\\n')"
    )
    page.locator(".highlight-console").first.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "a \\\n  b\nc"


def test_what_a_cell_printed_has_no_button(open_page):
    page = open_page("lstm-gradient.html")
    assert page.locator(".cell_output .highlight").count() > 0
    assert page.locator(".cell_output .copy").count() == 0


@pytest.fixture(params=["served", "from the disk"])
def anywhere(request, open_page, browser):
    """Return a function that opens a page of the site, served or as a file."""
    if request.param == "served":
        yield open_page
        return
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    yield lambda name: page.goto((SITE / name).as_uri()) and page
    context.close()


def test_a_link_to_a_claim_shows_its_statement_and_verdict(anywhere):
    page = anywhere("index.html")
    page.locator(CLAIM_LINK).hover()
    preview = page.locator(".preview")
    preview.wait_for(state="visible")
    assert "The rank of the Jacobian is D" in preview.inner_text()
    assert "wrong" in preview.inner_text()
    preview.hover()
    page.wait_for_timeout(400)
    assert preview.is_visible()  # it can be read with a magnifier
    page.keyboard.press("Escape")
    assert not preview.is_visible()


def test_a_link_to_a_theorem_shows_its_statement(anywhere):
    page = anywhere("index.html")
    page.locator(PROOF_LINK).first.hover()
    page.locator(".preview").wait_for(state="visible")
    assert "Theorem " in page.locator(".preview").inner_text()


def test_a_preview_goes_when_the_pointer_does(open_page):
    page = open_page("index.html")
    page.locator(CLAIM_LINK).hover()
    page.locator(".preview").wait_for(state="visible")
    page.mouse.move(5, 5)
    page.locator(".preview").wait_for(state="hidden")


def test_a_name_in_a_cell_leads_to_its_entry_and_shows_it(open_page):
    page = open_page("reversibility.html")
    link = page.locator(CODE_LINK).locator("visible=true").first
    assert link.inner_text() == "momentum.step"
    link.hover()
    page.locator(".preview").wait_for(state="visible")
    assert "hw3.momentum.step(state" in page.locator(".preview").inner_text()
    link.click()
    page.wait_for_url("**/reference.html#hw3.momentum.step")
    assert page.locator("dt[id='hw3.momentum.step']").is_visible()


def test_a_link_that_is_reached_by_keyboard_shows_its_preview(open_page):
    page = open_page("index.html")
    page.locator(CLAIM_LINK).evaluate("""link => {
        const links = [...document.querySelectorAll("table.verdicts a")];
        links[links.indexOf(link) - 1].focus();
    }""")
    page.keyboard.press("Tab")
    page.locator(".preview").wait_for(state="visible")
    assert page.locator(CLAIM_LINK).get_attribute("aria-describedby") == "preview"
    page.mouse.move(5, 5)
    page.mouse.move(300, 5)
    page.wait_for_timeout(400)
    assert page.locator(".preview").is_visible()  # it is the focus that holds it
    page.keyboard.press("Tab")
    page.wait_for_timeout(100)
    assert page.locator(CLAIM_LINK).get_attribute("aria-describedby") is None


def test_a_tap_shows_a_preview_and_leads_on(open_page):
    page = open_page("index.html", width=390, has_touch=True)
    page.locator(CLAIM_LINK).tap()
    page.locator(".preview").wait_for(state="visible")
    assert page.url.endswith("index.html")
    page.locator(".preview").get_by_role("link", name="Go there").tap()
    page.wait_for_url("**/reversibility.html#claim-jacobian-rank")


def test_a_tap_on_a_link_without_a_preview_leads_there(open_page):
    page = open_page("index.html", width=390, has_touch=True)
    page.evaluate("document.querySelector('article p').innerHTML = '<a href=\"ledger.html#the-ledger\">The ledger</a>'")
    page.get_by_role("link", name="The ledger").last.tap()
    page.wait_for_url("**/ledger.html#the-ledger")


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_a_preview_stays_within_the_window(open_page, width):
    page = open_page("index.html", width=width)
    links = page.locator("table.verdicts a")
    for link in (links.first, links.last):
        link.scroll_into_view_if_needed()
        page.wait_for_timeout(50)
        link.hover()
        page.locator(".preview").wait_for(state="visible")
        box = page.locator(".preview").bounding_box()
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 900
