"""What a cell may be: Python that runs, may not fail unnoticed, and shows no failed check.

A page could otherwise assert in code that is only shown, let an error pass, or end a cell on a check that failed.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from textwrap import shorten
from typing import Any

from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util import logging

from claimcheck.claims import VERDICT_TYPE
from claimcheck.pages import directives
from claimcheck.sphinx.execution import first_line, notebook_of

logger = logging.getLogger(__name__)

PYTHON = re.compile(r"(\{(code|code-block|sourcecode)\} *)?(python|py|ipython)3?\b", re.IGNORECASE)
DECIDES = re.compile(r"^(?!\s*(>>>|\.\.\.)).*\b(assert\b|(verdict|agree|every|identical)\()", re.MULTILINE)
FAILED = re.compile(r"(?:^|[\[({,:])\s*failed: ", re.MULTILINE)
SAYS_SO = re.compile(r"\b(raises|refuses|refused|fails|an error|an exception)\b", re.IGNORECASE)
MAGIC = re.compile(r"^\s*[%!]", re.MULTILINE)
WARNED = re.compile(r"^(\S*ipykernel_\S*:(?P<line>\d+)|\S+\.py:\d+): (?P<words>.*)", re.MULTILINE)
"""A warning as Python writes it: the file, which is temporary if it is the cell, the line, and what it warns of."""

KERNELS_FILE = re.compile(r"\bipykernel_\d+\b")
"""A cell by the name of a file, which is another at every run."""

HIDES = {"remove-cell", "remove-output", "hide-cell", "hide-output"}
HIDES_CODE = {"remove-cell", "remove-input", "hide-cell", "hide-input"}

Finding = tuple[int, str]


def check_source(app: Sphinx, page: str, source: list[str]) -> None:
    """Warn of each cell of a page that is about to be read that would not run as Python, or might fail unnoticed."""
    suffix = app.env.doc2path(page).suffix
    if suffix == ".ipynb":
        words = "a page with cells is Markdown, got a notebook: what it says its cells printed is of another run"
        logger.warning("%s", words, location=page, type="cells")
    if suffix == ".md":
        runs_elsewhere = page in app.config.claimcheck_run_elsewhere
        findings = [*wrong_fences(source[0], runs_elsewhere), *wrong_settings(source[0], notebook_of(app, page))]
        for line, words in findings:
            logger.warning("%s", words, location=(page, line), type="cells")


def wrong_fences(text: str, runs_elsewhere: bool) -> Iterator[Finding]:
    """Yield the places of fences that look like cells and are none, or assert something and don't run."""
    for block in directives(text):
        info = f"{block.name} {block.argument}".strip()
        if info.startswith("{code-cell}"):
            if info != "{code-cell} python" or block.nested or block.fence != "```":
                got = f"{block.fence}{info}"
                yield block.first, f"a cell begins a line with ```{{code-cell}} python, got {got}: it might not run"
        elif PYTHON.match(info) and DECIDES.search(block.body) and not runs_elsewhere:
            yield block.first, "this code asserts something, and does not run: make it a {code-cell} python"


def wrong_settings(text: str, notebook: NotebookNode | None) -> Iterator[Finding]:
    """Yield the places of settings that would leave a cell out, or let it fail unnoticed."""
    if notebook is None:
        for block in directives(text):
            if block.name.startswith("{code-cell}"):
                words = "this page has cells, and its front matter no file_format: mystnb, so that they would not run"
                yield block.first, words
                return
        return
    for key in {"mystnb", "execution"} & set(notebook.metadata):
        yield 1, f"the front matter sets {key}: how cells run is settled for the whole site"
    for place, cell in enumerate(notebook.cells):
        tags, line = cell.metadata.get("tags", []), notebook.metadata["source_map"][place] + 1
        if "skip-execution" in tags:
            yield line, "the tag skip-execution: a cell that does not run shows nothing"
        yield from ((line, f"{key!r} stands twice in a dict of this cell") for key in repeated_keys(cell))
        above = notebook.cells[place - 1].source.rpartition("\n\n")[2] if place else ""
        if "raises-exception" in tags and (HIDES & {*tags} or not SAYS_SO.search(above)):
            yield line, "the tag raises-exception: the paragraph above must say that this fails, and the error be shown"
        if cell.cell_type == "code" and MAGIC.search(cell.source) and not is_python(cell.source):
            yield line, "a cell is Python, got a line that begins with % or !"


