"""The notebooks that readers take away: each page's cells with their outputs, in Markdown that Jupyter renders.

MyST-NB writes a notebook for each page, but without outputs when these come from the cache of a build
before; and with directives of this site, which a notebook would show as they are typed.
"""

import re
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.application import Sphinx

from claims import ERRATUM_PARTS, claim_number
from execution import read_with_outputs

DIRECTIVE = re.compile(
    r"^(:::|```)\{(?P<name>\w+)\} ?(?P<argument>[^\n]*)\n(?P<body>.*?)^\1\n?", re.DOTALL | re.MULTILINE
)
OPTION = re.compile(r"^:([\w-]+): ?(.*)\n", re.MULTILINE)
ROLE = re.compile(r"\{claim\}`([\w-]+)`")


def plain(text: str) -> str:
    """Return the text of a page as Markdown without this site's directives and roles."""
    text = ROLE.sub(lambda role: f"Claim {claim_number(role[1])}", text)
    return re.sub(r"^\([\w-]+\)=\n", "", DIRECTIVE.sub(plain_directive, text), flags=re.MULTILINE)


def plain_directive(directive: re.Match[str]) -> str:
    """Return what a directive says, as Markdown."""
    name, argument = directive["name"], directive["argument"]
    options, body = dict(OPTION.findall(directive["body"])), OPTION.sub("", directive["body"]).strip()
    if name == "claim":
        return f"---\n\n**Claim {claim_number(argument)}** ({options['verdict']})\n\n{body}\n"
    if name in ERRATUM_PARTS:
        return f"**{ERRATUM_PARTS[name]}** (Claim {claim_number(argument)}): {body}\n"
    if name == "admonition":
        return f"<details><summary>{argument}</summary>\n\n{body}\n\n</details>\n"
    if name == "literalinclude":
        start = f", from `{options['start-at']}` on" if "start-at" in options else ""
        return f"See `{argument.removeprefix('../')}`{start}.\n"
    return "" if argument == "take-away" else body + "\n"


def complete(app: Sphinx, doctree: nodes.document) -> None:
    """Rewrite the page's notebook, with the outputs of the build."""
    notebook = read_with_outputs(app.env)
    if notebook is None:
        return
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain(cell.source + "\n").strip()
    for internal in ("source_map", "file_format"):
        notebook.metadata.pop(internal, None)
    nbformat.write(notebook, Path(app.env.mystnb_config.output_folder, f"{app.env.docname}.ipynb"))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the completion."""
    app.connect("doctree-read", complete)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
