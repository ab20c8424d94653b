"""Sites of strangers: the starter's, changed as a teacher might, or as one who wants a false verdict published."""

import nbformat
import pytest

from claimcheck.faults.planting import main
from claimcheck.starter import write
from small_sites import small_wheel
from sphinx_build import sphinx_build

HIDDEN = """
This fails, which is the point.

```{code-cell} python
:tags: [raises-exception, remove-output]
assert 1 == 2
```
"""


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "a course"
    write(folder)
    small_wheel(folder / "wheels")
    return folder


def change(folder, name, before, after):
    """Replace a text in a file, all of it if there is none to replace, or add to it."""
    path = folder / name
    text = path.read_text("utf-8") if path.exists() else ""
    path.write_text(text.replace(before, after) if before else text + after, encoding="utf-8")


def build(folder, out="_build/html", *options, strict=True):
    """Build a course as its teacher would, though the outputs of equal cells are kept for all courses."""
    kept = folder.parent.parent / "executed"
    return sphinx_build(f"-Dnb_execution_cache_path={kept}", *options, folder, folder / out, strict=strict)


def page(folder):
    return (folder / "_build" / "html" / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "before", "after", "message"),
    [
        ("conf.py", '["arithmetic"]', '["elsewhere"]', "claimcheck_depends_on: 'elsewhere' names no file"),
        ("index.md", "", HIDDEN, "the paragraph above must say that this fails, and the error be shown"),
        ("index.md", ":verdict: holds\n", "", "the claim 'sum-of-odd-numbers' publishes no verdict"),
        ("index.md", ":verdict: holds\n", ":verdict:\n", "the claim 'sum-of-odd-numbers' publishes no verdict"),
        (
            "index.md",
            "",
            "\n```{code-cell} python\n%matplotlib inline\n```\n",
            "a cell is Python, got a line that begins",
        ),
        ("index.md", "{ledger} 1", "{ledger} 7", "no page states a claim of '7'"),
        ("claims.toml", "", "[odd", "claims.toml:16: "),
        ("conf.py", '"claims.toml"', '"list.toml"', "list.toml: the list of claims can't be read"),
        ("arithmetic/odd.py", "", "x = = 1\n", "SyntaxError: invalid syntax"),
        (
            "other.md",
            "",
            "---\nfile_format: mystnb\n---\n\n# Other\n\n```{code-cell} python\n1\n```\n",
            "its cells are those of 'more': what they print can't be told apart",
        ),
    ],
)
def test_what_is_wrong_is_named(course, name, before, after, message):
    cell = "---\nfile_format: mystnb\n---\n\n# More\n\n```{code-cell} python\n1\n```\n"
    change(course, "more.md", "", cell)
    change(course, "index.md", "", "\n```{toctree}\n:glob:\n\n*\n```\n")
    change(course, name, before, after)
    status, printed = build(course, strict=False)
    assert status != 0
    assert message in printed
    assert "report this error" not in printed


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("conf.py", "", 'nb_execution_mode = "off"\nnb_execution_excludepatterns = ["index.md"]\n'),
        ("conf.py", "", 'myst_enable_extensions = ["dollarmath"]\n'),
        ("conf.py", 'claimcheck_claims = "claims.toml"\n', ""),
        ("conf.py", "", 'exclude_patterns = ["arithmetic"]\n'),
        ("index.md", "name: python3", "name: of-this-course"),
        ("faults.json", "", "[1]"),
        ("faults.json", "", '{"planted": "faults.toml"}'),
        (".venv/lib/package/README.md", "", "# A package\n"),
    ],
)
def test_what_a_teacher_may_have_is_built(course, name, before, after):
    (course / name).parent.mkdir(parents=True, exist_ok=True)
    change(course, name, before, after)
    status, printed = build(course)
    assert status == 0, printed
    assert 'id="verdict-odd-plus-odd"' in page(course)
    assert (course / "_build" / "html" / "_static" / "palette.css").exists()


def test_a_site_may_be_built_among_its_pages_and_from_elsewhere(course, monkeypatch):
    monkeypatch.chdir("/")
    for _ in range(2):
        status, printed = build(course, "out")
        assert status == 0, printed


def test_a_notebook_with_outputs_of_another_run_is_refused(course):
    cell = nbformat.v4.new_code_cell("1", metadata={"tags": ["skip-execution"]})
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Old"), cell]), course / "old.ipynb")
    change(course, "index.md", "", "\n```{toctree}\nold\n```\n")
    status, printed = build(course, strict=False)
    assert status != 0
    assert "a page with cells is Markdown, got a notebook" in printed


def test_an_edit_of_the_package_is_seen_wherever_in_it(course):
    (course / "arithmetic" / "deep").mkdir()
    (course / "arithmetic" / "odd.py").rename(course / "arithmetic" / "deep" / "odd.py")
    change(course, "index.md", "arithmetic.odd", "arithmetic.deep.odd")
    assert build(course)[0] == 0
    change(course, "arithmetic/deep/odd.py", "2 * k + 1", "2 * k")
    assert build(course)[0] != 0


def test_only_what_this_package_wrote_is_dropped(course):
    (course / "shared" / "important").mkdir(parents=True)
    change(course, "shared/important/thesis.tex", "", "mine")
    (course / "shared" / "0123456789abcdef").mkdir()
    status, printed = build(course, "_build/html", f"-Dnb_execution_cache_path={course / 'shared'}")
    assert status == 0, printed
    assert (course / "shared" / "important" / "thesis.tex").exists()
    assert (course / "shared" / "0123456789abcdef").exists()


def test_planted_faults_are_shown_at_the_next_build(course):
    assert build(course)[0] == 0
    assert "not measured on this version; run python -m claimcheck.faults." in page(course)
    assert main(course, "faults.toml") == 0
    assert build(course)[0] == 0
    assert "2 faults were planted, 0 survived." in page(course)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('"index.md", "claims.toml"]', '"index.md", "claims.toml", "data"]', "copied: there is no data"),
        ('odd = ["index.md"]', 'odd = "index.md"', "[pages]: expected a list of pages for odd"),
        ('module = "odd"', 'file = "arithmetic/odd.py"', "no test checks this file: name one under [tests]"),
    ],
)
def test_a_wrong_list_of_faults_is_named(course, capsys, before, after, message):
    change(course, "faults.toml", before, after)
    assert main(course, "faults.toml") == 2
    assert message in capsys.readouterr().err


def test_a_list_of_faults_that_is_not_there_or_empty_is_named(course, capsys):
    assert main(course, "nowhere.toml") == 2
    assert "nowhere.toml: there is no such file" in capsys.readouterr().err
    text = (course / "faults.toml").read_text("utf-8")
    (course / "faults.toml").write_text(
        text[: text.index("[[fault]]")].replace("[pages]", "fault = []\n[pages]"), "utf-8"
    )
    assert main(course, "faults.toml") == 2
    assert "expected at least one [[fault]], got none" in capsys.readouterr().err
