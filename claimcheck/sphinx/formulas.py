r"""What a formula may be, and what is refused, by page and line, with what to write instead.

TeX has more than one way to say a thing, and much that makes sense on paper alone: numbers of its own, definitions that
hold from there on. What would come out wrong, or as raw TeX in the text, is refused: `\begin{align}`, whose lines
number themselves, a dollar that begins no formula, words among symbols. What has one meaning only is rewritten and
rendered.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

logger = logging.getLogger(__name__)

BUILT_IN = {
    "hbox": r"\text{#1}",
    "mathbbm": r"\mathbb{#1}",
    "mbox": r"\text{#1}",
    "substack": r"\begin{subarray}{c}#1\end{subarray}",
}
"""Macros that all sites have."""

LABEL = "write a label behind the formula, $$ … $$ (name), or :label: name in a {math} block"
MACROS = r"macros are those of the whole site: name it in conf.py, claimcheck_macros = {{'{}': r'…'}}"
REFUSED = {
    r"\\begin\{(align|alignat|eqnarray|equation|flalign|gather|multline)\}": (
        r"\begin{{{}}} numbers its lines by itself, and this site its formulas: write \begin{{aligned}} or "
        r"\begin{{gathered}}, and, to number it, a label behind the formula, $$ … $$ (name)"
    ),
    r"\\begin\{((?:alignat|eqnarray|flalign|multline)\*|alignedat)\}": (
        r"\begin{{{}}} is not rendered: write \begin{{aligned}}"
    ),
    r"\\(eqref|ref|cref|autoref)(?![a-zA-Z])": r"\{} is not known within a formula: write {{eq}}`name` in the text",
    r"\\(label|tag\*?)(?![a-zA-Z])": rf"\{{}} is this site's to give: {LABEL.replace('{', '{{').replace('}', '}}')}",
    r"\\(?:re|provide)?newcommand\*?\s*\{?\\([a-zA-Z]+)": MACROS,
    r"\\DeclareMathOperator\*?\s*\{?\\([a-zA-Z]+)": MACROS.replace("…", r"\operatorname{{…}}"),
    r"\\(?:[egx]?def|let|futurelet)\s*\\([a-zA-Z]+)": MACROS,
    r"\\(newcommand|renewcommand|providecommand|DeclareMathOperator|[egx]?def|let)(?![a-zA-Z])": (
        r"\{} is not known: name macros in conf.py, claimcheck_macros"
    ),
    r"\\([bx]?cancel|sout)(?![a-zA-Z])": r"\{} is not drawn by all browsers: say in words what cancels",
    r"\\begin(\{(?!array)[a-zA-Z]+\*?\}\[)": (
        r"\begin{} would print its option: write \begin{{array}}{{c|c}} for columns, {{[}} for a bracket"
    ),
    r"(?<!\\)(\$\$)": "{} ends one formula and begins another: write each on lines of its own",
    r"(\\\\\*?\[)": r"{} begins no length: write \\[2pt], or \\{{[}} for a row that begins with a bracket",
}
"""What is refused wherever in a formula it stands, and what to write instead."""

STARRED = {
    r"\\(begin|end)\{align\*\}": r"\\\1{aligned}",
    r"\\(begin|end)\{gather\*\}": r"\\\1{gathered}",
    r"\\(begin|end)\{equation\*\}": "",
    r"\\(begin|end)\{displaymath\}": "",
}
"""Environments that stand by themselves in TeX, as those that stand in a formula."""

WORDS = (
    "and|or else|for all|for|where|with|otherwise|then|when|that|such|else|per|from|not|the|here|there|while|let|are"
)
SMALL_WORDS = r"(?<=[\w)\]}] )in(?= [\w(;])|(?<=[\w)\]};] )(?:is|if|iff|so|or|of|to|by)(?= [\w(;])"
PROSE = re.compile(
    rf"(?<![^\s,;:(={{])(?:(?:{WORDS})|[A-Za-z]{{3,}} [A-Za-z]{{2,}}|[A-Za-z]{{2,}} [A-Za-z]{{3,}})(?=[\s.,;:]|$)"
    rf"|{SMALL_WORDS}"
)
"""Words that stand among symbols, which would be set without spaces, as a product of letters."""

FUNCTIONS = "arccos|arcsin|arctan|arg|cosh|cos|cot|det|dim|exp|gcd|inf|ker|lim|ln|log|max|min|sinh|sin|sup|tanh|tan"
APPLIED = re.compile(rf"(?<![A-Za-z])(?:{FUNCTIONS})(?=\s*[\d(|;_^]|\s+[A-Za-z])")
"""Names of functions before what they are applied to, which would be set as products of letters."""

AMOUNT = re.compile(r"\s*\d[\d.,]*[\s/-].*?(?:[A-Za-z]{3,}|(?<=\s)(?:at|by|in|of|on|or|to|up)(?=\s))", re.DOTALL)
"""What two amounts of dollars stand around, with a word in it."""

FIGURES = re.compile(r"[\d\s.,/+()–-]+")
MARKDOWN = re.compile(r"\*\*|`|\]\(|\]\[")
"""Markdown, which no formula has."""

NAMES = re.compile(
    r"\\(?:(?:text|math|operatorname|mbox|hbox|color|begin|end|h?space)[a-z]*\*?\s*\{(?:[^{}]|\{[^{}]*\})*\}|[a-zA-Z]+|.)"
)
"""Commands, with the text or name that follows them."""

COMMENT = re.compile(r"^[ \t]*%[^\n]*\n?", re.MULTILINE)
PERCENT = re.compile(r"^[ \t]*(?:\\.|[^\s%\\])(?:\\.|[^%\n\\])*%", re.MULTILINE)
"""A percent sign behind something, where TeX would begin a comment."""

OPTIONAL = re.compile(
    r"(\\\\)(?:\*?\s*\[\s*-?[\d.]+\s*(?:bp|cc|cm|dd|em|ex|in|mm|mu|pc|pt|sp)\s*\]|\*)"
    r"|(\\begin\{(?:aligned|array|gathered)\})\s*\[[bct]\]"
)
"""Where rows and tables have options that change nothing here: heights of rows, and how a table stands on its line."""

TEXT_IN_TEXT = re.compile(r"(\\(?:text[a-z]*|mbox|hbox)\s*\{)((?:[^{}$]|\{[^{}]*\})*\$(?:[^{}]|\{[^{}]*\})*)\}")
SIGN_IN_TEXT = re.compile(r"(\\(?:text[a-z]*|mbox|hbox)\s*\{(?:[^{}\\]|\\[%&#_](?! )|\{[^{}]*\})*\\[%&#_])(?= )")
"""A sign, behind which math-core would drop a space."""

SMALL_MATRIX = re.compile(r"\\begin\{smallmatrix\}(.*?)\\end\{smallmatrix\}", re.DOTALL)
ENVIRONMENT = re.compile(
    r"\\begin\{([a-zA-Z]+\*?)\}(?:(?!\\begin\{).)*?\\end\{\1\}|\\substack\s*"
    r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}",
    re.DOTALL,
)

RAW = re.compile(r"\\(?:begin|end)\s*\{[^}]*\}?|\\[a-zA-Z]{2,}")
"""TeX that stands in the text of a page."""

AROUND = "write $…$ around one in a line, $$ and $$ on lines of their own around one that is displayed"
PRICE = re.compile(r"\$\d+(?:[.,]\d+)*(?![\w\\^{}$]|_)")
CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
BRACKETS = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\](?!\()", re.DOTALL)
FORMULA = re.compile(r"(?<!\\)\$[^\s$](?:[^$\n]*[^\s$\\])?\$|\\[a-zA-Z]{2,}")
IMAGE = re.compile(r"!\[((?:\\.|[^\]\\])*)\]\(")
NO_TEXT = re.compile(r"<(script|style|pre|code|svg|math)\b.*?</\1>|<!--.*?-->|<[^<>]*>", re.DOTALL)
"""What readers do not see of HTML, or see as code."""

CUT_OFF = re.compile(r"[\w)}]\s*[-+:/=|,;(]$")
"""How no formula ends before a word."""
IN_ROLES = (nodes.abbreviation, nodes.subscript, nodes.superscript)
NOT_PROSE = (nodes.literal, nodes.FixedTextElement, nodes.math, nodes.math_block, nodes.raw, nodes.Invisible)


def renderable(tex: str, *, display: bool) -> str:
    r"""Return a formula in the words that math-core knows.

    >>> renderable(r"x \text{ if $y$}", display=True)
    'x \\text{ if }{\\textstyle y}\\text{}'
    >>> print(renderable("a &= b \\\\ &= c", display=True))
    \begin{aligned}a &= b \\ &= c\end{aligned}
    """
    tex = OPTIONAL.sub(lambda found: found[1] or found[2], plain(tex))
    tex = SMALL_MATRIX.sub(lambda matrix: small(matrix[1]), tex)
    tex = re.sub(r"\\(begin|end)\{split\}", r"\\\1{aligned}", tex)
    while SIGN_IN_TEXT.search(tex):
        tex = SIGN_IN_TEXT.sub(r"\1{}", tex)
    tex = TEXT_IN_TEXT.sub(lambda text: mixed(text[1], text[2]), tex)
    if display and (len(parts(tex)) > 1 or has_rows(tex)):
        inner = r"\\".join(part.strip() for part in parts(tex))
        name = "aligned" if "&" in outside(inner) else "gathered"
        return rf"\begin{{{name}}}{inner}\end{{{name}}}"
    return tex


def plain(tex: str) -> str:
    r"""Return a formula without comments, spaces before the names of environments and blank lines within them.

    >>> plain("% of rows\n\\begin {matrix}a\\\\\n\nb\\end {matrix}")
    '\\begin{matrix}a\\\\\nb\\end{matrix}'
    """
    tex = re.sub(r"\\(begin|end)\s+\{", r"\\\1{", COMMENT.sub("", tex))
    lines = tex.split("\n")
    changes = [line.count(r"\begin{") - line.count(r"\end{") for line in lines]
    depths = accumulate(changes)
    return "\n".join(line for line, depth in zip(lines, depths, strict=True) if line.strip() or depth == 0)


def parts(tex: str) -> list[str]:
    """Return what blank lines divide, which Sphinx takes for equations below each other."""
    return [part for part in re.split(r"\n\s*\n", tex.strip()) if part.strip()]


def small(rows: str) -> str:
    """Return a matrix in small letters."""
    columns = max(row.count("&") for row in rows.split(r"\\")) + 1
    return rf"\begin{{subarray}}{{{'c' * columns}}}{rows}\end{{subarray}}"


def mixed(command: str, text: str) -> str:
    """Return a text with formulas in it as texts and formulas in turn."""
    pieces = text.split("$")
    return "".join(f"{{\\textstyle {piece}}}" if n % 2 else f"{command}{piece}}}" for n, piece in enumerate(pieces))


def outside(tex: str) -> str:
    """Return what stands outside of all environments."""
    shorter = ENVIRONMENT.sub("", tex)
    return shorter if shorter == tex else outside(shorter)


def has_rows(tex: str) -> bool:
    """Return whether a formula breaks a line, or aligns, outside of all environments."""
    return bool(re.search(r"\\\\|\\newline(?![a-zA-Z])|(?<!\\)&", outside(tex)))


def refusal(tex: str, *, display: bool) -> str:
    """Return why a formula is refused and what to write instead; nothing if it is not."""
    if PERCENT.search(tex):
        return r"% begins a comment, up to the end of the line: write \%, or the comment on a line of its own"
    tex = OPTIONAL.sub(lambda found: found[1] or found[2], plain(tex))
    for pattern, message in REFUSED.items():
        found = re.search(pattern, tex)
        if found:
            return message.format(found[1])
    return ("" if display else refused_in_a_line(tex)) or refused_words(tex)


def refused_in_a_line(tex: str) -> str:
    """Return why a formula can't stand in a line; nothing if it can."""
    displayed = re.search("|".join(STARRED), tex)
    if displayed:
        return f"{displayed[0]} stands on lines of its own: write $$ … $$"
    if has_rows(tex):
        return r"a formula in a line has one row: write $$ … $$, or an environment as \begin{matrix} … \end{matrix}"
    return ""


