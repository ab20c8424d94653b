"""Pages as MyST-NB reads them: their cells, and the directives that stand between the cells.

The site, the tests, the planted faults and the notebooks that readers take away all read a page through this module.
"""

import ast
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

from docutils.parsers.rst import Directive as Syntax
from markdown_it.renderer import RendererHTML
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.directives import parse_directive_text
from myst_parser.parsers.mdit import create_md_parser
from nbformat import NotebookNode

FACT = "a fact beside the claims"
"""What stands for a claim where a cell that decides none raised."""

MARKDOWN = MdParserConfig(enable_extensions={"colon_fence"})

VERBATIM = {"{code-cell}", "{code-block}", "{code}", "{sourcecode}", "{eval-rst}", "{math}", "{raw}"}
"""The directives whose body is no Markdown."""


class Directive(NamedTuple):
    """A directive of a page, or a fence with its language; `first` to `last` are its lines, counted from 1."""

    name: str
    argument: str
    options: dict[str, Any]
    body: str
    first: int
    last: int
    nested: bool
    fence: str


def read(path: Path, markdown: MdParserConfig = MARKDOWN, cells: NbParserConfig | None = None) -> NotebookNode | None:
    """Return a page as a notebook, as MyST-NB reads it; nothing if it has no cells."""
    text = path.read_text(encoding="utf-8")
    reader = create_nb_reader(str(path), markdown, cells or NbParserConfig(), text)
    return reader.read(text) if reader else None


def cells_of(path: Path) -> list[str]:
    """Return the code of a page's cells."""
    notebook = read(path)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"] if notebook else []


def directives(text: str, above: int = 0, *, nested: bool = False) -> Iterator[Directive]:
    r"""Yield the directives and the fences of a page, or of a part of one, as they come; those within others too.

    >>> [claim] = directives(":::{claim} sum\n:verdict: holds\n\nOne and one is two.\n:::\n")
    >>> claim.name, claim.argument, claim.options, claim.body, claim.first, claim.last
    ('{claim}', 'sum', {'verdict': 'holds'}, 'One and one is two.', 1, 5)
    """
    for token in create_md_parser(MARKDOWN, RendererHTML).parse(text):
        if token.type not in {"fence", "colon_fence"} or not token.map:
            continue
        first, last = above + token.map[0] + 1, above + token.map[1]
        name, _, argument = token.info.strip().partition(" ")
        if not name.startswith("{"):
            yield Directive(name, argument, {}, token.content, first, last, nested or token.level > 0, token.markup)
            continue
        parsed = parse_directive_text(_AnyDirective, "", token.content, validate_options=False)
        body = "\n".join(parsed.body)
        options = parsed.options
        yield Directive(name, argument.strip(), options, body, first, last, nested or token.level > 0, token.markup)
        if name not in VERBATIM:
            yield from directives(body, first + parsed.body_offset, nested=True)


class _AnyDirective(Syntax):  # type: ignore[misc]
    """What every directive looks like: options, and a body."""

    has_content = True
    option_spec = {"any": str}  # noqa: RUF012  docutils' own protocol


def published(path: Path) -> dict[str, str]:
    """Return the verdicts that a page publishes, by claim."""
    found = directives(path.read_text(encoding="utf-8"))
    return {block.argument: block.options.get("verdict", "") for block in found if block.name == "{claim}"}


def outcomes(cells: list[str], namespace: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Yield for each cell, when it has run, the verdicts of its claims; of a fact, if it raised and has no claim."""
    os.environ.setdefault("MPLBACKEND", "template")  # figures need no window
    displayed: list[Any] = []
    namespace |= {"__name__": "page", "display": displayed.append}
    for cell in cells:
        verdicts = dict.fromkeys(claims_decided_in(cell), "raised")
        displayed.clear()
        try:
            with redirect_stdout(sys.stderr):
                displayed.append(run_cell(cell, namespace))
        except (Exception, SystemExit):  # noqa: BLE001  whatever a fault made of the cell
            traceback.print_exc()
            yield verdicts or {FACT: "raised"}
            continue
        yield verdicts | {shown.claim_id: shown.text for shown in displayed if type(shown).__name__ == "Verdict"}


def claims_decided_in(cell: str) -> list[str]:
    """Return the claims that a cell decides, as its calls of `verdict` name them.

    >>> claims_decided_in('verdict("sum", {})')
    ['sum']
    """
    calls = [node for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Call) and node.args]
    named = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "verdict"]
    return [str(name.value) for name in named if isinstance(name, ast.Constant)]


def run_cell(cell: str, namespace: dict[str, Any], file: str = "<cell>", first: int = 1) -> Any:
    """Execute a cell, which begins at a line of a file; return the value of its last expression, if it ends on one.

    >>> run_cell("x = 1", names := {}), run_cell("x + 1", names)
    (None, 2)
    """
    tree = ast.increment_lineno(ast.parse(cell), first - 1)
    last = tree.body[-1] if tree.body else None
    shown = ast.Expression(last.value if isinstance(last, ast.Expr) else ast.Constant(value=None))
    tree.body = [statement for statement in tree.body if not (statement is last and isinstance(last, ast.Expr))]
    exec(compile(tree, file, "exec"), namespace)  # noqa: S102  the cells of the site's own pages
    return eval(compile(ast.fix_missing_locations(shown), file, "eval"), namespace)  # noqa: S307
