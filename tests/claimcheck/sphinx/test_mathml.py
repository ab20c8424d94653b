"""What stands on a page for a formula: its TeX, once; its anchor, once; and what a book needs."""

import re
from xml.etree import ElementTree as ET

import pytest

from small_sites import build

PAGE = r"""# Of $\gamma$

Here $a < b$.

$$\bar{h} = \sum_i x_i \& y$$ (sum-of-x)

## Of $\delta$ again
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    status, printed = build(folder, "# Front\n\n```{toctree}\nother\n```\n", "", options=(), other=PAGE)
    assert status == 0, printed
    return folder / "html"


def test_a_formula_carries_its_tex(written):
    html = (written / "other.html").read_text("utf-8")
    formulas = [ET.fromstring(found) for found in re.findall("<math.*?</math>", html)]  # noqa: S314  just written
    carried = [found.findtext("semantics/annotation") for found in formulas]
    assert [tex for tex in carried if tex] == ["a < b", r"\bar{h} = \sum_i x_i \& y"]
    assert all(len(found.find("semantics")) == 2 for found in formulas if found.find("semantics") is not None)


def test_titles_and_contents_have_no_tex(written):
    html = (written / "other.html").read_text("utf-8")
    assert "<title>Of γ" in re.sub(r"</?m[a-z]+>", "", html)
    assert r"\delta" not in html
    assert r"\gamma" not in html


def test_the_search_has_a_formula_once(written):
    index = (written / "searchindex.js").read_text("utf-8")
    assert "annotation" not in index
    assert "semantics" not in index


def test_a_book_knows_that_it_is_mathematics(tmp_path):
    status, printed = build(tmp_path, PAGE, "", options=("-b", "epub"))
    assert status == 0, printed
    page = ET.parse(tmp_path / "html" / "index.xhtml")  # noqa: S314  it was just written
    names = {element.tag for element in page.iter() if element.tag.endswith("}mi")}
    assert names == {"{http://www.w3.org/1998/Math/MathML}mi"}
