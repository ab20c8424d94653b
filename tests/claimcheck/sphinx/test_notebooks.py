"""What becomes of MyST in the notebooks of small sites, and what goes with them."""

import os
import time
from base64 import b64decode
from itertools import pairwise
from zipfile import ZipFile

import nbformat
import pytest

from claimcheck.sphinx.wheel import built, described
from links import Page
from notebook_texts import left_over, links, texts
from small_sites import CLAIM_LIST, CONTENTS, GOOD, NOTEBOOK, VERDICT, build, small_wheel

CELL = "\n```{code-cell} python\nprint('a cell')\n```\n"
INDEX = f"""{GOOD}
```{{take-away}}
```

```{{toctree}}
part/page
words
```
"""
PAGE = f"""{NOTEBOOK}# A page in a folder

```{{take-away}}
```

(where-it-is)=
## Of $x$, {{claim}}`sum` and `code`

```{{math}}
:label: energy

E = m c^2
```

$$ p = q $$ (momentum)

By {{eq}}`energy` and {{eq}}`momentum`, see {{ref}}`where-it-is`, [the words](../words.md#some-words), {{doc}}`/words`,
[](../index.md), {{claim}}`sum`, {{py:class}}`int`, {{download}}`the data <data.csv>`,
H{{sub}}`2`O, {{math}}`y`, {{abbr}}`MDRNN (a network)`, <https://example.org/>, `{{claim}}` and `` {{eq}}`energy` ``.

:::{{admonition}} A note, {{claim}}`sum` < 2
:class: dropdown

Within, {{eq}}`energy`.

```{{note}}
Nested, {{ref}}`where-it-is`.
```
:::

| a role | a bar |
|---|--:|
| {{claim}}`sum` | `a\\|b`, $\\|x\\|$ |

```text
:::{{claim}} sum
```

- a list with {{eq}}`energy`

  ```python
  "{{eq}}`energy`"
  ```

Term {{claim}}`sum`
: What it *means*, 2 * 3 * 4, a_b and \\_c_.

% a comment

> Quoted, {{eq}}`momentum`.
{CELL}
```{{figure}} ../picture.svg
:alt: A line.
:name: a-line

The caption, {{eq}}`energy`.
```
"""
WORDS = "# Words\n\n## Some words\n\nNo cell.\n"
INT = "https://docs.python.org/3/library/functions.html#int"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><path d="M0 0H4"/></svg>'


