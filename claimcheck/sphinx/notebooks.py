"""The notebooks that readers take away: each page's cells with their outputs, and between them what the page says.

MyST-NB writes a notebook for each page, but without outputs when these come from the cache of a build before; and with
directives of this site, which a notebook would show as they are typed.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import nbformat
from docutils import nodes
from jupyter_cache import get_cache
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from sphinx import addnodes
from sphinx.application import Sphinx

from claimcheck.pages import read
from claimcheck.sphinx.cells import HIDES_CODE
from claimcheck.sphinx.equations import number_of
from claimcheck.sphinx.execution import kept, notebook_of
from claimcheck.sphinx.formulas import BUILT_IN, definitions
from claimcheck.sphinx.markdown import Attachments, Page, blocks
from claimcheck.sphinx.take_away import HAS_CELLS, address, is_site, name_of, needs, notebook_path


def note(app: Sphinx, _doctree: nodes.document) -> None:
    """Note of a page that was read whether it has cells, and so a notebook."""
    page = app.env.docname
    if notebook_of(app, page) is not None and page not in app.env.failed_pages:  # type: ignore[attr-defined]
        app.env.metadata[page][HAS_CELLS] = True


def write(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Write the notebook of a page that is about to be written, with its outputs, in place of MyST-NB's."""
    if is_site(app) and HAS_CELLS in app.env.metadata[page] and (found := executed(app, page)):
        said = defined([*retold(app, page, found, doctree)], app.config.claimcheck_macros)
        found.cells = [*first_cell(app, page, found), *said]
        for number, cell in enumerate(found.cells):
            cell["id"] = f"cell-{number}"
            if HIDES_CODE.intersection(cell.metadata.get("tags", [])):  # "the folded cell", the text says
                cell.metadata["jupyter"] = {"source_hidden": True}
        for internal in found.metadata.keys() - {"kernelspec", "language_info"}:
            found.metadata.pop(internal)
        path = notebook_path(app, page)
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(found, path)  # type: ignore[no-untyped-call]


def executed(app: Sphinx, page: str) -> NotebookNode | None:
    """Return a page's cells with what they printed in this build or, if it is not read in this one, before."""
    if (found := notebook_of(app, page)) is not None:
        return deepcopy(found)
    env = app.env
    cells = read(env.doc2path(page), env.myst_config, env.mystnb_config)  # type: ignore[attr-defined]
    return kept(get_cache(app.config.nb_execution_cache_path), cells) if cells else None


def first_cell(app: Sphinx, page: str, notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cell that says what a notebook needs, and gets it; none where the site offers no notebooks."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    said = needs(app, page, code)
    return [new_code_cell("\n".join(said), metadata={"tags": ["install"]})] if said else []  # type: ignore[no-untyped-call]


def retold(app: Sphinx, page: str, notebook: NotebookNode, doctree: nodes.document) -> Iterator[NotebookNode]:
    """Yield the cells of a page with what it says between them; those that it does not show, too."""
    code, shown, said = notebook.cells, 0, list[nodes.Node]()
    headings, number = headings_of(doctree), partial(number_of, app.env)
    for part in [*parts(doctree), len(code) - 1]:
        if isinstance(part, nodes.Node):
            said.append(part)
            continue
        attachments: Attachments = {}
        text = blocks(said, Page(lambda link: leads_to(app, page, headings, link), number, app.srcdir, attachments))
        if text:
            yield new_markdown_cell(text, **({"attachments": attachments} if attachments else {}))  # type: ignore[no-untyped-call]
        yield from (cell for cell in code[shown : part + 1] if cell.cell_type == "code")
        shown, said = max(shown, part + 1), []


def defined(cells: list[NotebookNode], macros: dict[str, str]) -> list[NotebookNode]:
    """Return cells whose formulas may use macros, those that are used defined at the beginning of the first text."""
    told = [cell for cell in cells if cell.cell_type == "markdown"]
    text = "".join(cell.source for cell in told)
    used = {
        name: meaning
        for name, meaning in ({"mathbbm": BUILT_IN["mathbbm"]} | macros).items()
        if re.search(rf"\\{name}(?![a-zA-Z])", text)
    }
    if used:
        told[0].source = f"${' '.join(definitions(used))}$\n\n{told[0].source}"
    return cells


def parts(element: nodes.Element) -> Iterator[nodes.Node | int]:
    """Yield what stands in the sections of a page, and the place among the notebook's cells of what is a cell."""
    for node in element:
        if isinstance(node, nodes.section):
            yield from parts(node)
        elif isinstance(node, nodes.container) and node.get("nb_element") == "cell_code":
            yield int(node["cell_index"])
        else:
            yield node


# Where links lead


def headings_of(doctree: nodes.document) -> dict[str, str]:
    """Return for each anchor of a page the heading that it stands under, as Jupyter makes it an anchor."""
    found: dict[str, str] = {}
    for section in doctree.findall(nodes.section):  # those within come later, and know better
        title = next(iter(section.findall(nodes.title))).astext()
        anchor = "#" + quote(title.replace(" ", "-"), safe=",:;?!")
        found |= {name: anchor for element in section.findall(nodes.Element) for name in element["ids"]}
    return found


def leads_to(app: Sphinx, page: str, headings: dict[str, str], link: nodes.Element) -> str:
    """Return where a link of a notebook leads: the site if its address is known, else what lies beside; or nowhere."""
    place = str(link.get("refuri", "#" + link.get("refid", "")))
    if isinstance(link, addnodes.download_reference):
        return download(app, page, link)
    if urlsplit(place).scheme or urlsplit(place).netloc:
        return place
    if place.startswith("#"):
        return headings.get(unquote(place[1:]), "")
    here = app.builder.get_target_uri(page)
    if site := address(app):
        return str(urljoin(site + here, place))
    path = urlsplit(urljoin(f"/{here}", place)).path[1:]
    there = [name for name in app.env.found_docs if app.builder.get_target_uri(name) == path]
    return next((quote(name_of(name)) for name in there if HAS_CELLS in app.env.metadata[name]), "")


def download(app: Sphinx, page: str, link: addnodes.download_reference) -> str:
    """Return where a file to download is: on the site if its address is known, else beside the notebook."""
    if "filename" not in link:
        return ""
    if site := address(app):
        return f"{site}_downloads/{quote(link['filename'])}"
    name, _ = app.env.relfn2path(link["reftarget"], page)
    return "" if name.startswith("..") else quote(Path(name).as_posix())


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the writing."""
    app.connect("doctree-read", note)
    app.connect("doctree-resolved", write, priority=900)
    return {"version": "2", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
