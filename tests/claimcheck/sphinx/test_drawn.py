"""Where bars and other accents go, beside what the font itself says; and what is left as it was."""

from xml.etree import ElementTree as ET

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from math_core import LatexToMathML

from claimcheck.sphinx.drawn import em, mend
from claimcheck.sphinx.font import DROP, cut_font, font_path, letter

CONVERTER = LatexToMathML(fancy_error=False)
GLYPHS = {"h": "ℎ", "f": "𝑓", "c": "𝑐", "L": "𝐿", r"\theta": "𝜃", r"\mathbf{w}": "𝐰", r"\mathrm{L}": "L", "2": "2"}
DROPPED = "SuperscriptBaselineDropMax"


def mended(tex):
    """Return a formula, mended."""
    tree = ET.fromstring(CONVERTER.convert_with_local_state(tex, displaystyle=False))  # noqa: S314  it was just written
    mend(tree)
    return tree


def thousandths(length):
    """Return what a length is in thousandths of the size of letters."""
    return round(1000 * float(length.removesuffix("em")))


@pytest.fixture(scope="module")
def font():
    return TTFont(font_path())


def height(font, character):
    """Return the height of a character, by its outline."""
    pen = BoundsPen(font.getGlyphSet())
    font.getGlyphSet()[font.getBestCmap()[ord(character)]].draw(pen)
    return pen.bounds[3]


@pytest.mark.parametrize("tex", GLYPHS)
def test_a_bar_stands_over_its_letter_and_is_said(font, tex):
    accent = next(mended(rf"\bar{{{tex}}}").iter("mover"))
    (drawn, below), said = accent[0], accent[1]
    foot = max(height(font, GLYPHS[tex]), 480) - 480 + 555
    assert (accent.get("class"), accent.get("accent"), said.text, drawn[0].tag) == ("bar", "true", "¯", "mspace")
    assert thousandths(drawn.get("voffset")) == foot
    assert thousandths(drawn.get("height")) == foot + 55
    assert drawn.get("width") == "0"
    assert thousandths(drawn.get("lspace")) + 200 == max(200, letter(GLYPHS[tex]).centre)  # no space is less than 0
    assert "".join(below.itertext()) in {*GLYPHS, *GLYPHS.values(), "θ"}


@pytest.mark.parametrize("tex", [r"\bar{h}^{(t)}", r"\hat{h}^{2}", r"\bar{h}_i^{2}", r"\tilde{h}'", r"\bar{\hat{h}}^2"])
def test_a_superscript_stands_as_over_the_letter_alone(font, tex):
    script = next(element for element in mended(tex).iter() if element.tag in {"msup", "msubsup"})
    assert script[0].tag == "mpadded"
    assert thousandths(script[0].get("height")) == height(font, "ℎ")


@pytest.mark.parametrize(
    "tex", [r"\bar{xy}^2", "h^2", r"\overline{ab}^2", r"\overbrace{a}^b", r"\widehat{xy}^2", r"(\bar h)^2"]
)
def test_what_is_not_one_letter_is_left_as_high_as_it_is(tex):
    assert [e for e in mended(tex).iter("mpadded") if e[0].tag == "mover"] == []


def test_a_letter_loses_its_dot_below_an_accent_and_keeps_its_height_for_what_is_raised(font):
    script = next(mended(r"\bar{i}^{(t)}").iter("msup"))
    assert [e.text for e in script.iter("mi") if e.get("class") == "dotless"] == ["i"]
    assert thousandths(script[0].get("height")) == height(font, "𝑖") > letter("𝑖", dotless=True).height


def test_a_line_is_as_long_as_what_is_below_it():
    over, under = mended(r"\overline{h^{(t)}}"), mended(r"\underline{ab}")
    assert [e.get("class") for e in over.iter("mrow") if e.get("class")] == ["lined"]
    assert [e.get("class") for e in under.iter("mrow") if e.get("class")] == ["underlined"]


def test_a_sign_that_begins_a_row_is_set_between_what_it_adds():
    aligned = mended(r"\begin{aligned}a ={}& b \\ & + c \\ & -d\end{aligned}")
    assert [e.text for e in aligned.iter("mo") if e.get("form") == "infix"] == ["+", "−"]
    matrix = mended(r"\begin{pmatrix}-a & -b\end{pmatrix} \begin{cases}-a & +b\end{cases}")
    assert [e.text for e in matrix.iter("mo") if e.get("form") == "infix"] == []


@pytest.mark.parametrize(
    "tex", [r"\vec{v}", r"\bar{}", r"\overrightarrow{AB}", r"\bar{\text{ab}}", r"\bar{\bar{\bar h}}"]
)
def test_other_accents_are_drawn_by_the_browser(tex):
    assert mended(tex) is not None


def test_lengths_are_short():
    assert [em(n) for n in (836, -40, 0, 1200, 5)] == [".836em", "-.04em", "0", "1.2em", ".005em"]


def test_the_font_that_is_cut_has_the_forms_of_scripts_for_all_letters(tmp_path, font):
    cut_font({ord(c) for c in "𝑖′⊤x¯"}, tmp_path / "cut.woff2")
    cut = TTFont(tmp_path / "cut.woff2")
    forms = cut["GSUB"].table
    for record in forms.ScriptList.ScriptRecord:
        names = {forms.FeatureList.FeatureRecord[n].FeatureTag for n in record.Script.DefaultLangSys.FeatureIndex}
        assert {"ssty", "dtls"} <= names, record.ScriptTag
    lookups = [table for lookup in forms.LookupList.Lookup for table in lookup.SubTable]
    exchanged = {name for table in lookups for name in {**getattr(table, "alternates", getattr(table, "mapping", {}))}}
    assert {cut.getBestCmap()[ord(c)] for c in "𝑖′⊤𝑖"} <= exchanged
    assert getattr(font["MATH"].table.MathConstants, DROPPED).Value < DROP
    assert getattr(cut["MATH"].table.MathConstants, DROPPED).Value == DROP
    raised = cut["MATH"].table.MathConstants.SuperscriptShiftUp.Value
    assert all(height(font, c) - DROP <= raised for c in "ℎ𝑓𝜃𝐿𝑖𝑐𝛽")
