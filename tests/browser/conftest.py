"""A browser, the built site served on this machine, and what each page does in it."""

import functools
import gzip
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from browsing import chromium, served

COUNT_SHIFTS = """
window.layoutShift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.layoutShift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
TOO_WIDE = """
[...document.querySelectorAll("body *")].filter(e => {
  const box = e.getBoundingClientRect();
  return box.right > document.documentElement.clientWidth + 1 && getComputedStyle(e).position !== "fixed"
    && !e.closest(".sidebar-drawer, .toc-drawer, .visually-hidden") && !scrolls(e.parentElement);
  function scrolls(box) {
    if (!box) return false;
    return ["auto", "scroll", "hidden"].includes(getComputedStyle(box).overflowX) || scrolls(box.parentElement);
  }
}).map(e => e.outerHTML.slice(0, 120))
"""


@dataclass
class Visit:
    """What a page did when it was opened."""

    violations: list[str]
    console: list[str]
    elsewhere: list[str]
    too_wide: list[str]
    overflow: int
    shift: float
    weight: Counter[str]


@pytest.fixture(scope="session")
def browser():
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="session")
def address():
    with served() as there:
        yield there


@pytest.fixture
def open_page(browser, address):
    """Return a function that opens a page in a context of its own."""
    contexts = []

    def opened(name, width=1440, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{address}/{name}")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def visit(browser, address):
    """Return a function that opens a page and reports, once for each page and view."""

    @functools.cache
    def visited(name, scheme, width):
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        context.add_init_script(COUNT_SHIFTS)
        page, console, elsewhere, weight = context.new_page(), [], [], Counter()
        page.on("pageerror", lambda error: console.append(str(error)))
        page.on("console", lambda message: console.append(message.text) if message.type in {"error", "warning"} else 0)
        page.on("request", lambda request: elsewhere.append(request.url) if not request.url.startswith(address) else 0)
        responses = []
        page.on("response", lambda response: responses.append(response))
        page.goto(f"{address}/{name}.html", wait_until="networkidle")
        for response in responses:
            size = len(gzip.compress(response.body()))  # as it is sent
            is_index = urlsplit(response.url).path.endswith("/searchindex.js")
            weight["search index" if is_index else response.request.resource_type] += size
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.wait_for_timeout(100)
        page.evaluate("window.scrollTo(0, 0)")
        report = Visit(
            violations=[
                f"{found['id']}: {node['html'][:200]}"
                for found in Axe().run(page).response["violations"]
                for node in found["nodes"]
            ],
            console=console,
            elsewhere=elsewhere,
            too_wide=page.evaluate(TOO_WIDE),
            overflow=page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
            shift=page.evaluate("window.layoutShift"),
            weight=weight,
        )
        context.close()
        return report

    return visited
