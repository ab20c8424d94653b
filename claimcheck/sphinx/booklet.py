"""A booklet of the site, to print: a title page, contents, the pages that conf.py names, and the solutions at the end.

On paper nothing unfolds. Code that a page folds is left out, under a line that says where it stands; the solutions of
exercises are gathered at the end.
"""

from itertools import groupby
from typing import Any

from docutils import nodes
from myst_nb.core.render import base_render_priority
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from claimcheck.sphinx.builders import OnePage, lead, rename
from claimcheck.sphinx.domain import claim_report

logger = logging.getLogger(__name__)

SOLUTION = {"solution", "admonition-solution", "tag_solution"}
"""The classes of what solves an exercise: a block, one with the title "Solution", a cell with the tag `solution`."""


class Booklet(OnePage):
    """The pages of `claimcheck_booklet` as one to print, with what a booklet has and a site has not."""

    name = "booklet"
    epilog = "The booklet is in %(outdir)s: print it with a browser."

    pages: list[str]

    def prepare_writing(self, docnames: Any) -> None:
        """Find out which pages the booklet has, those that conf.py names or all but the first, and their anchors."""
        named = self.config.claimcheck_booklet or in_order(self.env)[1:]
        self.pages = [page for page in named if page in docnames]
        for missing in sorted({*named} - {*docnames}):
            logger.warning("claimcheck_booklet: there is no page %r", missing, type="claims")
        super().prepare_writing(self.pages)

    def assemble_doctree(self) -> nodes.document:
        """Return the booklet."""
        root = self.config.root_doc
        tree = self.env.get_doctree(root)
        tree.children, tree["docname"] = [], root
        tree += title_page(self.config)
        for page in self.pages:
            tree += addnodes.start_of_file("", *self.env.get_doctree(page).children, docname=page)
            leave_out_folded(tree[-1])
        self.env.resolve_references(tree, root, self)
        rename(tree, self.places)
        lead(tree, self.places)
        unlink(tree)
        tree += [*solutions(tree), *rest(self.env, self.pages)]
        tree.insert(1, contents(tree))
        return tree

    def get_doc_context(self, docname: str, body: str, metatags: str) -> dict[str, Any]:
        """Return what the template shows: nothing beside the booklet."""
        return super().get_doc_context(docname, body, metatags) | {"toc": "", "display_toc": False}

    def get_builder_config(self, option: str, default: str) -> Any:
        """Return a setting; there is no sidebar."""
        return {"**": []} if option == "sidebars" else super().get_builder_config(option, default)


def in_order(env: BuildEnvironment) -> list[str]:
    """Return the pages in the order of the contents; the first is that which the site opens with."""
    return list(env.collect_relations())


def title_page(config: Config) -> nodes.section:
    """Return the title page: what conf.py says of the site, and how many claims hold."""
    page = nodes.section("", nodes.title("", config.project), ids=["title-page"], classes=["title-page"])
    page += [nodes.paragraph("", words) for words in config.claimcheck_booklet_about]
    page += claim_report(report="tally", of=None, page=config.root_doc)
    page += nodes.paragraph("", f"Version {config.release or config.version}", classes=["version"])
    return page


def leave_out_folded(file: addnodes.start_of_file) -> None:
    """Leave out the code that a page folds, and say how much it is; what solves an exercise is shown."""
    for toctree in list(file.findall(addnodes.toctree)):
        toctree.parent.remove(toctree)
    for cell in list(file.findall(nodes.container)):
        if cell.get("hide_mode", "output") != "output" and not solves(cell):
            for code in [part for part in cell if part.get("nb_element") == "cell_code_source"]:
                lines = len(code.astext().splitlines())
                words = f"Code folded on the page {file['docname']}: {lines} line{'s' * (lines != 1)}."
                cell.remove(code)
                cell.append(nodes.paragraph("", words, classes=["left-out"]))
        cell.attributes.pop("hide_mode", None)


def unlink(tree: nodes.document) -> None:
    """Leave of the links to what is not in the booklet the words alone."""
    anchors = {anchor for element in tree.findall(nodes.Element) for anchor in element["ids"]}
    anchors |= {f"document-{file['docname']}" for file in tree.findall(addnodes.start_of_file)}
    for link in list(tree.findall(nodes.reference)):
        if link.get("refuri", "").startswith("#") and link["refuri"][1:] not in anchors:
            link.replace_self(link.children)


