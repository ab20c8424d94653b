"""What a page says, as Markdown that Jupyter shows.

It is written from the page as Sphinx resolved it: references have their texts, blocks of this site their words, and
equations their numbers. So nothing of MyST or of Sphinx is left to be shown as it is typed.
"""

import base64
import mimetypes
import re
from collections.abc import Callable, Iterable
from functools import singledispatch
from html import escape
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes

Attachments = dict[str, dict[str, str]]
"""The images of a cell: by name, their data by type."""

SPECIAL = re.compile(r"[\\`*\[\]<$~]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
STARTS_BLOCK = re.compile(
    r"^(?:(>|#(?=#*(?:\s|$))|[+-](?=\s|$)|[=:|-](?=[=:|\s-]*$))|(\d+)([.)])(?=\s|$))", re.MULTILINE
)
UNFOLDED = re.compile(r"</?(details|summary|label)\b")
"""The HTML by which a page folds and asks: a notebook has cells within."""

ENVIRONMENT = re.compile(r"\\(begin|end)\{(align|gather|equation)\*?\}")
ALIGNMENT = {"text-left": ":--", "text-right": "--:", "text-center": ":-:"}


class Page(NamedTuple):
    """Where a page's reference leads, and an equation's number, or ""; where its images are, and those shown."""

    leads_to: Callable[[nodes.Element], str]
    number_of: Callable[[str], str]
    images: Path
    shown: Attachments


def escaped(text: str) -> str:
    r"""Return text as Markdown that shows it.

    >>> print(escaped("a * b, not_this, [x] for $5"))
    a \* b, not_this, \[x\] for \$5
    """
    return SPECIAL.sub(lambda mark: f"\\{mark[0]}", text)


def paragraph(text: str) -> str:
    r"""Return lines of inline Markdown as one paragraph, of which no line begins a list, a heading or a quotation.

    >>> print(paragraph("the sum is\n- 1. Or\n1. more"))
    the sum is
    \- 1. Or
    1\. more
    """
    lines = "\n".join(filter(None, map(str.strip, text.splitlines())))
    return STARTS_BLOCK.sub(lambda mark: f"\\{mark[1]}" if mark[1] else f"{mark[2]}\\{mark[3]}", lines)


def code(text: str) -> str:
    r"""Return a code span.

    >>> print(code("a `b`"))
    `` a `b` ``
    """
    text = text.replace("\n", " ")
    marks = "`" * next(n for n in range(1, len(text) + 2) if n not in map(len, re.findall("`+", text)))
    padding = " " * (
        text.startswith("`") or text.endswith("`") or (text[:1] == text[-1:] == " " and text.strip() != "")
    )
    return f"{marks}{padding}{text}{padding}{marks}"


def fenced(text: str, language: str = "") -> str:
    """Return a block of code."""
    marks = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 0)
    return f"{marks}{language}\n{text}\n{marks}"


def display(formula: str, number: str = "") -> str:
    r"""Return a formula that stands on a line of its own, with its number.

    >>> print(display("a &= b \\\\ c &= d", "3.2"))
    $$
    \begin{split}
    a &= b \\ c &= d
    \end{split}
    \tag{3.2}
    $$
    """
    inner = ENVIRONMENT.sub(r"\\\1{\2ed}", formula).replace("{equationed}", "{split}").strip()
    if r"\\" in inner and r"\begin" not in inner:
        inner = f"\\begin{{split}}\n{inner}\n\\end{{split}}"
    return "\n".join(["$$", *filter(str.strip, inner.splitlines()), *([f"\\tag{{{number}}}"] if number else []), "$$"])


def quoted(text: str) -> str:
    r"""Return Markdown in a box of its own.

    >>> quoted("a\n\nb")
    '> a\n>\n> b'
    """
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def folded(title: str, text: str) -> str:
    """Return Markdown that is shown when a reader opens it; the title is HTML."""
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>"


def item(mark: str, text: str) -> str:
    r"""Return an item of a list, its lines under its text.

    >>> item("-", "a\n\nb")
    '- a\n\n  b'
    """
    return re.sub(r"\n(?=[^\n])", "\n" + " " * (len(mark) + 1), f"{mark} {text}")


