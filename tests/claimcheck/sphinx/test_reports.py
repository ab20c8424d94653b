"""What the pages show of claims, verdicts, faults and formulas, on small sites; and what no page can bring in."""

import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from docutils import nodes
from fontTools.ttLib import TTFont

from claimcheck.faults.results import SOLUTIONS
from claimcheck.sphinx import ledger
from claimcheck.sphinx.domain import ClaimDomain
from claimcheck.sphinx.figures import follow_scheme
from claimcheck.sphinx.palette import ON_DARK
from small_sites import CLAIM, CLAIM_LIST, CONTENTS, ERRATUM, FLAWED, GOOD, NOTEBOOK, OTHER, build

HOLDS_IF = FLAWED.replace(":verdict: holds", ":verdict: holds if large") + ERRATUM
OURS = CLAIM_LIST.replace("[sum]", "[ours]").replace("problem = 1", 'problem = "B"')


def words(folder, page="index"):
    """Return the words of a page, without markup."""
    html = (folder / "html" / f"{page}.html").read_text(encoding="utf-8")
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def without_head(page):
    return page.replace(NOTEBOOK, "").replace("# A page", "# Another page")


def test_claims_of_all_pages_are_kept_where_they_are_read_in_parallel(tmp_path):
    names = [f"page{n}" for n in range(8)]  # Sphinx reads six or more in parallel
    claims = "".join(CLAIM_LIST.replace("[sum]", f"[{name}]") for name in names)
    pages = {name: f"# A page\n{CLAIM.replace('} sum', '} ' + name)}" for name in names}
    front = "# Front\n\n```{toctree}\n" + "\n".join(names) + "\n```\n"
    status, printed = build(tmp_path, front, claims, ["-E", "-j", "2"], **pages)
    assert status != 0
    assert printed.count("has no verdict on this page") == len(names)
    assert "appears on no page" not in printed


def test_claims_are_numbered_in_the_order_of_the_list(tmp_path, monkeypatch):
    entry = '[{}]\nproblem = {}\npart = "a"\ncases = ["small"]\n'
    listed = [("z", 1), ("y", 2), ("x", 1), ("a", '"B"')]
    (tmp_path / "claims.toml").write_text("".join(entry.format(*claim) for claim in listed), encoding="utf-8")
    monkeypatch.setattr(ClaimDomain, "list_path", str(tmp_path / "claims.toml"))
    domain = object.__new__(ClaimDomain)
    assert [domain.number(claim) for claim, _ in listed] == ["1.1", "2.1", "1.2", "B.1"]
    assert domain.number("b") == "?"


def test_a_failing_case_is_shown_as_failing_everywhere(tmp_path):
    status, printed = build(tmp_path, f"{HOLDS_IF}\n# Ledger\n\n```{{ledger}} 1\n```\n")
    assert status == 0, printed
    assert "small ✗ fails 1 of 1" in words(tmp_path)  # below the claim
    assert "large ✓ passes 1 number" in words(tmp_path)
    assert words(tmp_path).count("small ✗ fails 1 of 1") == 2  # in the ledger too
    assert words(tmp_path).count("large ✓ passes 1 number") == 2
    assert words(tmp_path).count("One and one is two.") == 2


def test_the_tally_counts_the_claims_of_the_solution_by_outcome(tmp_path):
    ours = without_head(GOOD).replace('"sum"', '"ours"').replace("} sum", "} ours")
    page = f"{FLAWED}\n{ours}\n# Tally\n\n```{{tally}}\n```\n"
    status, printed = build(tmp_path, page, CLAIM_LIST + OURS)
    assert status != 0  # the one claim is published as another than the run says: its outcome counts
    assert "the run says 'holds if large'" in printed
    counts = "0 hold 1 hold on a condition 0 are slips of notation or index 0 are wrong"
    assert f"Of the solution's 1 claims: {counts}" in words(tmp_path)


@pytest.mark.parametrize(("passed", "line"), [(True, "✓ a passes: e"), (False, "✗ a fails: e")])
def test_a_check_under_a_correction_is_marked(passed, line):
    assert ledger.check_line({"name": "a", "passed": passed, "evidence": "e"}).astext() == line


def test_claims_are_named_in_words(tmp_path):
    titled = CLAIM_LIST.replace("problem", 'title = "The sum is right"\nproblem')
    tables = "\n```{verdicts} 1\n```\n\n```{verdicts}\n```\n\n```{verdicts} B\n```\n"
    page = HOLDS_IF + without_head(GOOD).replace("sum", "ours") + tables
    status, printed = build(tmp_path, page, titled + OURS)
    assert status == 0, printed
    shown = words(tmp_path)
    assert "Claim 1.1 The sum is right ~ holds if large Problem 1, part a" in shown
    assert shown.count("1.1 The sum is right ~ holds if large") == 3  # in the claim's line, and in two tables
    assert shown.count("~ holds if large true instead: true") == 1  # of one problem, with the reason
    assert shown.count("B.1 ours ✓ holds checked: small; large") == 1  # it has no title, and is not the solution's
    assert shown.count("B.1 ours ✓ holds") == 2  # in the claim's line, and in the table of such claims alone