def refused_words(tex: str) -> str:
    """Return which words among the symbols of a formula would be set as symbols; nothing if there are none."""
    symbols = " ".join(NAMES.sub(" ; ", tex).split())
    applied = APPLIED.search(symbols)
    if applied:
        return rf"{applied[0]} would be set as a product of letters: write \{applied[0]}"
    prose = PROSE.search(symbols) or AMOUNT.match(symbols) or MARKDOWN.search(symbols)
    return rf"{prose[0]!r} would be set as symbols: write \text{{…}}, or \$ for an amount of dollars" if prose else ""


def check(app: Sphinx, doctree: nodes.document) -> None:
    """Refuse what would come out wrong of a page's formulas and its text; rewrite what TeX says in two ways."""
    formulas = [*doctree.findall(nodes.math), *doctree.findall(nodes.math_block)]
    for formula in formulas:
        why = refusal(formula.astext(), display=isinstance(formula, nodes.math_block)) or beside(formula)
        if why:
            formula["refused"] = True
            logger.warning("the formula %r: %s", formula.astext(), why, location=formula, type="formulas")
    for block in doctree.findall(nodes.TextElement):
        if not isinstance(block, NOT_PROSE) and not isinstance(block.parent, nodes.TextElement):
            for line, why in raw_tex(block):
                logger.warning("%s", why, location=(app.env.docname, line), type="formulas")
    for line, found in unread_tex(doctree):
        why = f"{found} is no formula in HTML, in a role or in an alt text: say it in words"
        logger.warning("%s", why, location=(app.env.docname, line), type="formulas")
    for formula in formulas:
        rewrite(formula)