def blocks(children: Iterable[nodes.Node], page: Page) -> str:
    """Return nodes as Markdown: what stands in lines as paragraphs of its own, the blocks between empty lines."""
    found = []
    for in_line, group in groupby(children, lambda node: isinstance(node, nodes.Inline | nodes.Text)):
        together = list(group)
        found += [paragraph(inlines(together, page))] if in_line else [block(node, page) for node in together]
    return "\n\n".join(filter(None, found))


def inlines(children: Iterable[nodes.Node], page: Page) -> str:
    """Return what stands in a line as Markdown."""
    return "".join(inline(child, page) for child in children)


# Blocks


@singledispatch
def block(node: nodes.Node, page: Page) -> str:
    """Return a node as Markdown: of one that has no form of its own, what it holds."""
    return blocks(node.children, page)


@block.register(nodes.Invisible)
@block.register(nodes.colspec)
@block.register(addnodes.toctree)
@block.register(addnodes.index)
def _(_node: nodes.Node, _page: Page) -> str:
    return ""


@block.register
def _(node: nodes.title, page: Page) -> str:
    above, level = node.parent, 0
    while above is not None:
        above, level = above.parent, level + isinstance(above, nodes.section)
    text = " ".join(inlines(node, page).split())
    return f"{'#' * min(level, 6)} {text}" if isinstance(node.parent, nodes.section) else f"**{text}**"


@block.register
def _(node: nodes.TextElement, page: Page) -> str:
    return paragraph(inlines(node, page))


@block.register
def _(node: nodes.rubric, page: Page) -> str:
    return f"**{inlines(node, page).strip()}**"


@block.register
def _(node: nodes.paragraph, page: Page) -> str:
    if "claim-head" in node["classes"]:
        number, *words = (inline(part, page).strip() for part in node if isinstance(part, nodes.Element))
        return " · ".join([f"**{number}**", *words])
    return paragraph(inlines(node, page))


@block.register
def _(node: nodes.container, page: Page) -> str:
    if "take-away" in node["classes"]:
        return ""
    text = blocks(node.children, page)
    return quoted(text) if {"claim", "erratum", "ledger-entry"} & {*node["classes"]} else text


@block.register
def _(node: nodes.Admonition, page: Page) -> str:
    titled = bool(len(node)) and isinstance(node[0], nodes.title)
    title = inlines(node[0], page) if titled else type(node).__name__.capitalize()
    text = blocks(node[titled:], page)
    if node.get("collapsible") or {"dropdown", "toggle"} & {*node["classes"]}:
        return folded(escape(node[0].astext() if titled else title), text)
    return quoted(f"**{title}**\n\n{text}".strip())


@block.register
def _(node: nodes.bullet_list, page: Page) -> str:
    return "\n".join(item("-", blocks(entry.children, page)) for entry in node)


@block.register
def _(node: nodes.enumerated_list, page: Page) -> str:
    start = node.get("start", 1)
    return "\n".join(item(f"{n}.", blocks(entry.children, page)) for n, entry in enumerate(node, start))


@block.register
def _(node: nodes.definition_list, page: Page) -> str:
    found = []
    for entry in node:
        terms = [inlines(part, page).strip() for part in entry if isinstance(part, nodes.term)]
        said = blocks([part for part in entry if isinstance(part, nodes.definition)], page)
        found.append(item("-", f"**{', '.join(terms)}**: {said}"))
    return "\n".join(found)


@block.register
def _(node: nodes.block_quote, page: Page) -> str:
    return quoted(blocks(node.children, page))


@block.register
def _(node: nodes.literal_block, _page: Page) -> str:
    language = node.get("language", "")
    return fenced(node.astext().rstrip("\n"), "" if language in {"default", "none"} else language)


@block.register
def _(node: nodes.doctest_block, _page: Page) -> str:
    return fenced(node.astext(), "python")


@block.register
def _(node: nodes.math_block, page: Page) -> str:
    return display(node.astext(), page.number_of(node.get("label") or ""))


@block.register
def _(_node: nodes.transition, _page: Page) -> str:
    return "---"