def is_python(code: str) -> bool:
    """Return whether code is Python's, and not IPython's alone."""
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def repeated_keys(cell: NotebookNode) -> Iterator[Any]:
    """Yield what is a key twice where a cell writes out a dict: Python would silently keep the last."""
    with suppress(SyntaxError):  # that it raises when it runs
        for node in ast.walk(ast.parse(cell.source if cell.cell_type == "code" else "")):
            if isinstance(node, ast.Dict):
                keys = Counter(key.value for key in node.keys if isinstance(key, ast.Constant))
                yield from (key for key, count in keys.items() if count > 1)


def check_outputs(app: Sphinx, _doctree: nodes.document) -> None:
    """Warn of each failed check outside a verdict, if not marked so, of each verdict hidden, of standard error."""
    page, notebook = app.env.docname, notebook_of(app, app.env.docname)
    if notebook is None or page in app.env.failed_pages:  # type: ignore[attr-defined]  # of which it was told
        return
    for place, cell in enumerate(notebook.cells):
        tags, outputs = {*cell.metadata.get("tags", [])}, cell.get("outputs", [])
        location = (page, notebook.metadata["source_map"][place] + 1)
        if "expected-failure" not in tags and any(map(shows_failure, outputs)):
            words = "this cell shows a check that failed: assert it, or mark the cell with the tag expected-failure"
            logger.warning("%s", words, location=location, type="cells")
        if tags & (HIDES | HIDES_CODE) and any(VERDICT_TYPE in output.get("data", {}) for output in outputs):
            words = "this cell decides a claim and is hidden: its code and its verdict must be seen"
            logger.warning("%s", words, location=location, type="cells")
        if complaint := "".join(map(complaint_in, outputs)):
            source = Path(app.env.doc2path(page)).read_text(encoding="utf-8").splitlines()
            within, words = what_is_wrong(complaint)
            location = (page, first_line(source, notebook, place) + within)
            logger.warning("this cell complains: %s", words, location=location, type="cells")


def complaint_in(output: NotebookNode) -> str:
    """Return what an output says on standard error, or of a cell by the name of its temporary file."""
    text = str(output.get("text", ""))
    return text if output.get("name") == "stderr" or KERNELS_FILE.search(text) else ""


def what_is_wrong(complaint: str) -> tuple[int, str]:
    r"""Return the line of the cell, counted from 0, that standard error complains of, and what it says.

    >>> what_is_wrong("/tmp/ipykernel_7/8.py:2: RuntimeWarning: overflow encountered in exp\n  np.exp(x)\n")
    (1, 'RuntimeWarning: overflow encountered in exp')
    >>> what_is_wrong("Progress: 10 %\n")
    (0, 'Progress: 10 %')
    """
    warned = WARNED.search(complaint)
    words = warned["words"] if warned else complaint
    return int((warned and warned["line"]) or 1) - 1, shorten(words, 400)


def shows_failure(output: NotebookNode) -> bool:
    """Return whether an output shows a failed check that belongs to no verdict."""
    data = output.get("data", {})
    return VERDICT_TYPE not in data and bool(FAILED.search(output.get("text", "") + data.get("text/plain", "")))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register both checks."""
    app.add_config_value("claimcheck_run_elsewhere", [], "env", [list])
    app.connect("source-read", check_source)
    app.connect("doctree-read", check_outputs)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
