"""The pictures that are drawn by hand are small, need nothing else, and stand in light and in dark."""

import re
from xml.etree import ElementTree as ET

import pytest

from claimcheck.sphinx.figures import follow_scheme
from small_sites import ROOT

PICTURES = sorted((ROOT / "docs" / "pictures").iterdir())


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_small_and_needs_nothing_else(path):
    assert path.stat().st_size <= 25_000
    picture = path.read_text(encoding="utf-8")
    assert ET.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314  our own
    assert not re.findall(r'@import|<script|<image|(?:href|src)="(?!#)|url\((?!#)|<[!?](?!--)', picture)


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_a_picture_has_the_colours_of_the_palette_only(path):
    followed = follow_scheme(path.read_text(encoding="utf-8"))
    colours = re.findall(r"\b(?:fill|stroke|color|background)\s*[:=]\s*\"?([^;}\"]*)", followed)
    assert colours
    assert all(re.fullmatch(r"none|currentColor|var\(--\w+\)", colour) for colour in colours), set(colours)
