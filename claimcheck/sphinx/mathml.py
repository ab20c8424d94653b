"""Render TeX as MathML when the site is built.

Browsers lay MathML out themselves: no script, no request, and screen readers read it. A formula that
math-core does not know is a warning that names the page and the formula, so that `-W` refuses it. Each formula
carries its TeX, which readers copy.
"""

import re
from functools import cache
from html import escape, unescape
from typing import Any
from xml.etree import ElementTree as ET

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from claimcheck.sphinx.drawn import mend
from claimcheck.sphinx.equations import number_of
from claimcheck.sphinx.formulas import BUILT_IN, renderable

logger = logging.getLogger(__name__)
NAMED = re.compile(r"&(?!lt;|gt;|amp;|quot;)[a-zA-Z]+;")
"""A character by a name that HTML knows, and no book does."""

LETTERS_OF_A_LINE = 8
"""A formula of no more fits on every screen, in whatever letters."""

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
WITHOUT_TEX = (nodes.title, addnodes.compact_paragraph)
"""Where a formula's TeX is left out: titles and contents are also used as text."""


@cache
def converter(macros: tuple[tuple[str, str], ...]) -> LatexToMathML:
    """Return what converts formulas with these macros and our own."""
    return LatexToMathML(fancy_error=False, macros=BUILT_IN | dict(macros))


def tree_of(tex: str, macros: dict[str, str], *, display: bool) -> ET.Element:
    """Return a formula as MathML that all browsers draw alike; raise LatexError if it is not TeX we know."""
    known = converter(tuple(sorted(macros.items())))
    written = known.convert_with_local_state(renderable(tex, display=display), displaystyle=display)
    tree = ET.fromstring(NAMED.sub(lambda name: unescape(name[0]), written))  # noqa: S314  it was just written
    mend(tree)
    return tree


def carry(tree: ET.Element, tex: str) -> None:
    """Let a formula carry its TeX."""
    row = tree[0] if len(tree) == 1 else ET.Element("mrow")
    if len(tree) != 1:
        row.extend(list(tree))
    for child in list(tree):
        tree.remove(child)
    semantics = ET.SubElement(tree, "semantics")
    semantics.append(row)
    ET.SubElement(semantics, "annotation", {"encoding": "application/x-tex"}).text = tex.strip()


def mathml(translator: HTML5Translator, node: nodes.Element, *, display: bool) -> str:
    """Return the formula of `node` as MathML; warn with its place if it is not TeX we know."""
    tex = node.astext()
    try:
        tree = tree_of(tex, translator.config.claimcheck_macros, display=display)
    except LatexError as error:
        hint = " If it should be a macro, name it in claimcheck_macros." if "Unknown command" in str(error) else ""
        if "refused" not in node:
            logger.warning("cannot render the formula %r: %s%s", tex, error, hint, location=node, type="mathml")
        return f"<code>{escape(tex)}</code>"
    if not stands_in(node, WITHOUT_TEX):
        carry(tree, tex)
    if translator.builder.name == "epub":
        tree.set("xmlns", NAMESPACE)
    return ET.tostring(tree, encoding="unicode")


def stands_in(node: nodes.Node | None, kinds: tuple[type[nodes.Element], ...]) -> bool:
    """Return whether a node is of one of these kinds, or stands in one."""
    return node is not None and (isinstance(node, kinds) or stands_in(node.parent, kinds))


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write an inline formula; a long one in a box that scrolls where the screen is narrower, since it can't break."""
    formula = mathml(translator, node, display=False)
    shown = re.sub(r"<annotation.*?</annotation>|<[^>]*>", "", formula, flags=re.DOTALL)
    is_long = len(shown) > LETTERS_OF_A_LINE
    translator.body.append(f'<span class="math-line">{formula}</span>' if is_long else formula)
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula in a box of its own, which scrolls where the screen is narrow; its number beside it."""
    ids = [name for name in node["ids"] if name not in node.parent["ids"]]  # the theme wraps it
    translator.body.append(translator.starttag(nodes.math_block(ids=ids), "div", CLASS="equation"))
    translator.body.append(f'<div class="math-block">{mathml(translator, node, display=True)}</div>')
    translator.body.append(eqno(number_of(translator.builder.env, node.get("label") or ""), node["ids"]))
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def eqno(number: str, ids: list[str]) -> str:
    """Return an equation's number, and a link to the equation, which shows when a reader points at it."""
    link = f'<a class="headerlink" href="#{ids[0]}" title="Link to this equation">¶</a>' if ids else ""
    return f'<span class="eqno">({number}){link}</span>' if number else ""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer."""
    app.add_html_math_renderer("mathml", inline_renderers=(visit_inline, None), block_renderers=(visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
