"""The booklet on paper, by the Makefile's own recipe."""

import re
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

ROOT = Path(__file__).parent.parent.parent
PDF = ROOT / "_build" / "pdf" / "hw3.pdf"
PAGES = ["lstm-gradient", "multidimensional-rnn", "reversibility", "exact-reversal", "errata"]
FOOT = 45  # points: the margin below, in which the page's number stands
PRINTED = 757  # between the margins


def make(*arguments):
    return subprocess.run(
        ["make", "--no-print-directory", "pdf", *arguments],  # noqa: S607  whichever make runs the tests
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def booklet(browser):
    made = make()
    assert made.returncode == 0, made.stderr
    assert made.stdout.endswith("The PDF is in _build/pdf/hw3.pdf\n")
    return PdfReader(PDF)


def title(name):
    """Return the title of a page of the site."""
    return re.search("^# (.*)$", (ROOT / "docs" / f"{name}.md").read_text("utf-8"), re.MULTILINE)[1]


def chapters(booklet):
    """Return the title of each chapter and the page that it begins on, counted from 0."""
    found = [entry for entry in booklet.outline if not isinstance(entry, list)]
    return {entry.title: booklet.get_destination_page_number(entry) for entry in found}


def lowest(page):
    """Return the share of a page that is filled: how far down its last line stands."""
    heights = []
    page.extract_text(
        visitor_text=lambda text, outer, inner, *_: text.strip() and heights.append(outer[5] + inner[5] * outer[3])
    )
    return 1 - (min(height for height in heights if height > FOOT) - FOOT) / PRINTED


def test_it_is_tagged_and_its_outline_has_the_chapters(booklet):
    around = ["Homework 3, verified", "Contents"], ["Solutions of the exercises", "On the site"]
    assert list(chapters(booklet)) == [*around[0], *map(title, PAGES), *around[1]]
    assert "/StructTreeRoot" in booklet.trailer["/Root"]
    assert booklet.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_it_has_fifty_pages_at_most(booklet):
    assert len(booklet.pages) <= 50


def test_the_contents_link_to_each_chapter_and_say_its_page(booklet):
    contents = booklet.pages[chapters(booklet)["Contents"]]
    annotations = [annotation.get_object() for annotation in contents["/Annots"]]
    links = [booklet.named_destinations[annotation["/Dest"]] for annotation in annotations]
    pages, text = [booklet.get_destination_page_number(link) for link in links], contents.extract_text()
    for chapter, page in list(chapters(booklet).items())[2:]:
        assert page in pages
        assert re.search(rf"{re.escape(chapter)}\s*{page + 1}\b", text)


def test_no_page_is_half_empty_but_the_last_of_a_chapter(booklet):
    begins = {*chapters(booklet).values()}
    filled = {number + 1: lowest(page) for number, page in enumerate(booklet.pages) if number + 1 not in begins}
    filled.pop(len(booklet.pages), None)
    assert {number: share for number, share in filled.items() if share < 0.6} == {}


def test_plumbing_is_left_out_and_each_exercise_is_solved_at_the_end(booklet):
    first = chapters(booklet)["Solutions of the exercises"]
    before = "\n".join(page.extract_text() for page in booklet.pages[:first])
    assert re.search(r"Code folded on the page lstm-gradient: \d+ lines\.", before)
    solved = [exercise.title for of_page in booklet.outline[-2] if isinstance(of_page, list) for exercise in of_page]
    assert " ".join(before.split()).count("Solved at the end") == len(solved) >= 9


def test_without_chromium_it_says_what_to_install():
    made = make("CHROMIUM=no-such-browser")
    assert made.returncode != 0
    assert "apt-get install chromium" in made.stderr
