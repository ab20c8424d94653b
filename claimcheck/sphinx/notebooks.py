"""The notebooks that readers take away: each page's cells with their outputs, in Markdown that Jupyter renders.

MyST-NB writes a notebook for each page, but without outputs when these come from the cache of a build
before; and with directives of this site, which a notebook would show as they are typed.
"""

import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.application import Sphinx

from claimcheck.pages import Directive, directives
from claimcheck.sphinx.domain import ERRATUM_PARTS, domain_of
from claimcheck.sphinx.execution import notebook_of

ROLE = re.compile(r"\{claim\}`([\w-]+)`")
LABEL = re.compile(r"^\([\w-]+\)=\n", re.MULTILINE)


def plain(text: str, numbered: Callable[[str], str]) -> str:
    """Return the text of a page as Markdown without this site's directives and roles."""
    lines = text.splitlines()
    for block in reversed([block for block in directives(text) if block.name.startswith("{") and not block.nested]):
        lines[block.first - 1 : block.last] = plain_directive(block, numbered).splitlines()
    return LABEL.sub("", ROLE.sub(lambda role: numbered(role[1]), "\n".join(lines)))


def plain_directive(block: Directive, numbered: Callable[[str], str]) -> str:
    """Return what a directive says, as Markdown."""
    name, argument, options, body = block.name.strip("{}"), block.argument, block.options, block.body.strip()
    match name:
        case "claim":
            body = f"---\n\n**{numbered(argument)}** ({options.get('verdict', '')})\n\n{body}"
        case "counterexample" | "corrected" | "natural":
            body = f"**{ERRATUM_PARTS[name]}** ({numbered(argument)}): {body}"
        case "admonition":
            body = fold(argument, body)
        case "guess":
            choices, answer = split_off_list(body)
            body = f"**Guess first.** {argument}\n\n{choices}\n{fold('Compare', answer)}"
        case "figure":
            body = f"**Figure**, on the page: {options.get('alt', argument)}\n\n{body}"
        case "literalinclude":
            start = f", from `{options['start-at']}` on" if "start-at" in options else ""
            body = f"See `{argument.removeprefix('../')}`{start}."
    return "" if argument == "take-away" else body


def fold(title: str, text: str) -> str:
    """Return a text that is shown when a reader opens it."""
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>"


def split_off_list(text: str) -> tuple[str, str]:
    r"""Return the list that a text begins with, and the rest.

    >>> split_off_list("- 2\n- 4\n\nIt is 4.")
    ('- 2\n- 4\n', 'It is 4.')
    """
    lines = text.splitlines(keepends=True)
    count = next((n for n, line in enumerate(lines) if not re.match(r"[-*] |  ", line)), len(lines))
    return "".join(lines[:count]), "".join(lines[count:]).strip()


def complete(app: Sphinx, doctree: nodes.document) -> None:
    """Rewrite the page's notebook, with the outputs of the build."""
    page = app.env.docname
    notebook = deepcopy(notebook_of(app, page))
    if notebook is None or page in app.env.failed_pages:  # type: ignore[attr-defined]
        return
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain(cell.source, lambda claim: f"Claim {domain_of(app.env).number(claim)}").strip()
    for internal in ("source_map", "file_format"):
        notebook.metadata.pop(internal, None)
    folder = app.env.mystnb_config.output_folder  # type: ignore[attr-defined]
    path = Path(folder, f"{page}.ipynb")
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the completion."""
    app.connect("doctree-read", complete)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
