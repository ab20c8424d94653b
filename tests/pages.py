"""Run the cells of a page without building the site, and return the verdicts they give.

As a script: `python tests/pages.py docs/page.md ...` prints them as JSON.
"""

import ast
import json
import os
import re
import sys
import traceback
from contextlib import redirect_stdout
from pathlib import Path

os.environ.setdefault("MPLBACKEND", "template")  # figures need no window

FACT = "a fact beside the claims"
DOCS = Path(__file__).parent.parent / "docs"
CELL = re.compile(
    r"^```\{code-cell\} python\n(?:---\n.*?^---\n|(?::[\w-]+:[^\n]*\n)*)(.*?)^```$", re.DOTALL | re.MULTILINE
)
CLAIM = re.compile(r"^:::\{claim\} (\S+)\n:verdict: (.*)$", re.MULTILINE)


def published(page):
    """Return the verdicts that a page publishes, by claim."""
    return dict(CLAIM.findall(page.read_text(encoding="utf-8")))


def run(page, namespace=None):
    """Return the verdicts that the cells of a page give, by claim; "raised" where the cell raised or came to none.

    What the cells define is left in `namespace`.
    """
    verdicts, namespace = {}, {} if namespace is None else namespace
    namespace["__name__"] = "page"
    for cell in CELL.findall(page.read_text(encoding="utf-8")):
        for claim_id in re.findall(r'^verdict\(\s*"([\w-]+)"', cell, re.MULTILINE):
            verdicts[claim_id] = "raised"
        try:
            with redirect_stdout(sys.stderr):
                shown = run_cell(cell, namespace)
        except Exception:  # noqa: BLE001  whatever the fault made of the cell
            traceback.print_exc()
            if "verdict(" not in cell:
                verdicts[FACT] = "raised"
            continue
        if type(shown).__name__ == "Verdict":
            verdicts[shown.claim_id] = shown.text
    return verdicts


def run_cell(cell, namespace):
    """Execute a cell; return the value of its last expression, if it ends on one."""
    tree = ast.parse(cell)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), namespace)  # noqa: S102  the cells of our own pages
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace) if last else None  # noqa: S307


if __name__ == "__main__":
    print(json.dumps({claim: text for page in sys.argv[1:] for claim, text in run(Path(page)).items()}))  # noqa: T201
