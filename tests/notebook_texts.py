"""What notebooks say between their cells, as Jupyter reads it: words, links and anchors."""

import re
from itertools import pairwise

from markdown_it import MarkdownIt

MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": False})
FORMULA = re.compile(r"(?<!\\)\$\$.*?\$\$|(?<!\\)\$[^$]+?(?<!\\)\$", re.DOTALL)
RAW = re.compile(r"\{[\w:.+-]+\}|:::|^\([\w-]+\)=|^%|\[\[|\{\{", re.MULTILINE)
"""What MyST gives a meaning to, and Jupyter does not: roles and directives, targets, comments, substitutions."""


def texts(notebook):
    """Return the Markdown of a notebook's cells."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def inline_parts(text):
    """Yield the parts of lines, as they are shown, those of a link too; formulas are left out."""
    for token in MARKDOWN.parse(FORMULA.sub("formula", text)):
        yield from token.children or []


def left_over(text):
    """Return what is left of MyST in Markdown: outside code and formulas, and where a fence begins."""
    tokens = MARKDOWN.parse(FORMULA.sub("formula", text))
    shown = [part.content for part in inline_parts(text) if part.type == "text"]
    fences = [token.info for token in tokens if token.type == "fence" and "{" in token.info]
    return [found for line in shown for found in RAW.findall(line)] + fences


def links(text):
    """Return where the links and the images of Markdown lead."""
    parts = inline_parts(text)
    return [
        part.attrs[{"link_open": "href", "image": "src"}[part.type]]
        for part in parts
        if part.type in {"link_open", "image"}
    ]


def anchors(text):
    """Return the anchors that Jupyter gives to the headings of Markdown: their text, with hyphens for blanks."""
    tokens = MARKDOWN.parse(text)
    headings = [after for token, after in pairwise(tokens) if token.type == "heading_open"]
    shown = (
        "".join(part.content for part in heading.children if not part.type.endswith("softbreak"))
        for heading in headings
    )
    return {heading.replace(" ", "-") for heading in shown}