def solves(node: nodes.Node) -> bool:
    """Return whether a node is the solution of an exercise, or a part of it."""
    return isinstance(node, nodes.Element) and not SOLUTION.isdisjoint(node["classes"])


def around(node: nodes.Node, kind: type[nodes.Element]) -> nodes.Element:
    """Return the innermost element of a kind that a node stands in."""
    while not isinstance(node.parent, kind):
        node = node.parent
    return node.parent


def solutions(tree: nodes.document) -> list[nodes.section]:
    """Take the solutions out of the pages; return them as a chapter, under the titles of page and exercise."""
    chapter = nodes.section("", nodes.title("", "Solutions of the exercises"), ids=["solutions"])
    parts = [node for node in tree.findall(nodes.Element) if solves(node)]
    for file, of_page in groupby(parts, lambda part: around(part, addnodes.start_of_file)):
        title = nodes.title("", next(iter(file.findall(nodes.title))).astext())
        page = nodes.section("", title, ids=[f"solutions-{file['docname']}".replace("/", "-")])
        for exercise, of_exercise in groupby(of_page, lambda part: around(part, nodes.section)):
            page += solution(exercise, list(of_exercise))
        chapter += page
    return [chapter] if parts else []


def solution(exercise: nodes.Element, parts: list[nodes.Element]) -> nodes.section:
    """Take the solution of an exercise out; return it under the exercise's title. Each links to the other."""
    here, there = exercise["ids"][0], f"solution-{exercise['ids'][0]}"
    asked = next((part for part in exercise if isinstance(part, nodes.paragraph)), None)
    if asked is None:
        exercise.insert(1, asked := nodes.paragraph())
    link = nodes.reference("", "Solved at the end", internal=True, refid=there)
    asked += [nodes.Text(" "), nodes.inline("", "", link, nodes.Text("."), classes=["left-out"])]
    title = nodes.title("", "", nodes.reference("", exercise[0].astext(), internal=True, refid=here))
    section = nodes.section("", title, ids=[there])
    for part in parts:
        part.parent.remove(part)
        section += part[1:] if isinstance(part, nodes.admonition) else part
    return section


def contents(tree: nodes.document) -> nodes.section:
    """Return the contents: chapters and their sections, as links, to which the module `printing` adds page numbers."""
    chapters = [section for part in tree[1:] for section in (sections([part]) or sections(part))]
    page = nodes.section("", nodes.title("", "Contents"), ids=["contents"], classes=["booklet-contents"])
    page += listed(chapters, levels=2)
    return page


def sections(element: nodes.Element | list[nodes.Node]) -> list[nodes.section]:
    """Return the sections that stand right in an element."""
    return [part for part in element if isinstance(part, nodes.section)]


def listed(chapters: list[nodes.section], levels: int) -> nodes.bullet_list:
    """Return a list of links to sections, and to those within them."""
    items = nodes.bullet_list()
    for section in chapters:
        title = nodes.inline("", "", *(part.deepcopy() for part in section[0]))
        for link in list(title.findall(nodes.reference)):
            link.replace_self(link.children)
        link = nodes.reference("", "", title, internal=True, refid=section["ids"][0])
        items += nodes.list_item("", addnodes.compact_paragraph("", "", link))
        if levels > 1 and sections(section):
            items[-1] += listed(sections(section), levels - 1)
    return items


def rest(env: BuildEnvironment, pages: list[str]) -> list[nodes.section]:
    """Return what says which pages are not in the booklet."""
    left_out = [env.titles[page].astext() for page in in_order(env)[1:] if page not in pages]
    title, words = nodes.title("", "On the site"), f"Not in this booklet: {'; '.join(left_out)}."
    found = nodes.section("", title, nodes.paragraph("", words), ids=["on-the-site"], classes=["rest"])
    return [found] if left_out else []


def show_as_html(app: Sphinx, config: Config) -> None:
    """Have cells show of what they returned the form that a page shows: MyST-NB goes by the builder's name."""
    forms = [(Booklet.name, form, place) for form, place in base_render_priority()["html"].items()]
    config.nb_mime_priority_overrides = [*forms, *config.nb_mime_priority_overrides]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the builder, and what it is told."""
    app.add_config_value("claimcheck_booklet", [], "", [list])
    app.add_config_value("claimcheck_booklet_about", [], "", [list])
    app.add_builder(Booklet)
    app.connect("config-inited", show_as_html)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
