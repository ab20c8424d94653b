"""The README's pictures show the first screen of the site as it is now."""

import re

import numpy as np
import pytest
from PIL import Image, ImageFilter
from PIL.ExifTags import Base as Tag

from browsing import ROOT
from picture import SCHEMES, file_of, first_screen

TOGETHER = 150_000
"""Bytes of both files, at most."""

DIFFERENCE = 6
"""Of 255 levels, how far pictures of one screen may be apart on average, at a quarter of their size.

All of it a pixel off is 4, blurred over a pixel 2; another page is 9 or more. Words are compared by themselves.
"""


def small(picture):
    """Return a picture at a quarter of its size, as levels of grey."""
    return np.asarray(picture.convert("L").reduce(4), dtype=float)


def shows(kept, taken):
    """Return whether the picture that is kept shows the screen that was taken, and the words of its page."""
    words = [picture.getexif()[Tag.ImageDescription] for picture in (kept, taken)]
    return looks_like(kept, taken) and words[0] == words[1]


def looks_like(kept, taken):
    """Return whether two pictures are equal but for how letters are drawn."""
    return kept.size == taken.size and np.abs(small(kept) - small(taken)).mean() < DIFFERENCE


@pytest.fixture(scope="module")
def take(browser, address):
    """Return a function that takes a picture of a page's first screen."""
    return lambda scheme, name="index": first_screen(browser, address, scheme, name)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_picture_is_current(take, scheme):
    assert shows(Image.open(file_of(scheme)), take(scheme)), "the first screen has changed: run make picture"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["reversibility", "ledger", "search"])
def test_a_picture_of_another_page_is_refused(take, scheme, name):
    assert not looks_like(Image.open(file_of(scheme)), take(scheme, name))


def test_a_picture_in_other_colours_is_refused(take):
    assert not looks_like(Image.open(file_of("light")), take("dark"))


def test_a_picture_of_another_size_is_refused(take):
    taken = take("light")
    assert not looks_like(taken, taken.crop((0, 0, taken.width, taken.height - 4)))


def test_a_picture_of_a_page_that_had_other_words_is_refused(take):
    before, after = take("light"), take("light")
    assert shows(before, after)
    after.getexif()[Tag.ImageDescription] = "0" * 64
    assert looks_like(before, after)
    assert not shows(before, after)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_letters_may_be_drawn_a_pixel_off_or_blurred(take, scheme):
    taken = take(scheme)
    assert looks_like(taken, taken.transform(taken.size, Image.Transform.AFFINE, (1, 0, 0, 0, 1, 1)))
    assert looks_like(taken, taken.filter(ImageFilter.GaussianBlur(1)))


def test_the_readme_shows_both_and_they_are_light():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"<picture>.*?</picture>", readme, re.DOTALL)[0]
    linked = re.findall(r'(?:srcset|src)="([^"]+)"', block)
    assert [ROOT / link for link in linked] == [file_of("dark"), file_of("light")]
    assert re.search(r'alt="[^"]{40,}"', block)
    assert sum(file_of(scheme).stat().st_size for scheme in SCHEMES) <= TOGETHER
