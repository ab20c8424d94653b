"""Mends to the markup of every page: lighter code, and captions that say what level of heading they are.

Pygments wraps every name and every bracket. In both of the site's styles those are coloured like the
text around them, so the wrapping, a third of a page, can go. Sphinx calls the captions of its navigation
headings without their level, which screen readers ask for.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

PLAIN = re.compile(r'<span class="(?:n|p|w)">([^<]*)</span>')


def mend(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Mend what is about to be written."""
    if "body" in context:
        context["body"] = PLAIN.sub(r"\1", context["body"])
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the mends, after the theme's own preparations."""
    app.connect("html-page-context", mend, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
