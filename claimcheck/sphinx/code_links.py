"""Names in the code of a page that lead to the reference, and claims that an output names, which lead to their pages.

sphinx-codeautolink would do this, but writes each page again by a parser that knows nothing of SVG: it lowers the case
of `viewBox`, and every explorer would lose its shape.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from claimcheck.sphinx.domain import domain_of

PYTHON = {"python", "ipython3"}
BLOCK = re.compile(rf'(?<=<div class="highlight-)(?:{"|".join(PYTHON)}) .*?</pre>', re.DOTALL)
DOT = '<span class="o">.</span>'
NAME = r'<span class="n[a-z]?">\w+</span>'
CHAIN = re.compile(rf"(?<!{re.escape(DOT)}){NAME}(?:{re.escape(DOT)}{NAME})*")
"""A name with its attributes, as Pygments marks them up."""

CLAIM = re.compile(r'<span data-claim="([^"]*)">(.*?)</span>')
"""A claim that the HTML of an output names: where it stands is for the site to say."""


def link(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Link the names in the code of a page that is about to be written."""
    if doctree is None or app.builder.name not in {"html", "dirhtml", "epub"}:
        return
    names = imported(code_of(doctree))
    entries = {
        name: app.builder.get_relative_uri(page, entry.docname) + f"#{entry.node_id}"
        for name, entry in app.env.domains.python_domain.objects.items()
    }
    body = BLOCK.sub(lambda block: linked(block[0], names, entries), context["body"])
    claims = {claim.id: claim.page for claim in domain_of(app.env).all("claims")}

    def with_page(named: re.Match[str]) -> str:
        if named[1] not in claims:
            return named[2]
        address = app.builder.get_relative_uri(page, claims[named[1]])
        return f'<a class="reference internal" href="{address}#claim-{named[1]}">{named[2]}</a>'

    context["body"] = CLAIM.sub(with_page, body)


def code_of(doctree: nodes.document) -> Iterator[ast.Module]:
    """Yield the Python that a page shows."""
    for block in doctree.findall(nodes.literal_block):
        with suppress(SyntaxError):
            yield ast.parse(block.astext() if block.get("language") in PYTHON else "")


def imported(blocks: Iterator[ast.Module]) -> dict[str, str]:
    r"""Return what the imported names stand for, but for those that are bound to something else too.

    >>> imported(iter([ast.parse("from course import lstm, rnn as grid, net\nimport numpy as np; net = 1")]))
    {'lstm': 'course.lstm', 'grid': 'course.rnn', 'np': 'numpy'}
    """
    found: dict[str, set[str]] = defaultdict(set)
    bound: set[str] = set()
    for node in (node for block in blocks for node in ast.walk(block)):
        match node:
            case ast.Import() | ast.ImportFrom():
                module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
                for name in node.names:
                    found[name.asname or name.name].add(module + name.name)
            case (
                ast.Name(id=name, ctx=ast.Store())
                | ast.arg(arg=name)
                | ast.FunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                bound.add(name)
    return {name: min(full) for name, full in found.items() if len(full) == 1 and name not in bound}


def linked(block: str, names: dict[str, str], entries: dict[str, str]) -> str:
    """Return highlighted code, each name that has an entry linked where it first stands."""
    before: set[str] = set()

    def with_link(chain: re.Match[str]) -> str:
        parts = chain[0].split(DOT)
        first, *rest = (re.sub("<[^>]*>", "", part) for part in parts)
        spelled = [names.get(first, ""), *rest]
        counts = range(len(parts), 0, -1)
        count = next((count for count in counts if ".".join(spelled[:count]) in entries), 0)
        name = ".".join(spelled[:count])
        if not count or name in before:
            return chain[0]
        before.add(name)
        return DOT.join([f'<a class="code-link" href="{entries[name]}">{DOT.join(parts[:count])}</a>', *parts[count:]])

    return CHAIN.sub(with_link, block)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the linking."""
    app.connect("html-page-context", link)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
