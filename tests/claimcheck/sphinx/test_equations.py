"""The numbers of equations: by problem, the same in every format, with one anchor, whatever was read again."""

import re

import pytest

from links import dead_links
from small_sites import CLAIM, CLAIM_LIST, NOTEBOOK, VERDICT, build

CLAIMS = CLAIM_LIST + CLAIM_LIST.replace("sum", "sum2").replace("problem = 1", "problem = 2")
OF_SUM = f"{NOTEBOOK}# First\n\n$$a = 1$$ (a)\n{CLAIM}{VERDICT}\n$$b = 2$$\n\n$$c = 3$$ (c)\n"
OF_SUM2 = f"# Second\n\n$$d = 4$$ (d)\n{CLAIM}{VERDICT}".replace("sum", "sum2")
CONTENTS = "```{toctree}\nsecond\nfirst\nmore\n```\n"
FRONT = f"# Front\n\n{CONTENTS}\n{{eq}}`a` {{eq}}`c` {{eq}}`d` {{eq}}`e`\n\n```{{math}}\n:label: e\ne\n```\n"
MORE = "# More\n\n$$f$$ (f)\n\n{eq}`e`, {eq}`f`, {eq}`a`\n"
PAGES = {"first": OF_SUM, "second": NOTEBOOK + OF_SUM2, "more": MORE}
DUE = {"a": "1.1", "c": "1.2", "d": "2.1", "e": "1", "f": "2"}
ONE_PAGE = ["singlehtml", "booklet"]


def built(folder, builder="html", **changed):
    """Build the site with these pages changed; return what was written, as one text."""
    pages = PAGES | changed
    front = pages.pop("index", FRONT)
    status, printed = build(
        folder, front, CLAIMS, options=("-b", builder, "-Dclaimcheck_booklet=first,second,more"), **pages
    )
    assert status == 0, printed
    written = [p for p in sorted((folder / "html").rglob("*.*")) if p.suffix in {".html", ".xhtml", ".tex", ".txt"}]
    return "".join(path.read_text("utf-8") for path in written)


def cited(html):
    """Return the numbers that are cited, by label."""
    return dict(re.findall(r'<a class="reference internal" href="[^"]*#equation-(\w+)">\(([\d.]+)\)</a>', html))


def numbered(html):
    """Return the numbers beside the equations, by label."""
    found = re.findall(r'<span class="eqno">\(([\d.]+)\)<a class="headerlink" href="#equation-(\w+)"', html)
    return {label: number for number, label in found}


@pytest.mark.parametrize("builder", ["html", "dirhtml", "epub", *ONE_PAGE])
def test_numbers_go_by_problem_and_are_cited_as_they_stand(tmp_path, builder):
    html = built(tmp_path, builder)
    in_it = DUE.keys() - ({"e"} if builder == "booklet" else set())  # a booklet is without the front page
    assert numbered(html) == {label: DUE[label] for label in in_it}
    assert cited(html) == {label: DUE[label] for label in (in_it if builder != "booklet" else {"f", "a"})}
    assert [html.count(f'id="equation-{label}"') for label in in_it] == [1 for _ in in_it]
    assert dead_links(tmp_path / "html") == []


def test_latex_and_text_have_the_same_numbers(tmp_path):
    tex = built(tmp_path, "latex")
    assert set(re.findall(r"\\tag\{([\d.]+)\}", tex)) == set(DUE.values())
    assert all(rf"\label{{equation:{page}:{label}}}\tag{{{DUE[label]}}}" in tex for page, label in [("first", "a")])
    text = built(tmp_path, "text")
    assert "a = 1    (1.1)" in text
    assert "b = 2\n" in text


def test_a_number_that_changes_is_cited_anew_where_nothing_else_has_changed(tmp_path):
    assert cited(built(tmp_path))["a"] == "1.1"
    again = built(tmp_path, first=OF_SUM.replace("$$a = 1$$ (a)", "$$z$$ (z)\n\n$$a = 1$$ (a)"))
    assert (numbered(again)["a"], cited(again)["a"], cited(again)["d"]) == ("1.2", "1.2", "2.1")


def test_pages_of_one_problem_count_on(tmp_path):
    both = FRONT.replace("more\n", "more\nthird\n")
    html = built(tmp_path, index=both, third="# Third\n\n$$g$$ (g)\n")
    assert numbered(html)["g"] == "3"


def test_a_label_that_is_used_twice_is_refused(tmp_path):
    status, printed = build(tmp_path, "# A page\n\n$$a$$ (a)\n\n$$b$$ (a)\n", "", options=(), strict=False)
    assert "duplicate label of equation a" in printed
    assert status == 0  # Sphinx's own warning: make has it refused
