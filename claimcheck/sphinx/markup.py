"""A mend to the markup of every page: captions that say what level of heading they are.

Sphinx calls the captions of its navigation headings without their level, which screen readers ask for. The theme takes
them as HTML, so it is HTML that is mended.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


def mend(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Mend what is about to be written."""
    tree = context.get("furo_navigation_tree") or ""  # none on a site of one page
    context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the mend, after the theme's own preparations."""
    app.connect("html-page-context", mend, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
