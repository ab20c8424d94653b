"""How much code a reader of the pages meets, between how many words, and how hard to read it is.

A cell is seen unless a tag hides its code; a section that folds hides nothing here. A line of code counts if it is
not blank, a comment too; the options above the code don't. All that stands outside the cells and the front matter is
prose.
"""

import ast
from pathlib import Path
from typing import NamedTuple

import pytest

from claimcheck.pages import claims_decided_in, published, read
from claimcheck.sphinx.cells import HIDES_CODE

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(DOCS.glob("*.md"))
PROBLEMS = [DOCS / f"{name}.md" for name in ("lstm-gradient", "multidimensional-rnn", "reversibility")]

SEEN_LINES = 130
"""Lines of code that a reader sees on the page of a problem, at most."""

WORDS_A_LINE = 18
"""Words of prose for each of them, at least."""

LONG = 12
"""Lines of a cell above which it is long."""

LONG_SHARE = 0.02
"""Part of the cells that are seen, on all pages, that may be long."""

DECIDING_LINES = 8
"""Lines of a cell that decides a claim, at most."""

COLUMNS = 88
"""Columns of a line of code, at most."""


WORDS_A_MINUTE = 200
"""Words of prose that a reader of the front page is said to read in a minute."""


class Cell(NamedTuple):
    """A cell of a page, whose code begins at `line` of its file."""

    page: str
    line: int
    code: str
    seen: bool

    def size(self):
        """Return how many lines of code it has."""
        return sum(bool(line.strip()) for line in self.code.splitlines())

    def place(self, line=1):
        """Return where a line of its code stands, counted from 1."""
        return f"{self.page}:{self.line + line - 1}"


def cells_on(path):
    """Return the cells of a page that have code."""
    lines, notebook, found = path.read_text(encoding="utf-8").splitlines(), read(path), []
    for fence, cell in zip(notebook.metadata["source_map"], notebook.cells, strict=True) if notebook else []:
        if cell.cell_type == "code" and cell.source.strip():
            first = lines.index(cell.source.splitlines()[0], fence) + 1
            found.append(Cell(path.name, first, cell.source, not HIDES_CODE & {*cell.metadata.get("tags", [])}))
    return found


def words_on(path, end=None):
    """Return how many words of prose a page with cells has, as far as the heading `end` if one is named."""
    prose = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    assert end is None or f"\n## {end}\n" in prose
    return len(prose.partition(f"\n## {end}\n")[0].split())


def seen_on(paths):
    """Return the cells of these pages whose code a reader sees, the longest first."""
    return sorted((cell for path in paths for cell in cells_on(path) if cell.seen), key=Cell.size, reverse=True)


def sizes(cells):
    """Return where these cells stand, with the lines of each."""
    return ", ".join(f"{cell.place()} has {cell.size()}" for cell in cells)


def too_much_code(path):
    """Return a complaint if a page shows more code than it may; the longest cells are where to begin."""
    cells = seen_on([path])
    lines = sum(map(Cell.size, cells))
    wrong = f"{path.name}: {lines} lines of code are seen, more than {SEEN_LINES}; {sizes(cells[:8])}"
    return [wrong] if lines > SEEN_LINES else []


def too_few_words(path):
    """Return a complaint if a page has fewer words for each line of code that is seen than it should."""
    lines, words = sum(map(Cell.size, seen_on([path]))), words_on(path)
    wrong = (
        f"{path.name}: {words} words of prose for {lines} lines of code that are seen, fewer than {WORDS_A_LINE} each"
    )
    return [wrong] if words < WORDS_A_LINE * lines else []


def too_many_long_cells(paths):
    """Return a complaint if too many of the cells that are seen on these pages are long."""
    cells = seen_on(paths)
    long = [cell for cell in cells if cell.size() > LONG]
    wrong = f"{len(long)} of {len(cells)} cells are over {LONG} lines, more than {LONG_SHARE:.0%}: {sizes(long)}"
    return [wrong] if len(long) > LONG_SHARE * len(cells) else []


