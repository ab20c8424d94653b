"""What is looked for is found: by the search, at an address that is none, and by those who show a link to a page."""

from pathlib import Path

import pytest

from browsing import SITE

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(page.stem for page in DOCS.glob("*.md"))
READING_ORDER = [
    *["index", "lstm-gradient", "multidimensional-rnn", "reversibility", "exact-reversal", "check-your-own", "ledger"],
    *["errata", "proved", "beyond-one-machine", "benchmarks", "how-it-works", "another-course", "reference"],
]


@pytest.mark.parametrize(
    ("query", "words", "leads_to"),
    [
        ("2.3", "Claim 2.3: One cell takes", "multidimensional-rnn.html#claim-mdrnn-cell-operations"),
        ("B.1", "Claim B.1: ", "reversibility.html#claim-reversible-or-singular"),
        ("claim 3.4", "Claim 3.4: ", "reversibility.html#claim-jacobian-rank"),
        ("The rank of the Jacobian is D", "Claim 3.4: ", "reversibility.html#claim-jacobian-rank"),
        ("halves", "Claim 3.3: The two halves", "reversibility.html#claim-jacobian-halves"),
        ("beta", "Problem 3", "reversibility.html#index-0"),
        ("forget gate", "Problem 1", "lstm-gradient.html#index-0"),
        ("wavefronts", "hw3.mdrnn.wavefronts", "reference.html#hw3.mdrnn.wavefronts"),
    ],
)
def test_the_first_result_is_what_was_meant(open_page, query, words, leads_to):
    page = open_page(f"search.html?q={query}")
    first = page.locator("#search-results li a").first
    first.wait_for()
    assert first.inner_text().startswith(words)
    assert first.get_attribute("href") == leads_to
    first.click()
    name, _, anchor = leads_to.partition("#")
    page.wait_for_url(f"**/{name}*")
    assert page.locator(f"[id='{anchor}']").count() == 1


def test_an_address_that_is_none_is_answered_with_the_contents(open_page, address):
    page = open_page("index.html")
    page.route("**/deep/er/*", lambda route: route.fulfill(status=404, path=SITE / "404.html"))
    console = []
    page.on("pageerror", lambda error: console.append(str(error)))
    page.goto(f"{address}/deep/er/page.html")
    assert page.locator("h1").inner_text() == "Page not found"
    assert page.evaluate("getComputedStyle(document.querySelector('.sidebar-drawer')).display") != "block"
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--claim-holds')")
    page.locator(".sidebar-tree").get_by_role("link", name="Problem 3").click()
    page.wait_for_url(f"{address}/reversibility.html")
    assert console == []


def head(page, selector, attribute="content"):
    """Return an attribute of an element of a page's head."""
    return page.locator(f"head {selector}").get_attribute(attribute)


def test_a_page_says_what_is_on_it(open_page):
    said = {}
    for name in PAGES:
        page = open_page(f"{name}.html", java_script_enabled=False)
        heading = page.locator("h1").first.evaluate("e => e.firstChild.textContent")
        description = head(page, "meta[name='description']")
        assert page.title() == f"{heading} - Homework 3, verified"
        assert head(page, "meta[property='og:title']") == heading
        assert head(page, "meta[property='og:description']") == description
        assert 80 <= len(description) <= 180
        said[description] = name
    assert len(said) == len(PAGES)


def test_pages_follow_each_other_in_the_order_of_reading(open_page):
    assert sorted(READING_ORDER) == PAGES
    for name, following in zip(READING_ORDER, [*READING_ORDER[1:], None], strict=True):
        page = open_page(f"{name}.html", java_script_enabled=False)
        links = {rel: page.locator(f"head link[rel='{rel}']") for rel in ("prev", "next")}
        assert links["next"].count() == (following is not None)
        if following:
            assert links["next"].get_attribute("href") == f"{following}.html"