@block.register
def _(node: nodes.raw, _page: Page) -> str:
    return "" if node["format"] != "html" or UNFOLDED.search(node.astext()) else node.astext().strip()


@block.register
def _(node: nodes.footnote, page: Page) -> str:
    return f"**[{node[0].astext()}]** {blocks(node[1:], page)}"


@block.register
def _(node: nodes.line_block, page: Page) -> str:
    return "\\\n".join(blocks([line], page) for line in node)


@block.register
def _(node: nodes.table, page: Page) -> str:
    titles = [block(title, page) for title in node.findall(nodes.title)]
    rows = [[cell(entry, page) for entry in row] for row in node.findall(nodes.row)]
    first = next(iter(node.findall(nodes.row)), ())
    lines = [ALIGNMENT.get(next(iter({*entry["classes"]} & ALIGNMENT.keys()), ""), "---") for entry in first]
    if not list(node.findall(nodes.thead)):
        rows.insert(0, [""] * len(lines))
    written = ["| " + " | ".join(row) + " |" for row in [*rows[:1], lines, *rows[1:]]]
    return "\n\n".join([*titles, "\n".join(written)])


def cell(entry: nodes.entry, page: Page) -> str:
    """Return a cell of a table: all on one line, and a bar in it escaped, but a formula's, which is TeX's."""
    text = "<br>".join(" ".join(blocks([part], page).split()) for part in entry)
    for formula in entry.findall(nodes.math):
        written = inline(formula, page)
        text = text.replace(written, re.sub(r"(?<!\\)\|", r"\\vert{}", written).replace(r"\|", r"\Vert{}"))
    return text.replace("|", r"\|")


# What stands in a line


@singledispatch
def inline(node: nodes.Node, page: Page) -> str:
    """Return what stands in a line as Markdown: of a node that has no form of its own, what it holds."""
    return inlines(node.children, page)


@inline.register(nodes.Invisible)
@inline.register(addnodes.index)
def _(_node: nodes.Node, _page: Page) -> str:
    return ""


@inline.register
def _(node: nodes.Text, _page: Page) -> str:
    return escaped(node.astext())


@inline.register
def _(node: nodes.strong, page: Page) -> str:
    return around("**", inlines(node, page))


@inline.register(nodes.emphasis)
@inline.register(nodes.title_reference)
def _(node: nodes.TextElement, page: Page) -> str:
    return around("*", inlines(node, page))


def around(marks: str, text: str) -> str:
    """Return text between marks, which no blank may follow."""
    inner = text.strip()
    return text.replace(inner, f"{marks}{inner}{marks}", 1) if inner else text


@inline.register
def _(node: nodes.literal, _page: Page) -> str:
    return code(node.astext())


@inline.register
def _(node: nodes.math, _page: Page) -> str:
    return f"${' '.join(node.astext().split())}$"


@inline.register
def _(node: nodes.subscript, page: Page) -> str:
    return f"<sub>{inlines(node, page)}</sub>"


@inline.register
def _(node: nodes.superscript, page: Page) -> str:
    return f"<sup>{inlines(node, page)}</sup>"


@inline.register
def _(node: nodes.footnote_reference, _page: Page) -> str:
    return f"<sup>[{node.astext()}]</sup>"


@inline.register
def _(node: nodes.raw, _page: Page) -> str:
    return "" if node["format"] != "html" or UNFOLDED.search(node.astext()) else node.astext()


@inline.register(nodes.reference)
@inline.register(addnodes.download_reference)
def _(node: nodes.Element, page: Page) -> str:
    in_words = isinstance(node, addnodes.download_reference)  # what it holds is set as code, and is none
    text = escaped(node.astext()) if in_words else inlines(node, page)
    place = page.leads_to(node)
    return f"[{text}]({place})" if place else text


@inline.register
def _(node: nodes.image, page: Page) -> str:
    alternative = " ".join(escaped(node.get("alt", "")).split())
    path = page.images / node["uri"]
    if "://" in node["uri"] or not path.is_file():
        return f"![{alternative}]({node['uri']})"
    page.shown[path.name] = {mimetypes.guess_type(path)[0] or "image/png": base64.b64encode(path.read_bytes()).decode()}
    return f"![{alternative}](attachment:{path.name})"
