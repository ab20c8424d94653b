"""What a link to a claim, a formula, an entry of the reference or a theorem leads to, for a script that shows it there.

Each page's previews are a script of their own, which is loaded when a reader first points at a link to that page: a
page that is read from a disk may not fetch anything else.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

FOLDER = "previews"


def write(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Write the previews of what stands on a page that is about to be written."""
    if doctree and app.builder.name in {"html", "dirhtml"}:
        save(app, page, {anchor: html_of(part, doctree, app) for anchor, part in previews(doctree)})


def save(app: Sphinx, page: str, shown: dict[str, str]) -> None:
    """Write what a link to each anchor of a page shows, as HTML."""
    path = Path(app.outdir, "_static", FOLDER, f"{page}.js")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"previews({json.dumps(page)}, {json.dumps(shown)});\n", encoding="utf-8")


def html_of(part: nodes.Element, doctree: nodes.document, app: Sphinx) -> str:
    """Return a part of a page as HTML."""
    alone = doctree.copy()
    alone.append(part)
    translator = app.builder.create_translator(alone, app.builder)
    alone.walkabout(translator)
    return "".join(translator.fragment)


def previews(doctree: nodes.document) -> Iterator[tuple[str, nodes.Element]]:
    """Yield the anchors of claims, formulas and entries, each with what to show: all of it, or its first paragraph."""
    for element in doctree.findall(nodes.Element):
        match element:
            case nodes.math_block():
                yield from shown(element, [anchor for anchor in element["ids"] if anchor.startswith("equation-")])
            case nodes.container() if "states" in element:
                yield from shown(element, element["ids"])
            case addnodes.desc():
                yield from shown(element, element[0]["ids"], paragraphs=1)


def shown(
    element: nodes.Element, anchors: list[str], paragraphs: int | None = None
) -> Iterator[tuple[str, nodes.Element]]:
    """Yield the anchors of an element with a copy of it, which has no anchors, and not all paragraphs of an entry."""
    part = element.deepcopy()
    for inner in part.findall(nodes.Element):
        inner["ids"] = []
    if paragraphs:
        part[-1][:] = part[-1][:paragraphs]
    yield from ((anchor, part) for anchor in anchors)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the writing."""
    app.connect("html-page-context", write)
    app.add_js_file("previews.js")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