def too_long_to_decide(paths):
    """Return a complaint for each cell that decides a claim and is longer than it may be."""
    cells = [cell for path in paths for cell in cells_on(path) if claims_decided_in(cell.code)]
    return [
        f"{cell.place()} decides {claims_decided_in(cell.code)[0]} in {cell.size()} lines, more than {DECIDING_LINES}"
        for cell in cells
        if cell.size() > DECIDING_LINES
    ]


def too_wide(paths):
    """Return a complaint for each line of a cell, seen or not, that is wider than it may be."""
    return [
        f"{cell.place(n)} has {len(line)} columns, more than {COLUMNS}"
        for path in paths
        for cell in cells_on(path)
        for n, line in enumerate(cell.code.splitlines(), start=1)
        if len(line) > COLUMNS
    ]


def hard_to_read(paths):
    """Return a complaint for each walrus, and each lambda in a loop, in a cell that is seen."""
    found = {
        (cell.place(node.lineno), what)
        for cell in seen_on(paths)
        for what, nodes in (("a walrus", walruses(cell.code)), ("a lambda in a loop", lambdas_in_loops(cell.code)))
        for node in nodes
    }
    return [f"{place}: {what}" for place, what in sorted(found)]


def walruses(code):
    """Yield the assignments within expressions."""
    return (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.NamedExpr))


def lambdas_in_loops(code):
    """Yield the lambdas that a loop or a comprehension makes anew at each turn."""
    for loop in ast.walk(ast.parse(code)):
        for repeated in repeated_by(loop):
            yield from (node for node in ast.walk(repeated) if isinstance(node, ast.Lambda))


def repeated_by(node):
    """Return what a loop or a comprehension repeats, which what it runs over is not; nothing of other nodes."""
    if isinstance(node, ast.For):
        return node.body
    if isinstance(node, ast.While):
        return [node.test, *node.body]
    if isinstance(node, ast.DictComp):
        return [node.key, node.value, *node.generators[0].ifs, *node.generators[1:]]
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        return [node.elt, *node.generators[0].ifs, *node.generators[1:]]
    return []


def refuse(complaints):
    """Fail with these complaints, a line each, if there are any."""
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda path: path.stem)
def test_a_problem_is_told_with_little_code(path):
    refuse(too_much_code(path))


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda path: path.stem)
def test_a_problem_is_told_in_words(path):
    refuse(too_few_words(path))


def test_hardly_a_cell_that_is_seen_is_long():
    refuse(too_many_long_cells(PAGES))


def test_a_cell_that_decides_is_short():
    refuse(too_long_to_decide(PAGES))


def test_no_line_of_a_cell_is_too_wide():
    refuse(too_wide(path for path in PAGES if published(path)))  # elsewhere cells make tables, and are folded


def test_the_front_page_says_how_long_each_way_takes():
    problem, with_claims = DOCS / "reversibility.md", [path for path in PAGES if published(path)]
    assert words_on(problem, "How the claims are decided") / WORDS_A_MINUTE == pytest.approx(3, rel=0.25)
    assert words_on(problem, "Going further") / WORDS_A_MINUTE == pytest.approx(10, rel=0.25)
    assert sum(map(words_on, with_claims)) / WORDS_A_MINUTE == pytest.approx(60, rel=0.25)


def test_no_cell_that_is_seen_needs_decoding():
    refuse(hard_to_read(PAGES))


PAGE = """---
file_format: mystnb
---

# Four words of heading

```{code-cell} python
:tags: [hide-input]
folded = 1

folded += 1
```

Two words.

```{code-cell} python
---
tags: [solution]
mystnb:
  code_prompt_show: "Show"
---
seen = 1

# a comment counts
verdict("sum", {})
```

```python
shown = "only, and prose"
```
"""


@pytest.fixture
def page(tmp_path):
    """Return a function that writes a page whose last cell is seen and has this code."""

    def written(code="seen = 2", tags=""):
        path = tmp_path / "page.md"
        cell = f"\n```{{code-cell}} python\n:tags: [{tags}]\n\n{code}\n```\n"
        path.write_text(PAGE + cell, encoding="utf-8")
        return path

    return written


def lines_of_code(count):
    """Return so many lines of code."""
    return "\n".join(f"x = {n}" for n in range(count))