def unread_tex(doctree: nodes.document) -> Iterator[tuple[int | None, str]]:
    """Yield the line and the words of what is TeX where MyST reads none."""
    for node in doctree.findall(nodes.Element):
        text = unread(node)
        found = FORMULA.search(text)
        if found and isinstance(node, IN_ROLES):
            yield line_of(node.parent, found[0]), found[0]
        elif found:
            yield starting_line(node, text[: found.start()].count("\n")), found[0]


def unread(node: nodes.Element) -> str:
    """Return the text of an element in which MyST reads no formulas, code and tags blotted out."""
    if isinstance(node, nodes.raw) and node["format"] == "html":
        return NO_TEXT.sub(lambda found: blotted(found[0]), node.astext())
    if isinstance(node, IN_ROLES):
        return f"{node.astext()} {node.get('explanation', '')}"
    return str(node.get("alt", "")) if isinstance(node, nodes.image) else ""


def beside(formula: nodes.math | nodes.math_block) -> str:
    """Return why a formula, by what stands beside it, is none: $5-$10, A$5 or B$6, $HOME/bin:$PATH."""
    place = formula.parent.index(formula)
    before, after = (str(node) for node in neighbours(formula.parent.children, place))
    amounts = FIGURES.fullmatch(formula.astext()) and (before[-1:].isdigit() or after[:1].isdigit())
    if amounts or (before[-1:].isalnum() and formula.astext()[:1].isdigit()):
        return r"amounts of dollars would be set as a formula: write \$"
    if CUT_OFF.search(formula.astext()) and re.match(r"[\w{]", after):
        return r"what two signs of dollars stand around would be set as a formula: write \$, or `…` around code"
    return ""


