"""Mends to the markup of every page: captions that say what level of heading they are, and words that are no code.

Sphinx calls the captions of its navigation headings without their level, which screen readers ask for. The theme takes
them as HTML, so it is HTML that is mended. And it sets the words of a link to a file to take away as code, as if they
were the file's name.
"""

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform


def mend(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Mend what is about to be written."""
    tree = context.get("furo_navigation_tree") or ""  # none on a site of one page
    context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')


class SetWordsAsWords(SphinxPostTransform):
    """Set the words of a link to a file as words."""

    default_priority = 900

    def run(self, **_options: Any) -> None:
        """Set those of one page that are not the file's name."""
        for link in self.document.findall(addnodes.download_reference):
            for code in list(link.findall(nodes.literal)):
                if code.astext() != link["reftarget"]:
                    code.replace_self(nodes.inline("", "", *code.children, classes=code["classes"]))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the mends, that of HTML after the theme's own preparations."""
    app.add_post_transform(SetWordsAsWords)
    app.connect("html-page-context", mend, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