@pytest.fixture(scope="module")
def built_site(tmp_path_factory):
    """Return what builds a site with pages of all kinds, with these options, into a folder of its own."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "docs" / "part").mkdir(parents=True)
    (folder / "docs" / "part" / "data.csv").write_text("1,2\n", encoding="utf-8")
    (folder / "docs" / "picture.svg").write_text(PICTURE, encoding="utf-8")
    small_wheel(folder / "wheels")
    wheel = [
        f"-Dclaimcheck_wheel={folder / 'wheels' / '*.whl'}",
        "-Dclaimcheck_wheel_extra=",
        "-Dclaimcheck_take_away=",
    ]

    def taken(*options):
        status, printed = build(folder, INDEX, options=[*wheel, *options], **{"part/page": PAGE, "words": WORDS})
        assert status == 0, printed
        return folder / "html" / "take-away"

    return taken


def notebook(folder, name):
    return nbformat.read(folder / f"{name}.ipynb", as_version=4)


def said(folder, name):
    return "\n\n".join(texts(notebook(folder, name)))


def test_nothing_of_myst_is_left_and_code_is_as_it_was(built_site):
    text = said(built_site(), "part-page")
    assert left_over(text) == []
    assert "```text\n:::{claim} sum\n```" in text
    assert "`{claim}` and `` {eq}`energy` ``" in text
    assert '  ```python\n  "{eq}`energy`"\n  ```' in text


def test_what_a_page_says_is_said(built_site):
    text = said(built_site(), "part-page")
    assert "$$\nE = m c^2\n\\tag{1}\n$$" in text
    assert "$$\np = q\n\\tag{2}\n$$" in text
    assert "> **A note" not in text
    assert "<details><summary>A note, Claim 1.1 &lt; 2</summary>\n\nWithin, [(1)](" in text
    assert "> **Note**\n>\n> Nested, [Of x, sum and code](" in text
    assert "| [Claim 1.1](index.ipynb) | `a\\|b`, $\\vert{}x\\vert{}$ |" in text
    assert "- **Term [Claim 1.1](index.ipynb)**: What it *means*, 2 \\* 3 \\* 4, a_b and \\_c\\_." in text
    assert "H<sub>2</sub>O, $y$, MDRNN" in text
    assert "> Quoted, [(2)](" in text
    assert "![A line.](attachment:picture.svg)\n\nThe caption, [(1)](" in text
    assert "a comment" not in text


def test_links_lead_beside_or_are_words(built_site):
    folder = built_site()
    text = said(folder, "part-page")
    for words in ("the words", "Words", "[A page](index.ipynb)", "[the data](part/data.csv)", f"[`int`]({INT})"):
        assert words in text
    assert (folder / "part" / "data.csv").read_text("utf-8") == "1,2\n"
    here = "#Of-x,-Claim-1.1-and-code"
    assert {*links(text)} == {
        here,
        "index.ipynb",
        "part/data.csv",
        "https://example.org/",
        INT,
        "attachment:picture.svg",
    }


@pytest.mark.parametrize("slash", ["", "/"])
def test_links_lead_to_the_site_where_its_address_is_known(built_site, slash):
    folder = built_site(f"-Dhtml_baseurl=https://example.org/course{slash}")
    text = said(folder, "part-page")
    there = {link for link in links(text) if link.startswith("https://example.org/course")}
    assert {link.removeprefix("https://example.org/course/") for link in there} == {
        "index.html",
        "index.html#claim-sum",
        "words.html",
        "words.html#some-words",
        *(f"_downloads/{path.parent.name}/data.csv" for path in (folder.parent / "_downloads").rglob("data.csv")),
    }
    first = notebook(folder, "part-page").cells[0].source
    assert "https://example.org/course/part/page.html" in first
    where = "https://example.org/course/take-away/hw3-0.1.0-py3-none-any.whl"
    assert first.endswith(f'%pip install --quiet "hw3 @ {where}"')


def test_folders_of_pages_become_part_of_names(built_site):
    folder = built_site()
    with ZipFile(folder / "notebooks.zip") as archive:
        names = {name.removeprefix("notebooks/") for name in archive.namelist()}
        for name in names:
            assert archive.read(f"notebooks/{name}") == (folder / name).read_bytes()
    notebooks = {"index.ipynb", "part-page.ipynb"}
    assert names == {*notebooks, "hw3-0.1.0-py3-none-any.whl", "README.md", "claims.toml", "part/data.csv"}


@pytest.mark.parametrize(("builder", "page"), [("html", "part/page.html"), ("dirhtml", "part/page/index.html")])
def test_a_page_in_a_folder_leads_to_its_notebook_and_the_archive(built_site, builder, page):
    site = built_site("-b", builder, "-E").parent
    offered = [link for link in Page((site / page).read_text("utf-8")).links if "take-away/" in link]
    found = [((site / page).parent / link).resolve() for link in offered]
    assert found == [(site / "take-away" / name).resolve() for name in ("part-page.ipynb", "notebooks.zip")]
    assert all(path.is_file() for path in found)


def test_a_page_elsewhere_shows_the_archive_alone_and_other_builders_nothing(tmp_path):
    index = INDEX.replace("part/page\n", "")
    words = f"{WORDS}\n```{{take-away}}\n```\n"
    options = ["-Dclaimcheck_wheel=", "-Dclaimcheck_take_away="]
    assert build(tmp_path, index, options=options, words=words)[0] == 0
    html = (tmp_path / "html" / "words.html").read_text("utf-8")
    assert 'href="take-away/notebooks.zip"' in html
    assert ".ipynb" not in html
    assert build(tmp_path, index, options=[*options, "-E", "-b", "singlehtml"], words=words)[0] == 0
    assert "take-away" not in (tmp_path / "html" / "index.html").read_text("utf-8").replace("take-away.", "")


def test_without_a_wheel_a_notebook_names_what_it_imports(tmp_path):
    cell = "\n```{code-cell} python\nimport math, numpy\n```\n"
    page = f"{GOOD}{cell}\n```{{take-away}}\n```\n"
    assert build(tmp_path, page, options=["-Dclaimcheck_wheel=", "-Dclaimcheck_take_away="])[0] == 0
    first = notebook(tmp_path / "html" / "take-away", "index").cells[0].source
    assert first == "# A page of 'Homework 3, verified'\n# It needs numpy."


def test_what_is_not_offered_is_not_made(tmp_path):
    options = ["-Dclaimcheck_wheel=nowhere/*.whl", "-Dclaimcheck_take_away=nowhere"]
    assert build(tmp_path, GOOD, options=options)[0] == 0
    assert not (tmp_path / "html" / "take-away").exists()


@pytest.mark.parametrize("setting", ["claimcheck_wheel", "claimcheck_take_away"])
def test_what_goes_with_the_notebooks_must_be_there(tmp_path, setting):
    page = f"{GOOD}\n```{{take-away}}\n```\n"
    others = ["-Dclaimcheck_wheel=", "-Dclaimcheck_take_away="]
    for _ in range(2):
        status, printed = build(tmp_path, page, options=[*others, f"-D{setting}=nowhere/*.whl"], strict=False)
        assert status != 0
        assert f"{setting}: " in printed
        assert "nowhere/*.whl" in printed


def test_two_notebooks_of_one_name_are_refused(tmp_path):
    front = f"{GOOD}\n```{{take-away}}\n```\n\n```{{toctree}}\na/b\na-b\n```\n"
    (tmp_path / "docs" / "a").mkdir(parents=True)
    pages = {name: f"{NOTEBOOK}# A page\n\n```{{code-cell}} python\n'{name}'\n```\n" for name in ("a/b", "a-b")}
    options = ["-Dclaimcheck_wheel=", "-Dclaimcheck_take_away="]
    status, printed = build(tmp_path, front, options=options, strict=False, **pages)
    assert status != 0
    assert "b.md: WARNING: its notebook has the name of that of 'a" in printed


def test_what_a_page_folds_is_folded(tmp_path):
    folded = "\n```{code-cell} python\n:tags: [hide-input]\nx = 1\n```\n\n```{code-cell} python\nx + 1\n```\n"
    assert build(tmp_path, f"{NOTEBOOK}# A page\n{folded}", claims="")[0] == 0
    (path,) = {path.resolve() for path in tmp_path.rglob("index.ipynb")}
    cells = nbformat.read(path, as_version=4).cells[1:]
    assert [cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in cells] == [True, False]


def test_a_cell_that_a_page_does_not_show_is_in_its_notebook(tmp_path):
    hidden = "\n```{code-cell} python\n:tags: [remove-cell]\nx = 1\n```\n\n```{code-cell} python\nx + 1\n```\n"
    assert build(tmp_path, f"{NOTEBOOK}# A page\n{hidden}", claims="")[0] == 0
    (path,) = {path.resolve() for path in tmp_path.rglob("index.ipynb")}
    assert [cell.source for cell in nbformat.read(path, as_version=4).cells] == ["# A page", "x = 1", "x + 1"]


def test_an_edit_changes_what_it_must_and_no_more(tmp_path):
    small_wheel(tmp_path / "wheels")
    options = [f"-Dclaimcheck_wheel={tmp_path / 'wheels' / '*.whl'}", "-Dclaimcheck_take_away="]
    other = f"{NOTEBOOK}# Another page\n\nSee {{claim}}`sum`.\n{CELL}"
    pages = [
        (GOOD, other),
        (GOOD, other),
        (GOOD, other.replace("See", "Look at")),
        (GOOD.replace("# A page", "# A title"), other),
        (GOOD.replace("# A page", "# A title"), "# Another page\n\nNo cell.\n"),
    ]
    folder, seen = tmp_path / "html" / "take-away", []
    third = f"{NOTEBOOK}# A third page\n\nSee [it](other.md).\n{CELL}\nThe end.\n{CELL}"
    contents = CONTENTS.replace("other", "other\nthird")
    for index, page in pages:
        front = f"{index}\n```{{take-away}}\n```\n{contents}"
        status, printed = build(tmp_path, front, options=options, other=page, third=third)
        assert status == 0, printed
        seen.append({path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*")})
    changed = [{name for name in {*a, *b} if a.get(name) != b.get(name)} for a, b in pairwise(seen)]
    archive, both = "notebooks.zip", {"index.ipynb", "other.ipynb"}
    assert changed == [set(), {archive, "other.ipynb"}, {archive, *both}, {archive, "other.ipynb", "third.ipynb"}]
    assert "other.ipynb" not in seen[-1]
    assert "See it." in said(folder, "third")


PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "some-course"
version = "1.2"
requires-python = ">=3.11"

[project.urls]
Repository = "https://example.org/repository"

[tool.hatch.build.targets.wheel]
packages = ["some_course"]
"""


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    (folder / "some_course").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (folder / "some_course" / "__init__.py").write_text('"""A course."""\n', encoding="utf-8")
    return folder


