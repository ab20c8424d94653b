"""What a reader opens: the answer to a question that they were asked first, and a section that goes deeper.

Both are `<details>` in HTML, without a script. On paper and in a text they stand open.
"""

from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)


class GuessDirective(SphinxDirective):
    """`{guess} question`: choices, if the text begins with a list, or a field to type in; then the answer, folded."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {"button": directives.unchanged}  # noqa: RUF012  docutils' own protocol

    def run(self) -> list[nodes.Node]:
        """Show the question."""
        question, messages = self.parse_inline(self.arguments[0])
        content = self.parse_content_to_nodes()
        asked = nodes.paragraph("", "", nodes.strong("", "Guess first. "), *question)
        block = nodes.container("", asked, classes=["guess"])
        if content and isinstance(content[0], nodes.bullet_list):
            name = f"guess-{self.env.new_serialno('guess')}"
            block += choices(content.pop(0), name)
        else:
            field = '<label>Your answer: <input type="text" autocomplete="off" /></label>'
            block += nodes.paragraph("", "", nodes.raw("", field, format="html"), classes=["guess-field"])
        if not content:
            logger.warning("the question %r has no answer", self.arguments[0], location=self.get_location())
        title = nodes.title("", self.options.get("button", "Compare"))
        block += nodes.admonition("", title, *content, collapsible="closed", classes=["guess-answer"])
        return [block, *messages]


def choices(listed: nodes.Element, name: str) -> nodes.Element:
    """Return a list whose items can be chosen in HTML, one of them."""
    button = f'<label><input type="radio" name="{name}" /> '
    for paragraph in listed.findall(nodes.paragraph):
        paragraph.insert(0, nodes.raw("", button, format="html"))
        paragraph.append(nodes.raw("", "</label>", format="html"))
    listed["classes"] += ["guess-choices"]
    return listed


class folded(nodes.Invisible, nodes.Element):  # type: ignore[misc]  # noqa: N801  nodes are named so
    """A mark in a section that is to be folded."""


class FoldedDirective(SphinxDirective):
    """`{folded}` below a heading: a reader opens the section by its heading."""

    def run(self) -> list[nodes.Node]:
        """Leave a mark."""
        mark = folded()
        self.set_source_info(mark)
        return [mark]


class FoldSections(SphinxPostTransform):
    """Fold the sections that are marked, where pages are HTML files of their own; refuse to fold what decides."""

    default_priority = 900  # when reports are filled

    def run(self, **_options: Any) -> None:
        """Fold the sections of one page."""
        for mark in [*self.document.findall(folded)]:
            section = mark.parent
            if not isinstance(section, nodes.section) or section.index(mark) != 1:
                logger.warning("{folded} stands right below a heading", location=mark, type="claims")
            elif any("states" in block or "decided" in block for block in section.findall(nodes.container)):
                logger.warning(
                    "a claim or its verdict stands in a section that is folded", location=mark, type="claims"
                )
            elif self.app.builder.name in {"html", "dirhtml"}:
                section.insert(0, nodes.raw("", '<details class="folded"><summary>', format="html"))
                section.insert(2, nodes.raw("", "</summary>", format="html"))
                section += nodes.raw("", "</details>", format="html")
            section.remove(mark)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register both directives."""
    app.add_directive("guess", GuessDirective)
    app.add_directive("folded", FoldedDirective)
    app.add_node(folded)
    app.add_post_transform(FoldSections)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