def test_a_table_of_all_claims_gives_no_reasons_where_none_is_our_own_either(tmp_path):
    status, printed = build(tmp_path, HOLDS_IF + "\n```{verdicts}\n```\n")
    assert status == 0, printed
    assert "no. claim verdict 1.1 sum ~ holds if large" in words(tmp_path)


QUESTION = """
:::{guess} What is $1 + 1$?
- 2
- 3

It is **2**.
:::

:::{guess} And twice that?
:button: Show

Four.
:::

## Deeper

:::{folded}
:::

A long way down.

## The end

```{figure} picture.svg
:alt: A line of length 4.

Four.
```
"""


def draw_picture(folder):
    (folder / "docs").mkdir()
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><path d="M0 0H4"/></svg>'
    (folder / "docs" / "picture.svg").write_text(picture, encoding="utf-8")


def test_a_reader_opens_what_is_folded(tmp_path):
    draw_picture(tmp_path)
    status, printed = build(tmp_path, GOOD + QUESTION)
    assert status == 0, printed
    html = (tmp_path / "html" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<input type="(radio|text)"', html) == ["radio", "radio", "text"]
    answer, typed, section = re.findall(r"<details[^>]*>(.*?)</details>", html, re.DOTALL)
    assert "<strong>2</strong>" in answer
    assert "Compare" in answer
    assert "Four." in typed
    assert "Show" in typed
    assert re.search(r"<summary>\s*<h2>Deeper.*</h2>\s*</summary>\s*<p>A long way down.</p>", section, re.DOTALL)
    (path,) = {path.resolve() for path in tmp_path.rglob("index.ipynb")}
    text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown")
    folded = "<details><summary>Compare</summary>\n\nIt is **2**.\n\n</details>"
    assert f"**Guess first.** What is $1 + 1$?\n\n- 2\n- 3\n\n{folded}" in text
    assert "## Deeper\n\nA long way down." in text
    assert "![A line of length 4.](attachment:picture.svg)\n\nFour." in text


def test_on_one_page_all_stands_open(tmp_path):
    draw_picture(tmp_path)
    status, printed = build(tmp_path, GOOD + QUESTION, options=["-b", "singlehtml"])
    assert status == 0, printed
    html = (tmp_path / "html" / "index.html").read_text(encoding="utf-8")
    assert 'class="folded"' not in html
    assert "A long way down." in html


def test_each_erratum_is_of_its_claim(tmp_path):
    wrong = without_head(HOLDS_IF).replace("20, 0)}", "21, 0)}").replace("holds if large", "wrong")
    other = wrong.replace('"sum"', '"other"').replace("} sum", "} other").replace("Words.", "Others.")
    page = f"{HOLDS_IF}\n{other}\n# Errata\n\n```{{errata}}\n```\n"
    status, printed = build(tmp_path, page, CLAIM_LIST + CLAIM_LIST.replace("[sum]", "[other]"))
    assert status == 0, printed
    _, first, second = (tmp_path / "html" / "index.html").read_text(encoding="utf-8").split("ledger-entry")
    assert (first.count("Words."), first.count("Others.")) == (3, 0)
    assert (second.count("Words."), second.count("Others.")) == (0, 3)
    assert ">Claim 1.1<" in first
    assert ">Claim 1.2<" in second


def test_a_claim_counts_the_faults_that_it_caught(monkeypatch):
    solution = {"module": "sums", "claims": ["sum"], "tests": ["tests/test_sums.py::test_sum"], "group": SOLUTIONS}
    unseen = {"module": "sums", "claims": ["other"], "tests": [], "group": SOLUTIONS, "no_test": "why"}
    machinery = {
        "file": "machine/a.py",
        "claims": [],
        "tests": ["tests/test_a.py::test"],
        "group": "the machinery of the site",
    }
    found = [fault | {"name": f"fault {n}"} for n, fault in enumerate([solution, unseen, machinery])]
    monkeypatch.setattr(ledger, "fault_results", lambda _path, _root: found)
    env = SimpleNamespace(srcdir=Path(), config=SimpleNamespace(claimcheck_root="."))
    page = ledger.Site(env, "index")
    assert ledger.caught(page, "sum") == "Its check caught 1 of the 2 faults planted in the solutions."
    summary, solutions, machine = ledger.faults(page, [])
    assert summary.astext() == "3 faults were planted, 0 survived."
    assert [len(list(group.findall(nodes.list_item))) for group in (solutions, machine)] == [2, 1]
    assert "sums: fault 0: caught by sum; test_sums.py::test_sum" in solutions.astext()
    assert "sums: fault 1: caught by other; no test (why)" in solutions.astext()
    assert "1 faults in the machinery of the site" in machine.astext()
    assert "machine/a.py: fault 2: caught by test_a.py::test" in machine.astext()


@pytest.mark.parametrize("page", ["# A page\n\n![](picture.svg)\n", "# A page\n\nSee $\\nosuch{x}$.\n"])
def test_figures_and_formulas_are_refused_without_being_told_that_warnings_are_errors(tmp_path, page):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    for _ in range(2):
        status, printed = build(tmp_path, page, claims="", options=(), strict=False)
        assert status != 0
        assert "index.md:3: WARNING: " in printed


def test_the_notebook_to_take_away_has_its_outputs_and_no_directives(tmp_path):
    for _ in range(2):  # the second time from the cache
        status, printed = build(tmp_path, f"{GOOD}\nSee {{claim}}`sum`.\n")
        assert status == 0, printed
        (path,) = {path.resolve() for path in tmp_path.rglob("index.ipynb")}
        notebook = nbformat.read(path, as_version=4)
        (cell,) = (cell for cell in notebook.cells if cell.cell_type == "code")
        assert "sum: holds" in cell.outputs[0].data["text/plain"]
        text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        assert "**Claim 1.1** · sum · ✓ holds · Problem 1, part a" in text
        assert "See [Claim 1.1](#A-page)." in text


def test_a_drawing_follows_the_scheme():
    drawing = follow_scheme('<svg width="1"><path style="fill: #0072b2"/></svg>')
    assert '<path style="fill: var(--blue)"/>' in drawing
    light, dark = drawing.split("prefers-color-scheme:dark")
    assert "--blue:#0072b2" in light
    assert all(f"--{name}:{colour}" in dark for name, colour in ON_DARK.items())


def test_the_font_has_the_characters_of_the_formulas_after_an_edit_too(tmp_path):
    drawn = {"$a + 1$": "a+1𝑎", "$a + 1 < \\beta$": "a+1𝑎<β𝛽"}
    for formula, characters in drawn.items():
        status, printed = build(tmp_path, f"# A page\n\n{formula}\n", claims="", options=())
        assert status == 0, printed
        font = TTFont(tmp_path / "html" / "_static" / "stix-two-math.woff2")
        assert set(map(ord, characters)) <= font.getBestCmap().keys()


def test_a_verdict_that_changes_is_written_into_the_ledger(tmp_path):
    for numbers, evidence in (("2", "1 number, equal"), ("[2, 2]", "2 instances, all equal")):
        page = GOOD.replace("agree(1 + 1, 2, 0)", f"agree({numbers}, {numbers}, 0)") + CONTENTS
        status, printed = build(tmp_path, page, options=(), other=OTHER)
        assert status == 0, printed
        assert f"small ✓ passes {evidence}" in words(tmp_path, "other")


def test_a_page_whose_source_is_gone_is_dropped(tmp_path):
    status, printed = build(tmp_path, GOOD + CONTENTS, options=(), other=OTHER)
    assert status == 0, printed
    assert (tmp_path / "html" / "other.html").exists()
    (tmp_path / "docs" / "other.md").unlink()
    status, printed = build(tmp_path, GOOD, options=())
    assert status == 0, printed
    assert not (tmp_path / "html" / "other.html").exists()


# A verdict that no call of `verdict` made, shown by a cell as the data in which one travels


def forged(**kinds):
    """Return the good page with data of that type in place of its verdict: for each kind, its checks by name."""
    data = {"id": "sum", "text": "holds"} | {
        kind: [{"name": name, "passed": passed, "evidence": "typed"} for name, passed in kinds.get(kind, {}).items()]
        for kind in ("cases", "instead", "readings")
    }
    code = "from IPython.display import display\n\nfrom claimcheck.claims import VERDICT_TYPE\n\n"
    shown = f"{code}display({{VERDICT_TYPE: {data}}}, raw=True)"
    return f"{NOTEBOOK}# A page\n{CLAIM}\n```{{code-cell}} python\n{shown}\n```\n"


def test_an_outcome_is_not_believed(tmp_path):
    status, printed = build(tmp_path, forged(cases={"small": False, "large": True}))
    assert status != 0
    assert "'sum' is published as 'holds', but the run says 'holds if large'" in printed


def test_what_a_verdict_made_elsewhere_lacks_is_named(tmp_path):
    listed = f'{CLAIM_LIST}instead = ["so"]\nreadings = ["thus"]\n'
    says = "the verdict 'sum'"
    status, printed = build(tmp_path, forged(cases={"large": False}), listed)
    assert status != 0
    assert f"{says} lacks 'small' among its cases" in printed
    assert f"{says} lacks 'so' among its instead" in printed
    assert f"{says} lacks 'thus' among its readings" in printed
    assert "the claim 'sum' does not simply hold, and its verdict says nothing instead" in printed
    cases = {"small": True, "large": True}
    status, printed = build(tmp_path, forged(cases=cases, instead={"so": False}, readings={"thus": False}), listed)
    assert status != 0
    assert f"{says} says 'so', which fails: typed" in printed
    assert f"{says} says 'thus', which fails: typed" in printed
