"""Every page, light and dark, on a desk and on a phone."""

from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGES = [*sorted(page.stem for page in DOCS.glob("*.md")), "genindex", "search"]
VIEWS = [(scheme, width) for scheme in ("light", "dark") for width in (1440, 390)]
pytestmark = [pytest.mark.parametrize("name", PAGES), pytest.mark.parametrize(("scheme", "width"), VIEWS)]


def test_no_barrier_is_found_by_axe(visit, name, scheme, width):
    assert visit(name, scheme, width).violations == []


def test_the_console_stays_empty(visit, name, scheme, width):
    assert visit(name, scheme, width).console == []


def test_no_request_leaves_the_host(visit, name, scheme, width):
    assert visit(name, scheme, width).elsewhere == []


def test_the_page_does_not_scroll_sideways(visit, name, scheme, width):
    assert visit(name, scheme, width).overflow <= 0
    assert visit(name, scheme, width).too_wide == []


def test_nothing_jumps_while_it_loads(visit, name, scheme, width):
    assert visit(name, scheme, width).shift < 0.02


def test_it_is_light(visit, name, scheme, width):
    weight = visit(name, scheme, width).weight
    assert weight.total() <= 160_000
    assert weight["script"] + weight["stylesheet"] <= 60_000  # the index of the search is neither