def test_a_wheel_is_built_when_what_it_is_made_of_changed(project, tmp_path):
    [first] = built(project, tmp_path / "wheel")
    built_at = first.stat().st_mtime_ns
    (project / "page.md").write_text("# A page\n", encoding="utf-8")
    [again] = built(project, tmp_path / "wheel")
    assert (again, again.stat().st_mtime_ns) == (first, built_at)
    assert described(first)[1:] == ("some-course", " 3.11 or newer", "some-course 1.2 (https://example.org/repository)")
    (project / "some_course" / "__init__.py").write_text('"""Another."""\n', encoding="utf-8")
    [other] = built(project, tmp_path / "wheel")
    assert ZipFile(other).read("some_course/__init__.py") == b'"""Another."""\n'
    assert not first.exists()


def test_a_wheel_is_the_same_whenever_it_is_built(project, tmp_path):
    [first] = built(project, tmp_path / "first")
    later = time.time() + 86400
    os.utime(project / "some_course" / "__init__.py", (later, later))
    [second] = built(project, tmp_path / "second")
    assert first.read_bytes() == second.read_bytes()


def test_a_wheel_that_cannot_be_built_is_told_of(tmp_path):
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "pyproject.toml").write_text("[project]\nname = 'no version'\n", encoding="utf-8")
    page = f"{GOOD}\n```{{take-away}}\n```\n"
    options = [f"-Dclaimcheck_wheel={tmp_path / 'project'}", "-Dclaimcheck_take_away="]
    for _ in range(2):
        status, printed = build(tmp_path, page, CLAIM_LIST, options=options, strict=False)
        assert status != 0
        assert "can't be built" in printed


def test_the_verdict_of_a_page_is_in_its_notebook(built_site):
    cells = [cell for cell in notebook(built_site(), "index").cells if cell.cell_type == "code"]
    assert VERDICT.strip().splitlines()[1] in cells[1].source
    assert "sum: holds" in cells[1].outputs[0].data["text/plain"]


def test_a_figure_goes_with_its_notebook(built_site):
    shown = [cell.get("attachments", {}) for cell in notebook(built_site(), "part-page").cells]
    [image] = [image for images in shown for image in images.values()]
    assert b64decode(image["image/svg+xml"]).decode() == PICTURE