def neighbours(children: list[nodes.Node], place: int) -> tuple[nodes.Node | str, nodes.Node | str]:
    """Return the texts before and after a place, nothing for what is no text."""
    around = [children[n] if 0 <= n < len(children) else "" for n in (place - 1, place + 1)]
    before, after = (node if isinstance(node, nodes.Text) else "" for node in around)
    return before, after


def rewrite(formula: nodes.math | nodes.math_block) -> None:
    """Rewrite a formula as all builders take it: plain, and without environments that stand by themselves."""
    tex = plain(formula.astext())
    for pattern, instead in STARRED.items():
        tex = re.sub(pattern, instead, tex)
    if tex != formula.astext():
        formula.children = [nodes.Text(tex.strip())]


def texts(block: nodes.Element) -> Iterator[str]:
    """Yield what an element holds of text, besides formulas and code."""
    for child in block.children:
        if isinstance(child, nodes.Text):
            yield str(child)
        elif isinstance(child, nodes.Element) and not isinstance(child, NOT_PROSE):
            yield from texts(child)


def raw_tex(block: nodes.TextElement) -> Iterator[tuple[int | None, str]]:
    """Yield the line and the refusal of each piece of TeX in the text of an element."""
    text = "".join(texts(block))
    for found in RAW.finditer(text):
        yield line_of(block, found[0]), f"{found[0]} stands outside of a formula: {AROUND}, or `…` around code"
    if "$" in PRICE.sub("", text):
        for place in stray_dollars(block):
            yield place, rf"a $ begins no formula: {AROUND}, without a space within, or \$"
    for found in BRACKETS.finditer(without_code(block)):
        yield line_of(block, found[0]), f"{found[0][:2]} begins no formula: {AROUND}; a bracket needs no backslash"
    for found in IMAGE.finditer(CODE.sub(lambda code: blotted(code[0]), block.rawsource)):
        if FORMULA.search(found[1]):
            yield line_of(block, found[0]), f"{found[0]}: an alt text has no formulas: say it in words"