def test_neither_options_nor_blank_lines_nor_folded_cells_count(page):
    cells = cells_on(page())
    assert [(cell.line, cell.size(), cell.seen) for cell in cells] == [(9, 2, False), (22, 3, True), (35, 1, True)]
    assert seen_on([page()]) == cells[1:]


@pytest.mark.parametrize("tag", sorted(HIDES_CODE))
def test_each_tag_that_hides_code_does(page, tag):
    assert seen_on([page("seen = 2", tag)]) == seen_on([page("seen = 2", "hide-output")])[:1]


def test_words_are_those_outside_the_cells(page):
    text = '# Four words of heading Two words. ```python shown = "only, and prose" ```'
    assert words_on(page()) == len(text.split())


def test_the_lines_that_are_seen_are_counted(page):
    assert too_much_code(page(lines_of_code(SEEN_LINES - 3))) == []
    [wrong] = too_much_code(page(lines_of_code(SEEN_LINES - 2)))
    assert wrong.startswith("page.md: 131 lines of code are seen, more than 130; page.md:35 has 128, page.md:22 has 3")
    assert too_much_code(page(lines_of_code(SEEN_LINES), "hide-input")) == []


def test_words_are_counted_against_the_lines(page):
    path = page()
    assert too_few_words(path) == [
        "page.md: 14 words of prose for 4 lines of code that are seen, fewer than 18 each",
    ]
    path.write_text(path.read_text("utf-8") + "word " * (4 * WORDS_A_LINE - 14), encoding="utf-8")
    assert too_few_words(path) == []


def test_long_cells_are_counted_among_those_that_are_seen(page):
    assert too_many_long_cells([page(lines_of_code(LONG))]) == []
    long = page(lines_of_code(LONG + 1))
    assert too_many_long_cells([long]) == ["1 of 2 cells are over 12 lines, more than 2%: page.md:35 has 13"]
    assert too_many_long_cells([page(lines_of_code(LONG + 1), "hide-cell")]) == []


def test_a_cell_that_decides_is_measured_wherever_the_verdict_stands_in_it(page):
    decides = "\ndisplay(\n    verdict('sum', {})\n)"
    assert too_long_to_decide([page(lines_of_code(DECIDING_LINES - 3) + decides)]) == []
    wrong = "page.md:35 decides sum in 9 lines, more than 8"
    for tag in ("", "hide-input"):
        assert too_long_to_decide([page(lines_of_code(DECIDING_LINES - 2) + decides, tag)]) == [wrong]


def test_a_line_is_measured_in_a_folded_cell_too(page):
    wide = "x = 1\n\nwide = '" + "β" * (COLUMNS - 9) + "'"
    assert too_wide([page(wide)]) == []
    for tag in ("", "hide-input"):
        assert too_wide([page(wide + " ", tag)]) == ["page.md:37 has 89 columns, more than 88"]


@pytest.mark.parametrize(
    "code",
    [
        "for n in (1, 2):\n    f = lambda: n",
        "while x:\n    f = [lambda: x]",
        "while any(map(\n    lambda: x, y)): pass",
        "x = [\n    lambda: n for n in (1, 2)]",
        "x = {n:\n    lambda: n for n in (1, 2)}",
        "x = {n for n in (1, 2)\n    if (lambda: n)()}",
        "any(y for x in (1, 2)\n    for y in map(lambda: x, z))",
    ],
)
def test_a_lambda_in_a_loop_is_found(page, code):
    assert hard_to_read([page(code)]) == ["page.md:36: a lambda in a loop"]
    assert hard_to_read([page(code, "hide-input")]) == []


def test_a_walrus_is_found(page):
    code = "x = 1\nif y := x: pass"
    assert hard_to_read([page(code)]) == ["page.md:36: a walrus"]
    assert hard_to_read([page(code, "hide-input")]) == []


def test_a_lambda_that_is_made_once_is_not_meant(page):
    assert hard_to_read([page("f = lambda: 1\nfor n in map(lambda: 1, x): pass")]) == []
    assert hard_to_read([page("y = [n for n in map(lambda: 1, x)]")]) == []
