"""Small sites, each with one thing wrong: the build must fail and say where."""

import os
import re
import shutil
import subprocess

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_notebook

from claimcheck.sphinx.execution import listen_in
from small_sites import (
    CLAIM,
    CLAIM_LIST,
    CONTENTS,
    ERRATUM,
    FLAWED,
    GOOD,
    NOTEBOOK,
    OTHER,
    ROOT,
    VERDICT,
    build,
    build_together,
)
from sphinx_build import sphinx_build


def test_a_good_site_is_built_and_its_ledger_too_from_the_cache_and_in_parallel(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "docs" / "other.md").write_text(
        f"{NOTEBOOK}# Another\n\n```{{code-cell}} python\n1\n```\n", encoding="utf-8"
    )
    front = "# Front\n\n```{tally}\n```\n\n```{ledger} 1\n```\n\n```{toctree}\npage\nother\n```\n"
    for options in (["-E"], ["-E", "-j", "2"], ["-E", "-j", "2"]):
        shutil.rmtree(tmp_path / "html", ignore_errors=True)
        status, printed = build(tmp_path, front, options=options)
        assert status == 0, printed
        page = (tmp_path / "html" / "page.html").read_text(encoding="utf-8")
        assert 'id="claim-sum"' in page
        assert 'id="verdict-sum"' in page
        text = re.sub(r"<[^>]*>", "", (tmp_path / "html" / "index.html").read_text(encoding="utf-8"))
        assert "s 1 claims:" in text
        assert "Claim 1.1" in text
        assert re.search(r"small\s+✓ passes\s+1 number, equal", text)
        assert re.search(r"large\s+✓ passes\s+1 number, equal", text)


REFUSED = {
    "a cell fails": (
        f"{NOTEBOOK}# A page\n\n```{{code-cell}} python\n1 / 0\n```\n",
        ["index.md:10: WARNING: this cell failed: ZeroDivisionError: division by zero\n"],
    ),
    "broken reference": (
        "# A page\n\n{ref}`nowhere`\n",
        ["index.md:3", "undefined label: 'nowhere'"],
    ),
    "broken link": (
        "# A page\n\n[](nowhere.md)\n",
        ["index.md:3: WARNING", "nowhere.md"],
    ),
    "unresolved type": (
        "# A page\n\n```{py:function} f(x: NoSuchType)\n```\n",
        ["index.md:3", "reference target not found: NoSuchType"],
    ),
    "bad TeX in a line": (
        "# A page\n\nSee $\\nosuch{x}$.\n",
        ["index.md:3: WARNING: cannot render the formula", r"\\nosuch{x}"],
    ),
    "bad TeX displayed": (
        "# A page\n\n$$\n\\frac{1}{\n$$\n",
        ["index.md:3: WARNING: cannot render the formula", r"\\frac{1}{"],
    ),
    "no alt text": (
        "# A page\n\n![](picture.svg)\n",
        ["index.md:3", "a figure needs an alt text"],
    ),
    "a file's name for an alt text": (
        "# A page\n\n![picture.svg](picture.svg)\n",
        ["index.md:3", "a figure needs an alt text that says what it shows, got 'picture.svg'"],
    ),
}


