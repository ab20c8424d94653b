from pathlib import Path

import pytest
from docutils import nodes
from hypothesis import example, given
from hypothesis import strategies as st

from claimcheck.sphinx.markdown import Page, blocks, code, display, escaped, fenced, item, paragraph
from notebook_texts import MARKDOWN

PLAIN = Page(lambda _link: "", lambda label: {"energy": "3.2"}.get(label, ""), Path(), {})
LINES = st.text("a1 *_`[]<>#+-=.)$~|\\!&;:\n", max_size=12)


def shown(text):
    """Return the words of a paragraph as a reader sees them, and what else they were taken for."""
    tokens = MARKDOWN.parse(text)
    kinds = {token.type for token in tokens} | {part.type for token in tokens for part in token.children or []}
    parts = [part for token in tokens for part in token.children or []]
    return " ".join("".join(part.content or " " for part in parts).split()), kinds - ORDINARY


ORDINARY = {"paragraph_open", "paragraph_close", "inline", "text", "text_special", "softbreak"}


@given(LINES)
@example("<a>")
@example("a\n- b")
@example("1. a")
@example("1|\n:-")
@example("a\n\nb")
def test_text_is_shown_as_it_is(text):
    assert shown(paragraph(escaped(text))) == (" ".join(text.split()), set())


@given(LINES.filter(str.strip))
def test_a_code_span_holds_the_code(text):
    [line] = [token for token in MARKDOWN.parse(f"x {code(text)} x") if token.type == "inline"]
    [span] = [part for part in line.children if part.type == "code_inline"]
    assert span.content == text.replace("\n", " ")


@given(st.text("`~a\n", min_size=1))
def test_a_fence_holds_the_code(text):
    [fence] = MARKDOWN.parse(fenced(text, "python"))
    assert (fence.type, fence.info, fence.content) == ("fence", "python", f"{text}\n")


def test_text_of_a_table_stays_in_its_cell():
    entries = [nodes.entry("", nodes.paragraph("", text)) for text in ("a | b", "c")]
    row = nodes.row("", *entries)
    table = nodes.table("", nodes.tgroup("", nodes.thead("", row), cols=2))
    parts = [part.content for part in MARKDOWN.parse(blocks([table], PLAIN)) if part.type == "inline"]
    assert parts == ["a | b", "c"]


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("a = b", "a = b"),
        ("\n a\n\n b\n", "a\n b"),
        (r"a \\ b", "\\begin{split}\na \\\\ b\n\\end{split}"),
        (r"\begin{aligned} a \\ b \end{aligned}", r"\begin{aligned} a \\ b \end{aligned}"),
        (r"\begin{align*} a \\ b \end{align*}", r"\begin{aligned} a \\ b \end{aligned}"),
        (r"\begin{gather} a \\ b \end{gather}", r"\begin{gathered} a \\ b \end{gathered}"),
        (r"\begin{equation} a \end{equation}", r"\begin{split} a \end{split}"),
    ],
)
def test_a_formula_is_one_that_mathjax_can_number(formula, written):
    assert display(formula) == f"$$\n{written}\n$$"
    assert display(formula, "3.2") == f"$$\n{written}\n\\tag{{3.2}}\n$$"


def test_an_equation_has_the_number_of_its_label():
    shown = {label: blocks([nodes.math_block("", "a", label=label)], PLAIN) for label in ("energy", "other", None)}
    assert shown == {"energy": "$$\na\n\\tag{3.2}\n$$", "other": "$$\na\n$$", None: "$$\na\n$$"}


def test_an_unknown_block_says_what_it_holds():
    unknown = nodes.sidebar("", nodes.title("", "A title"), nodes.paragraph("", "Words."), nodes.comment("", "None."))
    assert blocks([unknown], PLAIN) == "**A title**\n\nWords."


def test_lists_keep_what_stands_in_them():
    text = item("10.", "First.\n\n```text\na\n\n  b\n```")
    [fence] = [token for token in MARKDOWN.parse(text) if token.type == "fence"]
    assert fence.content == "a\n\n  b\n"


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (nodes.block_quote("", nodes.paragraph("", "a")), "> a"),
        (nodes.warning("", nodes.paragraph("", "a")), "> **Warning**\n>\n> a"),
        (nodes.transition(), "---"),
        (nodes.rubric("", "a"), "**a**"),
        (nodes.raw("", "<kbd>a</kbd>", format="html"), "<kbd>a</kbd>"),
        (nodes.raw("", "a", format="latex"), ""),
        (nodes.raw("", '<details class="folded"><summary>', format="html"), ""),
        (nodes.line_block("", nodes.line("", "a"), nodes.line("", "b")), "a\\\nb"),
        (nodes.footnote("", nodes.label("", "1"), nodes.paragraph("", "a")), "**[1]** a"),
        (nodes.paragraph("", "", nodes.footnote_reference("", "1")), "<sup>[1]</sup>"),
        (nodes.paragraph("", "", nodes.superscript("", "a"), nodes.strong("", " b ")), "<sup>a</sup> **b**"),
        (nodes.image(uri="https://example.org/a.svg", alt="A [line]"), r"![A \[line\]](https://example.org/a.svg)"),
        (nodes.doctest_block("", ">>> 1"), "```python\n>>> 1\n```"),
        (nodes.table("", nodes.title("", "T"), nodes.tgroup("", nodes.tbody("", nodes.row("", nodes.entry())))), None),
    ],
)
def test_each_kind_of_node_has_its_form(node, text):
    assert blocks([node], PLAIN) == (text if text is not None else "**T**\n\n|  |\n| --- |\n|  |")
