"""Figures: each has a text alternative that says what it shows, and is readable in light and dark.

Matplotlib writes fixed colours into its SVG files. When the site is built, the colours of the house
palette are replaced by classes whose colour follows the page's scheme, light or dark.
"""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from claimcheck.explorer import COLOURS
from claimcheck.sphinx.palette import ON_DARK, variables

logger = logging.getLogger(__name__)


def check_alternatives(app: Sphinx, doctree: nodes.document) -> None:
    """Warn, and so fail the build, where an image has no text alternative, or only a file's name."""
    for image in doctree.findall(nodes.image):
        alternative = image.get("alt", "").strip()
        if not alternative or Path(alternative).suffix in {".svg", ".png"}:
            place = image
            while not place.line and place.parent is not None:
                place = place.parent
            message = "a figure needs an alt text that says what it shows, got %r"
            logger.warning(message, alternative, location=(app.env.docname, place.line), type="figures")


def follow_scheme(svg: str) -> str:
    """Return the drawing with the palette's colours made to follow the page's scheme."""
    if "prefers-color-scheme" in svg:
        return svg
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|(?<=>)\s+(?=<)", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(?: [dxy]="|translate\()[^")]*', lambda coordinates: shorter(coordinates[0]), svg)
    for name, colour in COLOURS.items():
        svg = re.sub(f"(fill|stroke): ?{colour}", rf"\1: var(--{name})", svg, flags=re.IGNORECASE)
    # Text says its colour only if it is not black
    light, dark = (f":root{{{variables(colours)}}}" for colours in (COLOURS, ON_DARK))
    style = f"<style>svg{{fill:var(--ink)}}{light}@media (prefers-color-scheme:dark){{{dark}}}</style>"
    return re.sub(r"(<svg\b[^>]*>)", lambda match: match[1] + style, svg, count=1)


def shorter(coordinates: str) -> str:
    """Return the coordinates to a tenth of a point, on one line: half the bytes, and no difference to the eye."""
    coordinates = re.sub(r"-?\d+\.\d{2,}", lambda number: f"{float(number[0]):.1f}", coordinates)
    return re.sub(r"\s*\n\s*", "", coordinates)


def recolour(app: Sphinx, error: Exception | None) -> None:
    """Rewrite the drawings that the pages use."""
    if error or app.builder.format != "html":
        return
    for drawing in sorted(Path(app.outdir, "_images").glob("*.svg")):
        drawing.write_text(follow_scheme(drawing.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the check and the recolouring."""
    app.connect("doctree-read", check_alternatives)
    app.connect("build-finished", recolour)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