def without_code(block: nodes.TextElement) -> str:
    """Return the source of an element, its code and its formulas blotted out, line by line as long."""
    source = block.rawsource
    for formula in block.findall(nodes.math):
        source = source.replace(f"${formula.astext()}$", blotted(f"${formula.astext()}$"), 1)
    return CODE.sub(lambda code: blotted(code[0]), source)


def blotted(text: str) -> str:
    """Return spaces in place of a text, line by line as long."""
    return re.sub(r"[^\n]", " ", text)


def stray_dollars(block: nodes.TextElement) -> Iterator[int | None]:
    """Yield the line of each dollar that begins no formula, is no amount, and was not escaped."""
    if not block.rawsource:
        yield line_of(block, "")
        return
    source = without_code(block)
    for found in re.finditer(r"\\.|\$", PRICE.sub(lambda price: " " * len(price[0]), source), re.DOTALL):
        if found[0] == "$":
            yield starting_line(block, source[: found.start()].count("\n"))


def line_of(block: nodes.Element, words: str) -> int | None:
    """Return the line on which these words stand in an element."""
    return starting_line(block, block.rawsource.partition(words)[0].count("\n") if words in block.rawsource else 0)


def starting_line(block: nodes.Node | None, more: int) -> int | None:
    """Return the line of an element, or of what it stands in, and so many more."""
    if block is None or block.line is not None:
        return block and block.line + more + rows_above(block)
    return starting_line(block.parent, more)


def rows_above(block: nodes.Node) -> int:
    """Return how many lines below its table an element stands: MyST gives all rows the line of the table."""
    row = block
    while row is not None and not (isinstance(row, nodes.row) and isinstance(row.parent, nodes.tbody)):
        row = row.parent
    return 2 + row.parent.index(row) if row is not None and row.line == row.parent.line else 0


def definitions(macros: dict[str, str]) -> list[str]:
    r"""Return macros as LaTeX defines them.

    >>> print(*definitions({"R": r"\mathbb{R}", "pair": "(#1, #2)"}), sep="\n")
    \providecommand{\R}{}\renewcommand{\R}{\mathbb{R}}
    \providecommand{\pair}{}\renewcommand{\pair}[2]{(#1, #2)}
    """
    return [rf"\providecommand{{\{name}}}{{}}\renewcommand{{\{name}}}{counted(text)}" for name, text in macros.items()]


def counted(text: str) -> str:
    """Return what a macro stands for as LaTeX has it, with the number of its arguments before it."""
    return f"[{arguments(text)}]{{{text}}}" if arguments(text) else f"{{{text}}}"


def arguments(text: str) -> int:
    """Return how many arguments a macro takes."""
    return max([0, *map(int, re.findall(r"#(\d)", text))])


def take_macros(app: Sphinx, config: Config) -> None:
    """Refuse macros that are none; define them for LaTeX."""
    macros = config.claimcheck_macros
    for name, text in macros.items():
        try:
            tried = "\\" + name + "{x}" * arguments(text)
            LatexToMathML(macros=BUILT_IN | macros).convert_with_local_state(tried, displaystyle=True)
        except (LatexError, TypeError) as error:
            logger.warning("claimcheck_macros: %r: %s", name, error, type="formulas")
    for_latex = "\n".join(["", r"\usepackage{amssymb}", *definitions({"mathbbm": BUILT_IN["mathbbm"]} | macros)])
    config.latex_elements = config.latex_elements | {"preamble": config.latex_elements.get("preamble", "") + for_latex}


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the setting and the check."""
    app.add_config_value("claimcheck_macros", {}, "env", [dict])
    app.connect("config-inited", take_macros)
    app.connect("doctree-read", check)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
