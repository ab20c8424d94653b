"""What builders other than html need: links that lead somewhere, tables of text, a book's font and formulas."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.builders.singlehtml import SingleFileHTMLBuilder
from sphinx.transforms.post_transforms import SphinxPostTransform

from claimcheck.sphinx.font import write_font

Places = dict[tuple[str, str], str]
"""The anchor in the one page for each page and its anchor."""


class OnePage(SingleFileHTMLBuilder):
    """All pages as one, in which an anchor that two of them have gets two names, and a link leads to the right one."""

    search = False
    places: Places

    def assemble_doctree(self) -> nodes.document:
        """Return all pages as one document."""
        tree = super().assemble_doctree()
        rename(tree, self.places)
        lead(tree, self.places)
        return tree

    def prepare_writing(self, docnames: Any) -> None:
        """Find out which anchors two pages have: the contents, too, lead to them."""
        found = [(page, anchor) for page in sorted(docnames) for anchor in anchors(self.env.get_doctree(page))]
        once = [anchor for _, anchor in found]
        self.places = {
            (page, anchor): anchor if once.count(anchor) == 1 else f"{page}-{anchor}".replace("/", "-")
            for page, anchor in found
        }
        super().prepare_writing(docnames)

    def render_partial(self, node: nodes.Node | None) -> dict[str, str]:
        """Render a part of the page, the contents beside it."""
        if node is not None:
            lead(node, self.places)
        return super().render_partial(node)

    def get_builder_config(self, option: str, default: str) -> Any:
        """Return a setting; there is no index."""
        return False if option == "use_index" else super().get_builder_config(option, default)


def anchors(node: nodes.Node) -> Iterator[str]:
    """Yield the anchors within a node."""
    for element in node.findall(nodes.Element):
        yield from element["ids"]


def rename(tree: nodes.document, places: Places) -> None:
    """Give the elements of the one page the anchors by which links find them."""

    def walk(element: nodes.Element, page: str) -> None:
        page = element["docname"] if isinstance(element, addnodes.start_of_file) else page
        element["ids"] = [places.get((page, anchor), anchor) for anchor in element["ids"]]
        if "refid" in element:
            element["refid"] = places.get((page, element["refid"]), element["refid"])
        for child in element.children:
            if isinstance(child, nodes.Element):
                walk(child, page)

    walk(tree, tree["docname"])
    next(tree.findall(nodes.section))["ids"].append(f"document-{tree['docname']}")


def lead(node: nodes.Node, places: Places) -> None:
    """Have the links within a node, #document-PAGE#ANCHOR as Sphinx writes them, lead to anchors of the one page."""
    for link in node.findall(nodes.reference):
        start, _, anchor = link.get("refuri", "").rpartition("#")
        if start.startswith("#document-"):
            link["refuri"] = "#" + places.get((start.removeprefix("#document-"), anchor), anchor)


class Book(Epub3Builder):
    """A book, with the font of its formulas, and pages that are declared to hold formulas and drawings."""

    media_types = Epub3Builder.media_types | {".woff2": "font/woff2"}

    def handle_finish(self) -> None:
        """Write the font before the book is packed."""
        write_font(Path(self.outdir), Path(self.doctreedir))
        super().handle_finish()

    def build_epub(self) -> None:
        """Say in the list of files what the pages hold, and pack them."""
        package = "http://www.idpf.org/2007/opf"
        ET.register_namespace("", package)
        ET.register_namespace("dc", "http://purl.org/dc/elements/1.1/")
        listed = ET.parse(self.outdir / "content.opf")  # noqa: S314  it was just written
        for item in listed.iter(f"{{{package}}}item"):
            page = Path(self.outdir, item.get("href", ""))
            if page.suffix == self.out_suffix:
                text = page.read_text(encoding="utf-8")
                holds = [word for word, tag in {"mathml": "<math", "svg": "<svg"}.items() if tag in text]
                properties = " ".join([*item.get("properties", "").split(), *holds])
                item.attrib |= {"properties": properties} if properties else {}
        listed.write(self.outdir / "content.opf", encoding="utf-8", xml_declaration=True)
        super().build_epub()


class LabelBlocks(SphinxPostTransform):
    """Give LaTeX a place to link to where a block, which it can't label, has an anchor."""

    default_priority = 900
    formats = ("latex",)

    def run(self, **_options: Any) -> None:
        """Put a target for each anchor of a block at its beginning."""
        for block in list(self.document.findall(nodes.container)):
            if block["ids"]:
                block.insert(0, nodes.target("", "", ids=block["ids"]))
                block["ids"] = []


class MakeWidthsWhole(SphinxPostTransform):
    """Round the widths of columns: MyST divides a hundred by their number, and text needs whole characters."""

    default_priority = 900
    formats = ("text",)

    def run(self, **_options: Any) -> None:
        """Round all widths."""
        for column in self.document.findall(nodes.colspec):
            column["colwidth"] = round(column["colwidth"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the builders, in place of Sphinx's own, and the mends."""
    app.add_builder(OnePage, override=True)
    app.add_builder(Book, override=True)
    app.add_post_transform(LabelBlocks)
    app.add_post_transform(MakeWidthsWhole)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
