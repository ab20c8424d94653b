"""Render TeX as MathML when the site is built, and cut the mathematics font to what the pages use.

Browsers lay MathML out themselves: no script, no request, and screen readers read it. A formula that
math-core does not know is a warning that names the page and the formula, so that `-W` refuses it.
"""

import re
from html import unescape
from importlib.util import find_spec
from logging import WARNING, getLogger
from pathlib import Path
from typing import Any

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)
getLogger("fontTools").setLevel(WARNING)  # it tells every step
converter = LatexToMathML(fancy_error=False)
NAMED = re.compile(r"&(?!lt;|gt;|amp;|quot;)[a-zA-Z]+;")
"""A character by a name that HTML knows, and no book does."""

LETTERS_OF_A_LINE = 8
"""A formula of no more fits on every screen, in whatever letters."""

FONT_FILE = "stix-two-math.woff2"


def mathml(node: nodes.Element, *, display: bool) -> str:
    """Return the formula of `node` as MathML; warn with its place if it is not TeX we know."""
    formula = node.astext()
    try:
        written = converter.convert_with_local_state(formula, displaystyle=display)
        return NAMED.sub(lambda name: unescape(name[0]), written)
    except LatexError as error:
        logger.warning("cannot render the formula %r: %s", formula, error, location=node, type="mathml")
        return f"<code>{formula}</code>"


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write an inline formula; a long one in a box that scrolls where the screen is narrower, since it can't break."""
    formula = mathml(node, display=False)
    is_long = len(re.sub(r"<[^>]*>", "", formula)) > LETTERS_OF_A_LINE
    translator.body.append(f'<span class="math-line">{formula}</span>' if is_long else formula)
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula in a box of its own, which scrolls where the screen is narrow."""
    named = nodes.math_block(ids=[name for name in node["ids"] if name not in node.parent["ids"]])  # the theme wraps it
    translator.body.append(translator.starttag(named, "div", CLASS="math-block"))
    translator.body.append(mathml(node, display=True))
    if node.get("number"):
        translator.body.append(f'<span class="eqno">({node["number"]})</span>')
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def characters_in_formulas(pages: list[Path]) -> set[int]:
    """Return the code points that the pages' formulas use, with the italics that browsers put for them."""
    found: set[int] = set()
    for page in pages:
        for formula in re.findall(r"<math.*?</math>", page.read_text(encoding="utf-8"), re.DOTALL):
            found |= set(map(ord, unescape(re.sub(r"<[^>]*>", "", formula))))
            found |= {ord("√")} if re.search("<m(sqrt|root)", formula) else set()  # the element draws it
    italics = {c: 0x1D44E + c - ord("a") for c in range(ord("a"), ord("z") + 1)}
    italics |= {c: 0x1D434 + c - ord("A") for c in range(ord("A"), ord("Z") + 1)}
    italics |= {c: 0x1D6FC + c - 0x3B1 for c in range(0x3B1, 0x3CA)} | {ord("h"): 0x210E}
    return found | {italics[c] for c in found if c in italics}


def write_font_after_pages(app: Sphinx, error: Exception | None) -> None:
    """Write the mathematics font beside the pages."""
    if not error and app.builder.format == "html":
        write_font(app.outdir, app.doctreedir)


def write_font(site: Path, doctrees: Path) -> None:
    """Write the subset of STIX Two Math for a site; nothing if there is no formula, or no new character."""
    characters = characters_in_formulas(sorted(site.rglob("*.*html")))
    if not characters:
        return
    needed = " ".join(map(str, sorted(characters)))
    font, contents = site / "_static" / FONT_FILE, doctrees / "mathematics-font.txt"
    if not font.exists() or not contents.exists() or contents.read_text(encoding="ascii") != needed:
        cut_font(characters, font)
        contents.write_text(needed, encoding="ascii")


def cut_font(characters: set[int], path: Path) -> None:
    """Write the subset of STIX Two Math that has these characters."""
    from fontTools import subset  # noqa: PLC0415  half a second that most builds need not spend

    options = subset.Options(flavor="woff2", layout_features=["*"])
    carrier = Path(find_spec("ziamath").origin).parent  # type: ignore[arg-type, union-attr]  # importing it takes time
    with subset.load_font(str(carrier / "fonts" / "STIXTwoMath-Regular.ttf"), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=characters)
        cutter.subset(font)
        subset.save_font(font, str(path), options)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer and the font."""
    app.add_html_math_renderer("mathml", inline_renderers=(visit_inline, None), block_renderers=(visit_block, None))
    app.connect("build-finished", write_font_after_pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