@pytest.fixture(scope="module")
def told_of_refused(tmp_path_factory):
    folder = tmp_path_factory.mktemp("refused")
    (folder / "docs").mkdir()
    (folder / "docs" / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    return build_together(folder, {name: page for name, (page, _) in REFUSED.items()})


@pytest.mark.parametrize("what", REFUSED)
def test_the_build_refuses(told_of_refused, what):
    for message in REFUSED[what][1]:
        assert message in told_of_refused[what]


MISMATCHES = {
    "another verdict than published": (
        FLAWED,
        "index.md:9: WARNING: the claim 'sum' is published as 'holds', but the run says 'holds if large'",
    ),
    "claim without verdict": (
        f"# A page\n{CLAIM}",
        "index.md:3: WARNING: the claim 'sum' has no verdict on this page",
    ),
    "verdict without claim": (
        f"{NOTEBOOK}# A page\n{VERDICT}",
        "index.md:11: WARNING: the verdict 'sum' has no claim on this page",
    ),
    "id used twice": (
        f"{NOTEBOOK}# A page\n{CLAIM}{CLAIM}{VERDICT}",
        "index.md:15: WARNING: a second claim for 'sum'",
    ),
    "decided twice": (
        f"{GOOD}{VERDICT}",
        "index.md:23: WARNING: a second verdict for 'sum'",
    ),
    "deciding case missing": (
        GOOD.replace(', "large": agree(10 + 10, 20, 0)', ""),
        "cases: sum asks for ['large'], which is missing",
    ),
    "no erratum": (
        FLAWED.replace(":verdict: holds", ":verdict: holds if large"),
        "index.md:9: WARNING: the claim 'sum' does not simply hold, and has no 'counterexample'",
    ),
    "erratum of a claim that holds": (
        f"{GOOD}\n:::{{natural}} sum\nWhy?\n:::\n",
        "'natural' stands for 'sum', which is no claim with an erratum",
    ),
}


@pytest.fixture(scope="module")
def told_of_mismatches(tmp_path_factory):
    return build_together(tmp_path_factory.mktemp("mismatches"), {name: page for name, (page, _) in MISMATCHES.items()})


@pytest.mark.parametrize("mismatch", MISMATCHES)
def test_claims_and_verdicts_must_match(told_of_mismatches, mismatch):
    assert MISMATCHES[mismatch][1] in told_of_mismatches[mismatch]


@pytest.mark.parametrize(
    ("page", "claims", "message"),
    [
        pytest.param(
            "# A page\n",
            CLAIM_LIST,
            "claims.toml:2: WARNING: the claim 'sum' of the list appears on no page",
            id="claim on no page",
        ),
        pytest.param(
            f"# A page\n{CLAIM}",
            "",
            "index.md:3: WARNING: the list of claims has no 'sum'",
            id="claim not listed",
        ),
    ],
)
def test_claims_and_their_list_must_match(tmp_path, page, claims, message):
    status, printed = build(tmp_path, page, claims)
    assert status != 0
    assert message in printed


def and_cell(code, *, before="", tags=""):
    """Return the good page with one more cell."""
    return f"{GOOD}\n{before}\n\n```{{code-cell}} python\n{tags}{code}\n```\n"


WAYS_ROUND = {
    "a cell of another name": (
        GOOD.replace("{code-cell} python", "{code-cell} ipython3"),
        "index.md:15: WARNING: a cell begins a line with ```{code-cell} python, got ```{code-cell} ipython3",
    ),
    "another language": (
        f"{GOOD}\n```{{code-cell}} bash\nls\n```\n",
        "got ```{code-cell} bash: it might not run",
    ),
    "a cell in a list": (
        f"{GOOD}\n- A list.\n\n  ```{{code-cell}} python\n  assert False\n  ```\n",
        "index.md:23: WARNING: a cell begins a line with ```{code-cell} python, got",
    ),
    "a cell that is skipped": (
        and_cell("assert 1 == 2", tags=":tags: [skip-execution]\n"),
        "the tag skip-execution: a cell that does not run shows nothing",
    ),
    "an error that passes": (
        and_cell("assert 1 == 2", tags=":tags: [raises-exception]\n"),
        "the paragraph above must say that this fails, and the error be shown",
    ),
    "a warning of NumPy": (
        and_cell("import numpy as np\n\nnp.exp(np.array([1000.0]))", tags=":tags: [hide-input]\n"),
        "index.md:27: WARNING: this cell complains: RuntimeWarning: overflow encountered in exp [cells]",
    ),
    "a warning of a module": (
        and_cell("import hw3, warnings\n\nwarnings.warn_explicit('old', FutureWarning, hw3.__file__, 7)"),
        "index.md:24: WARNING: this cell complains: FutureWarning: old [cells]",
    ),
    "standard error": (
        and_cell("import sys\n\nprint('10 %', file=sys.stderr)"),
        "index.md:24: WARNING: this cell complains: 10 % [cells]",
    ),
    "a warning on standard output": (
        and_cell("import sys\nimport numpy as np\n\nsys.stderr = sys.stdout\nnp.log(np.array([-1.0]))"),
        "index.md:28: WARNING: this cell complains: RuntimeWarning: invalid",
    ),
    "errors allowed in the front matter": (
        GOOD.replace("file_format: mystnb", "file_format: mystnb\nmystnb:\n  execution_allow_errors: true"),
        "index.md:1: WARNING: the front matter sets mystnb",
    ),
    "an assert that does not run": (
        f"{GOOD}\n```python\nassert 1 == 2\n```\n",
        "index.md:21: WARNING: this code asserts something, and does not run",
    ),
    "a verdict that does not run": (
        f'{GOOD}\n:::{{code-block}} python\nverdict("sum", {{}})\n:::\n',
        "this code asserts something, and does not run",
    ),
    "cells on a page that is no notebook": (
        f"# A page\n{CLAIM}{VERDICT}",
        "its front matter no file_format: mystnb",
    ),
    "a failed check": (
        and_cell("agree(1, 2, 0)"),
        "index.md:24: WARNING: this cell shows a check that failed",
    ),
    "a failed check that is printed": (
        and_cell("print([agree(1, 2, 0)])"),
        "this cell shows a check that failed",
    ),
    "a failed check in a dict": (
        and_cell('{"a": agree(1, 2, 0)}'),
        "this cell shows a check that failed",
    ),
    "a verdict whose code is hidden": (
        GOOD.replace("{code-cell} python\n", "{code-cell} python\n:tags: [hide-input]\n"),
        "index.md:16: WARNING: this cell decides a claim and is hidden",
    ),
    "a verdict in a section that is folded": (
        GOOD.replace("# A page\n", "# A page\n\n## Deeper\n\n:::{folded}\n:::\n"),
        "index.md:11: WARNING: a claim or its verdict stands in a section that is folded",
    ),
    "a mark to fold no section": (
        GOOD.replace("# A page\n", "# A page\n\nA sentence.\n\n:::{folded}\n:::\n"),
        "index.md:11: WARNING: {folded} stands right below a heading",
    ),
    "a question without an answer": (
        f"{GOOD}\n:::{{guess}} How many?\n- 2\n- 4\n:::\n",
        "index.md:21: WARNING: the question 'How many?' has no answer",
    ),
    "a case named twice": (
        GOOD.replace('"small"', '"large"'),
        "'large' stands twice in a dict of this cell",
    ),
    "a verdict typed in HTML": (
        f'# A page\n{CLAIM}\n<div class=\'verdict\' data-verdict=\'{{"id": "sum", "text": "holds"}}\'></div>\n',
        "the claim 'sum' has no verdict on this page",
    ),
    "a verdict from a cell's HTML": (
        GOOD.replace('verdict("sum"', 'f = dict\nfrom IPython.display import HTML\nHTML("<div class=verdict>") or (')
        .replace("0)})\n", "0)})\n")
        .replace("or (, {", "or ({"),
        "the claim 'sum' has no verdict on this page",
    ),
    "another condition": (
        FLAWED.replace(":verdict: holds", ":verdict: holds if small") + ERRATUM,
        "'sum' is published as 'holds if small', but the run says 'holds if large'",
    ),
    "no heading above": (
        GOOD.replace("# A page\n", ""),
        "the claim 'sum' stands above the page's first heading",
    ),
}


@pytest.fixture(scope="module")
def told_of_ways_round(tmp_path_factory):
    return build_together(tmp_path_factory.mktemp("ways"), {name: page for name, (page, _) in WAYS_ROUND.items()})


@pytest.mark.parametrize("way", WAYS_ROUND)
def test_there_is_no_way_round(told_of_ways_round, way):
    assert WAYS_ROUND[way][1] in told_of_ways_round[way]


@pytest.mark.parametrize(
    "page",
    [
        and_cell("1 / 0", before="This raises an error, which is the point.", tags=":tags: [raises-exception]\n"),
        and_cell("agree(1, 2, 0)", tags=":tags: [expected-failure]\n"),
        f"{GOOD}\n````markdown\n```{{code-cell}} bash\nls\n```\n````\n",
        f"{GOOD}\n```python\n>>> assert True\n```\n",
        f"{GOOD}\n```python\nprint(1)\n```\n",
    ],
)
def test_what_is_said_or_only_shown_is_allowed(tmp_path, page):
    status, printed = build(tmp_path, page)
    assert status == 0, printed


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ('[sum]\nproblem = 1\ncases = ["small"]\n', "claims.toml:1: [sum]: missing part"),
        ('[sum]\nproblem = 1\npart = "a"\n', "claims.toml:1: [sum]: missing cases"),
        ("[sum]\nproblem = \n", "claims.toml:2: Invalid value"),
    ],
)
def test_a_wrong_list_of_claims_is_no_fault_of_sphinx(tmp_path, claims, message):
    status, printed = build(tmp_path, GOOD, claims)
    assert status != 0
    assert message in printed
    assert "report this error" not in printed


