"""What a formula may be: what is refused, by page and line, and what is rendered, wherever authors write it."""

import re
from html import unescape

import pytest

from claimcheck.sphinx.formulas import definitions, refusal, renderable
from small_sites import ROOT, build, build_together
from sphinx_build import sphinx_build

OUTSIDE = "stands outside of a formula: write $…$ around one in a line, $$ and $$ on lines of their own"
NO_FORMULA = "a $ begins no formula: write $…$ around one in a line"
AS_SYMBOLS = "would be set as symbols: write \\text{…}, or \\$ for an amount of dollars"
ITS_OWN_NUMBERS = "numbers its lines by itself, and this site its formulas: write \\begin{aligned}"
BY_THE_SITE = "macros are those of the whole site: name it in conf.py, claimcheck_macros = "
BY_LABEL = "is this site's to give: write a label behind the formula, $$ … $$ (name), or :label: name"
ONE_ROW = "a formula in a line has one row: write $$ … $$, or an environment"
COMMENT = "% begins a comment, up to the end of the line: write \\%"
BESIDE = "what two signs of dollars stand around would be set as a formula: write \\$, or `…` around code"
UNREAD = "is no formula in HTML, in a role or in an alt text"

REFUSED = {
    "environment with numbers": ("$$\\begin{align} a&=1 \\\\ b&=2 \\end{align}$$", 3, ITS_OWN_NUMBERS),
    "the same again": ("$$\\begin{align} a \\end{align}$$\n\n$$\\begin{align} a \\end{align}$$", 5, ITS_OWN_NUMBERS),
    "another with numbers": ("$$\n\\begin{equation}a\\end{equation}\n$$", 3, ITS_OWN_NUMBERS),
    "one in a directive": ("```{math}\n\\begin{gather}a\\end{gather}\n```", 3, ITS_OWN_NUMBERS),
    "unknown environment": ("$$\\begin{alignat*}{2}a&b\\end{alignat*}$$", 3, "is not rendered: write \\begin{aligned}"),
    "environment without dollars": ("\\begin{align}\na&=1 \\\\\nb&=2\n\\end{align}", 3, f"\\begin{{align}} {OUTSIDE}"),
    "starred environment without dollars": ("Text \\begin{align*} a \\end{align*}.", 3, f"\\begin{{align*}} {OUTSIDE}"),
    "label in an item's text": ("- item\n  $$ F=N $$ (force)", 4, NO_FORMULA),
    "reference": ("$\\eqref{energy}$", 3, "\\eqref is not known within a formula: write {eq}`name` in the text"),
    "reference outside": ("See \\eqref{energy}.", 3, f"\\eqref {OUTSIDE}"),
    "label within": ("$$ a \\label{x} $$", 3, f"\\label {BY_LABEL}"),
    "number within": ("$$ a \\tag{1} $$", 3, f"\\tag {BY_LABEL}"),
    "rows in a line": ("Text\n$a \\\\ b$.", 3, ONE_ROW),
    "columns in a line": ("Text $a & b$.", 3, ONE_ROW),
    "rows in a role": ("Text {math}`a \\\\ b`.", 3, ONE_ROW),
    "two amounts": ("costs $5 and 6$ there", 3, f"'and' {AS_SYMBOLS}"),
    "two amounts and small words": ("from $5 up to 6$/week", 3, AS_SYMBOLS),
    "Markdown between amounts": ("from $10. **Bold \\$y**, `$z$`", 3, AS_SYMBOLS),
    "words": ("that $x if y and z$", 3, AS_SYMBOLS),
    "words among commands": ("that $\\alpha and \\beta$", 3, AS_SYMBOLS),
    "words displayed": ("$$x = 1 for all n$$", 3, AS_SYMBOLS),
    "no end": ("the $x + y is", 3, NO_FORMULA),
    "no beginning": ("one\ntwo\nthe x + y$ is", 5, NO_FORMULA),
    "no end displayed": ("$$\nx\n\ntext", 3, NO_FORMULA),
    "displayed in a line": ("text $$x$$ text", 3, NO_FORMULA),
    "spaces within": ("a $ x $ b", 3, NO_FORMULA),
    "amounts without spaces": ("from $5-$10", 3, "amounts of dollars would be set as a formula: write \\$"),
    "amounts in brackets": ("for $3.50 ($1,000 a year)", 3, "amounts of dollars would be set as a formula: write \\$"),
    "amounts with the sign behind": ("from 5$-6$", 3, "amounts of dollars would be set as a formula: write \\$"),
    "in a table": ("| a | b |\n|---|---|\n| $x | 2 |", 5, NO_FORMULA),
    "in a heading": ("## A $x heading", 3, NO_FORMULA),
    "in a quote": ("> a $x quote", 3, NO_FORMULA),
    "in a list": ("- one\n- a $x item", 4, NO_FORMULA),
    "in a definition": ("term\n: a $x definition", 4, NO_FORMULA),
    "as a term": ("term $x\n: definition", 3, NO_FORMULA),
    "in a footnote": ("a[^1]\n\n[^1]: foot $x", 5, NO_FORMULA),
    "in a caption": ("```{figure} picture.svg\n:alt: x\n\nCaption $x\n```", 6, NO_FORMULA),
    "in an admonition": (":::{note}\nThe \\beta of x\n:::", 4, f"\\beta {OUTSIDE}"),
    "in its title": (":::{admonition} The $x\nWords.\n:::", 3, NO_FORMULA),
    "in strong words": ("**the $x**", 3, NO_FORMULA),
    "in a link": ("[a $x](other.md)", 3, NO_FORMULA),
    "a command in the text": ("one\ntwo\nthe \\alpha of it", 5, f"\\alpha {OUTSIDE}"),
    "TeX's own brackets": ("the \\(x^2\\) of", 3, "\\( begins no formula: write $…$"),
    "TeX's own square brackets": ("\\[x^2\\]", 3, "\\[ begins no formula: write $…$"),
    "macro": ("$\\newcommand{\\R}{\\mathbb R}\\R$", 3, f"{BY_THE_SITE}{{'R': r'…'}}"),
    "macro again": ("$\\renewcommand\\R{x}\\R$", 3, f"{BY_THE_SITE}{{'R': r'…'}}"),
    "macro of plain TeX": ("$\\def\\R{x}\\R$", 3, f"{BY_THE_SITE}{{'R': r'…'}}"),
    "operator": ("$\\DeclareMathOperator{\\tr}{tr}\\tr$", 3, f"{BY_THE_SITE}{{'tr': r'\\operatorname{{…}}'}}"),
    "what Chromium does not draw": ("$\\cancel{x}$", 3, "\\cancel is not drawn by all browsers"),
    "option of a table": ("$$\\begin{pmatrix}[c|c] a & b\\end{pmatrix}$$", 3, "pmatrix}[ would print its option"),
    "what is no length": ("$$\na \\\\[x] b\n$$", 3, "\\\\[ begins no length: write \\\\[2pt]"),
    "a space before its name": ("$$\\begin {align} a \\end {align}$$", 3, ITS_OWN_NUMBERS),
    "starred in a line": ("the $\\begin{align*} a \\end{align*}$", 3, "\\begin{align*} stands on lines of its own"),
    "percent": ("about $100%$", 3, COMMENT),
    "percent in the midst": ("$$\na = 5% of b\n$$", 3, COMMENT),
    "percent behind a letter": ("the $x%$", 3, COMMENT),
    "percent in a text": ("$\\text{100% sure}$", 3, COMMENT),
    "percent behind an escaped one": ("$\\%x%$", 3, COMMENT),
    "TeX's brackets around a letter": ("the \\(x\\) of", 3, "\\( begins no formula"),
    "TeX's brackets around a function": ("one\nthe \\(f(x)\\) of", 4, "\\( begins no formula"),
    "TeX's square brackets around a sum": ("\\[ x + y \\]", 3, "\\[ begins no formula"),
    "amounts behind letters": ("A$5 vs C$6", 3, "amounts of dollars would be set as a formula: write \\$"),
    "amounts in millions": ("from $1m-$2m", 3, BESIDE),
    "names of a shell": ("set $HOME/bin:$PATH", 3, BESIDE),
    "names of a shell in braces": ("set ${HOME}/bin:${PATH}", 3, BESIDE),
    "in HTML": ("<p>$x$</p>", 3, f"$x$ {UNREAD}"),
    "in lines of HTML": ("<div>\n<b>The</b>\n\\alpha is</div>", 5, f"\\alpha {UNREAD}"),
    "in a role's explanation": ("one\ntwo {abbr}`LSTM (a $x$)`", 4, f"$x$ {UNREAD}"),
    "in a superscript": ("two {sup}`$x$`", 3, f"$x$ {UNREAD}"),
    "in an alt text": ("one\n![al $x$](picture.svg)", 4, "![al $x$](: an alt text has no formulas"),
    "in a directive's alt text": ("```{image} picture.svg\n:alt: an $x$\n```", 3, f"$x$ {UNREAD}"),
    "is": ("the $x is y$", 3, f"'is' {AS_SYMBOLS}"),
    "if": ("the $z if x$", 3, f"'if' {AS_SYMBOLS}"),
    "so": ("the $x = 1 so y = 2$", 3, f"'so' {AS_SYMBOLS}"),
    "let": ("$$let x = 5$$", 3, f"'let' {AS_SYMBOLS}"),
    "a word behind a comma": ("$$x=1,where y=2$$", 3, f"'where' {AS_SYMBOLS}"),
    "words below": ("$x_{for all n}$", 3, f"'for all' {AS_SYMBOLS}"),
    "a function": ("the $2sin(x)$", 3, "sin would be set as a product of letters: write \\sin"),
    "a function of a letter": ("the $log y$", 3, "log would be set as a product of letters: write \\log"),
    "a function of a command": ("the $exp\\alpha$", 3, "exp would be set as a product of letters: write \\exp"),
    "two on a line": ("$$a$$ $$b$$", 3, "$$ ends one formula and begins another: write each on lines of its own"),
    "unknown command": ("$\\smash{x}$", 3, "If it should be a macro, name it in claimcheck_macros."),
    "unknown, with a sign of HTML": ("$\\smash{a<b}$", 3, "cannot render the formula '\\\\smash{a<b}'"),
}  # fmt: skip


