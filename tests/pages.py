"""Run the cells of a page without building the site, and return the verdicts they give."""

import ast
import os
import re
import sys
import traceback
from contextlib import redirect_stdout
from pathlib import Path

from measured import CELL, published

__all__ = ["CELL", "DOCS", "FACT", "outcomes", "published", "run"]

os.environ.setdefault("MPLBACKEND", "template")  # figures need no window

FACT = "a fact beside the claims"
DOCS = Path(__file__).parent.parent / "docs"


def run(page, namespace=None):
    """Return the verdicts that the cells of a page give, by claim; "raised" where the cell raised or came to none.

    What the cells define is left in `namespace`.
    """
    cells = CELL.findall(page.read_text(encoding="utf-8"))
    verdicts = {}
    for decided in outcomes(cells, {} if namespace is None else namespace):
        verdicts |= decided
    return verdicts


def outcomes(cells, namespace):
    """Yield for each cell, when it has run, the verdicts of its claims; of a fact, if it raised and has no claim."""
    namespace["__name__"] = "page"
    for cell in cells:
        verdicts = dict.fromkeys(re.findall(r'^verdict\(\s*"([\w-]+)"', cell, re.MULTILINE), "raised")
        try:
            with redirect_stdout(sys.stderr):
                shown = run_cell(cell, namespace)
        except (Exception, SystemExit):  # noqa: BLE001  whatever the fault made of the cell
            traceback.print_exc()
            yield verdicts or {FACT: "raised"}
            continue
        yield verdicts | ({shown.claim_id: shown.text} if type(shown).__name__ == "Verdict" else {})


def run_cell(cell, namespace):
    """Execute a cell; return the value of its last expression, if it ends on one."""
    tree = ast.parse(cell)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), namespace)  # noqa: S102  the cells of our own pages
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace) if last else None  # noqa: S307