def test_what_is_true_instead_is_shown_with_its_check(tmp_path):
    page = FLAWED.replace(":verdict: holds", ":verdict: holds if large") + ERRATUM + "\n# Errata\n\n```{errata}\n```\n"
    status, printed = build(tmp_path, page)
    assert status == 0, printed
    html = re.sub(r"<[^>]*>", "", (tmp_path / "html" / "index.html").read_text(encoding="utf-8"))
    assert html.count("true passes: 1 number, equal") == 2  # under the correction, and among the errata
    assert re.search(r"true instead\s+true\s+✓ passes\s+1 number, equal", html)  # in the verdict's table


def written(folder, page, other):
    """Build the site again after an edit; return which pages were written."""
    html = [folder / "html" / name for name in ("index.html", "other.html")]
    before = [page.stat().st_mtime_ns for page in html]
    status, output = build(folder, page + CONTENTS, options=(), other=other)
    assert status == 0, output
    return [page.name for page, time in zip(html, before, strict=True) if page.stat().st_mtime_ns != time]


def test_an_edit_writes_the_pages_that_show_it(tmp_path):
    status, output = build(tmp_path, GOOD + CONTENTS, other=OTHER)
    assert status == 0, output
    assert written(tmp_path, GOOD, OTHER) == []
    assert written(tmp_path, f"{GOOD}\nA sentence.\n", OTHER) == ["index.html"]
    assert written(tmp_path, GOOD, f"{OTHER}\nA sentence.\n") == ["index.html", "other.html"]
    assert written(tmp_path, GOOD, OTHER.replace("Another", "A third")) == ["index.html", "other.html"]
    assert "A third page" in (tmp_path / "html" / "index.html").read_text(encoding="utf-8")
    elsewhere = FLAWED.replace("holds\n", "holds if large\n")
    status, output = build(tmp_path, elsewhere + CONTENTS, options=(), other=OTHER)
    assert "has no 'counterexample'" in output
    assert "holds if large" in (tmp_path / "html" / "other.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [FLAWED, GOOD.replace("1 + 1", "1 / 0"), f"{GOOD}\n{{ref}}`nowhere`\n"])
def test_what_is_wrong_is_refused_every_time(tmp_path, page):
    for _ in range(2):
        status, _ = build(tmp_path, page, options=())
        assert status != 0
    status, output = build(tmp_path, GOOD, options=())
    assert status == 0, output
    assert not list((tmp_path / "html").rglob("*.log"))


def test_a_failing_cell_is_told_of_once_with_its_claim(tmp_path):
    helper = "\n```{code-cell} python\n:tags: [hide-input]\n\ndef half(x):\n    return x / 0\n```\n"
    status, printed = build(tmp_path, GOOD.replace(VERDICT, helper + VERDICT.replace("1 + 1", "half(4)")))
    assert status != 0
    assert printed.count("WARNING") == 1
    assert (
        "index.md:25: WARNING: this cell failed, below the claim 'sum': ZeroDivisionError: division by zero\n"
        "      23  from claimcheck import agree, verdict\n"
        "      24  \n"
        '  >   25  verdict("sum", {"small": agree(half(4), 2, 0), "large": agree(10 + 10, 20, 0)})\n'
    ) in printed


FAILING_CELLS = [
    (
        "x = = 1",
        "index.md:10: WARNING: this cell failed: SyntaxError: invalid syntax\n",
    ),
    (
        "import os\nos._exit(3)",
        "index.md:10: WARNING: this cell failed: its process died\n",
    ),
    (
        "x = 1\nraise SystemExit(2)",
        "index.md:10: WARNING: this cell failed: SystemExit: 2\n",
    ),
    (
        "from hw3 import mdrnn\n\nmdrnn.weight_count(0, 1)",
        "index.md:12: WARNING: this cell failed: ValueError: d: expected a positive integer, got 0 (raised in",
    ),
    (
        "\n\nx = 0\n1 / x",
        "index.md:13: WARNING: this cell failed: ZeroDivisionError: division by zero\n",
    ),
    (
        "raise ValueError('a\\nb' + 9999 * 'c ')",
        "index.md:10: WARNING: this cell failed: ValueError: a b",
    ),
]


def page_with(cell):
    return f"{NOTEBOOK}# A page\n\n```{{code-cell}} python\n{cell}\n```\n"


@pytest.fixture(scope="module")
def told_of_failing_cells(tmp_path_factory):
    return build_together(tmp_path_factory.mktemp("failing"), {cell: page_with(cell) for cell, _ in FAILING_CELLS})


@pytest.mark.parametrize(("cell", "message"), FAILING_CELLS)
def test_a_cell_may_fail_in_many_ways(told_of_failing_cells, cell, message):
    assert message in told_of_failing_cells[cell]
    assert told_of_failing_cells[cell].count("WARNING") == 1


def test_a_cell_that_does_not_end_is_stopped(tmp_path):
    page = page_with("while True:\n    pass")
    status, printed = build(tmp_path, page, claims="", options=["-D", "nb_execution_timeout=2"])
    assert status != 0
    assert "index.md:10: WARNING: this cell failed: it ran too long, and was stopped\n" in printed
    assert printed.count("WARNING") == 1


def test_a_kernel_that_does_not_start_is_told_of(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "ipykernel_launcher.py").write_text("raise SystemExit(1)", encoding="utf-8")
    status, printed = build(tmp_path, page_with("print('no kernel')"), claims="")
    assert status != 0
    assert "index.md:10: WARNING: this cell failed: its process died\n" in printed
    assert printed.count("WARNING") == 1


@pytest.mark.skipif(os.name == "nt", reason="there are no sockets that are files")
def test_a_kernel_listens_where_no_other_process_does(tmp_path):
    client = NotebookClient(new_notebook())
    listen_in(str(tmp_path), client)
    reached = client.create_kernel_manager().get_connection_info()
    assert (reached["transport"], reached["ip"]) == ("ipc", f"{tmp_path}/kernel")


def test_a_quiet_build_says_a_line_a_page(tmp_path):
    page = GOOD.replace("10 + 10", "5 + 15") + CONTENTS  # cells that no other test runs
    status, printed = build(tmp_path, page, options=["-q"], other=OTHER)
    assert status == 0, printed
    lines = [re.sub(r" +\d+\.\d s  \S*docs/", "", line) for line in printed.splitlines()]
    assert lines == ["index.md: ran its cells", "other.md: read"]
    assert build(tmp_path, page, options=["-q"], other=OTHER) == (0, "")


def test_a_page_that_is_gone_leaves_the_site(tmp_path):
    assert build(tmp_path, GOOD + CONTENTS, other=OTHER)[0] == 0
    (tmp_path / "docs" / "other.md").unlink()
    status, printed = build(tmp_path, GOOD, options=())
    assert status == 0, printed
    assert not (tmp_path / "html" / "other.html").exists()
    assert (tmp_path / "html" / "search.html").exists()


@pytest.mark.skipif(os.name == "nt", reason="the Makefile is for systems with a POSIX shell")
def test_make_builds_when_anything_changed_or_went_and_after_a_build_that_failed(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements/dev.lock", "requirements/install.py", "conf.py", ".venv/installed", "tests/shown.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".venv" / "installed").write_text(f"{tmp_path}\n", encoding="utf-8")
    builder = tmp_path / ".venv" / "bin" / "python"
    builder.parent.mkdir()
    ours = {"MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "VENV", "BUILD", "PYTHON"}  # make may run these tests
    bare = {name: value for name, value in os.environ.items() if name not in ours}

    def make(succeeds):
        site = "mkdir -p $BUILD/html; touch $BUILD/html/index.html"
        builder.write_text(f"#!/bin/sh\necho built; {site}; {str(succeeds).lower()}\n")
        builder.chmod(0o755)
        result = subprocess.run(["make", "html"], cwd=tmp_path, env=bare, check=False, capture_output=True, text=True)  # noqa: S607
        assert (result.returncode == 0) == succeeds, result.stderr
        return "built" in result.stdout.splitlines()

    def later(path):
        stamp = (tmp_path / "_build" / "site-built").stat().st_mtime + 1
        os.utime(path, (stamp, stamp))

    assert make(succeeds=True)
    assert not make(succeeds=True)  # nothing changed
    shutil.rmtree(tmp_path / "_build" / "html")
    assert make(succeeds=True)
    later(tmp_path / "tests" / "shown.md")  # a page may include any file
    assert make(succeeds=False)
    assert make(succeeds=True)
    later(tmp_path / "tests")  # so does the folder's time when a file comes or goes
    assert make(succeeds=True)


def test_an_edit_of_the_package_runs_the_pages_again(tmp_path):
    for name in ("conf.py", "CITATION.cff", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for folder in ("bench/results", "claimcheck", "hw3", "docs/inventories"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    cell = "from hw3 import mdrnn\n\nprint('weights:', mdrnn.weight_count(3, 5))\n"
    page = f"{NOTEBOOK}# A page\n\n```{{code-cell}} python\n{cell}```\n"
    (tmp_path / "docs" / "index.md").write_text(page, encoding="utf-8")
    module = tmp_path / "hw3" / "mdrnn.py"
    (tmp_path / "none.toml").touch()
    source = module.read_text(encoding="utf-8")
    edited = source.replace("return (d + 2 * h) * h", "return (d + 2 * h) * h + 1")
    options = ["-E", "-c", tmp_path, "-d", tmp_path / "doctrees", "-D", "claimcheck_claims=none.toml"]
    for text, count in ((source, 65), (edited, 66)):
        module.write_text(text, encoding="utf-8")
        status, printed = sphinx_build(*options, tmp_path / "docs", tmp_path / "html")
        assert status == 0, printed
        assert len(list((tmp_path / "doctrees" / "executed").iterdir())) == 1  # the outputs before are dropped
        assert f"weights: {count}" in (tmp_path / "html" / "index.html").read_text(encoding="utf-8")