@pytest.fixture(scope="module")
def told_of_refused(tmp_path_factory):
    folder = tmp_path_factory.mktemp("refused")
    (folder / "docs").mkdir()
    (folder / "docs" / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    (folder / "docs" / "other.md").write_text("---\norphan: true\n---\n# Other\n", encoding="utf-8")
    return build_together(folder, {name: f"# A page\n\n{text}\n" for name, (text, _, _) in REFUSED.items()})


@pytest.mark.parametrize("what", REFUSED)
def test_what_would_come_out_wrong_is_refused_by_line(told_of_refused, what):
    _, line, message = REFUSED[what]
    found = [told for told in told_of_refused[what].splitlines() if message in told]
    assert any(f"index.md:{line}: WARNING: " in told for told in found), told_of_refused[what]


RENDERED = {
    "rows": ("$$\na \\\\ b\n$$", ["<mtr><mtd><mi>a</mi></mtd></mtr><mtr><mtd><mi>b</mi>"]),
    "rows that are aligned": ("$$\na &= b \\\\ &= c\n$$", ["<mtable", "<mi>c</mi>"]),
    "parts between blank lines": ("$$a\n\nb$$", ["<mtr><mtd><mi>a</mi></mtd></mtr><mtr><mtd><mi>b</mi>"]),
    "starred": ("$$\n\\begin{align*} a&=1 \\\\ b&=2 \\end{align*}\n$$", ["\\begin{aligned} a&amp;=1"]),
    "split": ("$$\n\\begin{split} a&=1 \\\\ &=2 \\end{split}\n$$", ["<mtable"]),
    "a label in an item": ("- item\n\n  $$\n  F=N\n  $$ (force)\n\nSee {eq}`force`.", ['<span class="eqno">(1)']),
    "a label on a line of its own in an item": ("- item\n\n  $$ F=N $$ (inline-force)", ['<span class="eqno">']),
    "formulas in a text": ("$$x \\text{ if $y$ is big}$$", ["if </mtext>", "<mi>y</mi>", "<mtext> is big"]),
    "mbox": ("$\\mbox{a b}$", ["<mtext>a b</mtext>"]),
    "substack": ("$$\\sum_{\\substack{i \\\\ j}} x$$", ["<mi>i</mi></mtd></mtr><mtr>"]),
    "small matrix": ("$\\begin{smallmatrix}a & b\\\\c & d\\end{smallmatrix}$", ['scriptlevel="1"', "<mi>d</mi>"]),
    "indicator": ("$\\mathbbm{1}_A$", ["<mi>𝟙</mi>"]),
    "box": ("$\\boxed{a}$", ['<mrow class="boxed"><mi>a</mi></mrow>']),
    "macro of the site": ("$\\R^n$", ["<mi>ℝ</mi>", ">\\R^n</annotation>"]),
    "macro with an argument": ("$\\norm{x}$", ["‖", ">\\norm{x}</annotation>"]),
    "amounts": ("costs $5 here and $6 there, $3.50", ["costs $5 here and $6 there, $3.50"]),
    "a factor beside": ("2$x$ and 10$^{-3}$ and $x$2", ["2<math", "10<math", "</math>2"]),
    "digits alone": ("$5$ and $1{,}000$ and $3.14$", ["<mn>5</mn>", "<mn>3.14</mn>"]),
    "a digit at the end": ("$x$ is 2", ["<mi>x</mi>"]),
    "escaped amounts": ("costs \\$5 here and \\$x there, **\\$y**", ["costs $5 here and $x there"]),
    "code": ("`$x` and ``\\begin{align}``, `\\alpha`", ["\\begin{align}"]),
    "fence": ("```\n$x \\begin{align} \\alpha\n```", ["$x \\begin{align} \\alpha"]),
    "brackets of Markdown": ("\\[no link\\](x) and \\(x)", ["[no link](x) and (x)"]),
    "height of a row": ("$$\\begin{cases}a\\\\[2pt] b\\end{cases}$$", ['0;"><mi>a</mi></mtd>', '0;"><mi>b</mi></mtd>']),
    "rows that stay together": ("$$\na \\\\* b \\\\*[-1.5ex] c\n$$", ["</mtr><mtr><mtd><mi>b</mi></mtd>"]),
    "a table by its top": ("$\\begin{aligned}[t]a\\end{aligned}$", ['padding-right: 0;"><mi>a</mi></mtd>']),
    "a row that begins with a bracket": ("$$\na \\\\{[}x] b\n$$", ['<mi>x</mi><mo stretchy="false">]</mo>']),
    "per cent": ("$100\\%$ and $\\%$ and $\\text{10\\% or 20\\% of it}$", ["<mn>100</mn><mi>%</mi>", "10% or 20% of"]),
    "a blank line in a matrix": (
        "$$\n\\begin{pmatrix}\na\n\nb\n\\end{pmatrix}\n$$",
        ["<mtr><mtd><mi>a</mi><mi>b</mi></mtd></mtr></mtable>", "\\begin{pmatrix}\na\nb\n\\end{pmatrix}</annotation>"],
    ),
    "a comment before a blank line": ("$$\na\n% c\n\n+ b\n$$", ["<mtr><mtd><mi>a</mi></mtd></mtr><mtr><mtd><mo"]),
    "substack with a subscript": ("$\\sum_{\\substack{i_{k}\\\\ j}}$", ["<mi>k</mi></msub></mtd></mtr><mtr>"]),
    "products": ("$abc + W x + at + 2i n + x_{max}$, 3$\\times$3, the $n$th", ["<mi>a</mi><mi>b</mi><mi>c</mi>"]),
    "HTML without formulas": ('<p title="$x$">for $5 <code>$y$</code></p>', ["<code>$y$</code></p>"]),
    "less than": ("$$\na < b \\& c\n$$", ["<mo>&lt;</mo>", ">a &lt; b \\&amp; c</annotation>"]),
    "a heading": ("## Of $\\bar{h}$", ["<mi>h</mi>"]),
    "other alphabets": ("$α + ∇²J$ and $x ≤ \\text{größer}$", ["<mi>α</mi>", "größer"]),
    "cases": ("$$\n\\begin{cases}a & \\text{if } b \\\\ c & \\text{else}\\end{cases}\n$$", ["<mtext>else</mtext>"]),
    "colour": ("$\\color{red} x$ and $\\textcolor{blue}{y}$", ["color:#FF0000"]),
    "an evaluated bar": ("$\\left. x \\right|_0$, $\\underbrace{a+b}_{n}$, $\\tfrac12$", ["<munder", "<mfrac"]),
    "a comment": ("$$\n% for all that is said here\na\n$$", ["<mi>a</mi><annotation"]),
}  # fmt: skip
MACROS = {"R": r"\mathbb{R}", "norm": r"\lVert #1 \rVert"}
OPTIONS = [f"-Dclaimcheck_macros.{name}={text}" for name, text in MACROS.items()]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rendered")
    pages = {f"page{n:02}": f"# A page\n\n{text}\n" for n, (text, _) in enumerate(RENDERED.values())}
    front = "# Front\n\n```{toctree}\n" + "\n".join(pages) + "\n```\n"
    status, printed = build(folder, front, "", options=OPTIONS, **pages)
    assert status == 0, printed
    read = {page: (folder / "html" / f"{page}.html").read_text("utf-8") for page in pages}
    return dict(zip(RENDERED, read.values(), strict=True))


@pytest.mark.parametrize("what", RENDERED)
def test_what_has_one_meaning_is_rendered(rendered, what):
    for part in RENDERED[what][1]:
        assert part in rendered[what].replace("\N{NO-BREAK SPACE}", " ")


def test_no_tex_is_left_in_a_title(rendered):
    [title] = re.findall(r"<h2>(.*?)</h2>", rendered["a heading"])
    assert "\\bar" not in title


@pytest.mark.parametrize("what", ["number within", "macro", "operator"])
def test_a_refused_formula_is_told_of_once(told_of_refused, what):
    assert told_of_refused[what].count("WARNING: ") == 1, told_of_refused[what]


def test_refusals_name_what_they_found():
    assert "{aligned}" in refusal(r"\begin{flalign}a\end{flalign}", display=True)
    assert not refusal(r"V = \tfrac43 \pi abc \quad dx dy", display=False)
    assert not refusal(r"x \text{ for all } y, \operatorname{rank of} A", display=True)


def test_rows_within_environments_are_no_rows_of_the_formula():
    nested = r"\begin{pmatrix}\begin{matrix}a \\ b\end{matrix} \\ c\end{pmatrix}"
    assert renderable(nested, display=True) == renderable(nested, display=False) == nested


def test_an_unknown_formula_that_is_let_through_stands_as_text(tmp_path):
    status, _ = build(tmp_path, "# A page\n\n$\\smash{a<b}$\n", "", options=(), strict=False)
    assert status != 0
    page = (tmp_path / "html" / "index.html").read_text("utf-8")
    assert "<code>\\smash{a&lt;b}</code>" in page


def test_macros_are_defined_for_latex(tmp_path):
    build(tmp_path, "# A page\n\n$\\R$, $\\norm{x}$\n", "", options=OPTIONS)
    options = [f"-Dclaimcheck_claims={tmp_path / 'claims.toml'}", "-c", ROOT, "-d", tmp_path / "doctrees", *OPTIONS]
    status, printed = sphinx_build(*options, "-b", "latex", tmp_path / "docs", tmp_path / "latex")
    assert status == 0, printed
    [tex] = [path.read_text("utf-8") for path in (tmp_path / "latex").glob("*.tex")]
    assert all(line in tex for line in definitions(MACROS))


@pytest.mark.parametrize(("name", "text"), [("r2", "x"), ("open", "{")])
def test_a_macro_that_is_none_is_refused(tmp_path, name, text):
    status, printed = build(
        tmp_path, "# A page\n\n$x$\n", "", options=[f"-Dclaimcheck_macros.{name}={text}"], strict=False
    )
    assert status != 0
    assert f"claimcheck_macros: '{name}': " in unescape(printed)
