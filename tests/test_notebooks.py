"""The notebooks that readers take away: in one archive with all that they need, they run and lead to nothing dead."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote
from zipfile import ZipFile

import nbformat
import pytest
from nbclient import NotebookClient

from claimcheck.claims import VERDICT_TYPE
from claimcheck.pages import cells_of, published, read
from claimcheck.sphinx.execution import listen_in
from links import Page
from notebook_texts import anchors, left_over, links, texts
from sphinx_build import sphinx_build

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
NAMES = sorted(path.stem for path in DOCS.glob("*.md") if read(path))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site as `make html` does."""
    folder = tmp_path_factory.mktemp("site")
    outputs = Path(os.environ.get("BUILD", ROOT / "_build"), "doctrees", "executed")  # those of make html, if it ran
    options = ["-c", ROOT, "-d", folder / "doctrees", "-D", f"nb_execution_cache_path={outputs.resolve()}"]
    status, printed = sphinx_build(*options, DOCS, folder / "html")
    assert status == 0, printed
    return folder / "html"


@pytest.fixture(scope="module")
def unpacked(site, tmp_path_factory):
    """Unpack the archive that the first page leads to; return the folder that it holds."""
    [link] = [link for link in Page((site / "index.html").read_text("utf-8")).links if link.endswith(".zip")]
    folder = tmp_path_factory.mktemp("taken")
    ZipFile(site / link).extractall(folder)
    [inside] = folder.iterdir()
    return inside


@pytest.fixture(scope="module")
def notebooks(unpacked):
    """Return the notebooks of the archive, by the names of their pages."""
    return {path.stem: nbformat.read(path, as_version=4) for path in unpacked.glob("*.ipynb")}


@pytest.fixture(scope="module")
def installed(unpacked, tmp_path_factory):
    """Install the wheel of the archive by pip, without what it needs, into a folder of its own."""
    folder = tmp_path_factory.mktemp("installed")
    [wheel] = unpacked.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", folder, wheel], check=True, capture_output=True, timeout=300)
    return folder


def test_every_page_with_cells_offers_its_notebook(site, unpacked, notebooks):
    assert sorted(notebooks) == NAMES
    for name in NAMES:
        offered = [link for link in Page((site / f"{name}.html").read_text("utf-8")).links if "take-away/" in link]
        assert offered == [f"take-away/{name}.ipynb", "take-away/notebooks.zip"]
        assert (site / offered[0]).read_bytes() == (unpacked / f"{name}.ipynb").read_bytes()


def test_equations_have_the_numbers_of_the_page(site, notebooks):
    numbered = 0
    for name, notebook in notebooks.items():
        shown = re.findall(r'class="eqno">\(([^)]*)\)', (site / f"{name}.html").read_text("utf-8"))
        told = re.findall(r"\\tag\{(.*?)\}", "".join(c.source for c in notebook.cells if c.cell_type == "markdown"))
        assert told == shown
        numbered += len(told)
    assert numbered > 10


def test_five_lines_lead_from_the_archive_to_a_notebook(unpacked):
    heading, *steps = (unpacked / "README.md").read_text("utf-8").splitlines()
    assert heading.startswith("# ")
    assert [step[:2] for step in steps] == ["1.", "2.", "3.", "4."]
    for step, words in zip(steps, ["Unpack", "venv", "Install", "Open"], strict=True):
        assert words in step
    [wheel] = [path.name for path in unpacked.glob("*.whl")]
    assert f'pip install jupyterlab "./{wheel}[notebooks]"' in steps[2]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_says_first_what_it_needs(notebooks, unpacked, name):
    first = notebooks[name].cells[0]
    *words, install = first.source.splitlines()
    [wheel] = [path.name for path in unpacked.glob("*.whl")]
    assert first.metadata.tags == ["install"]
    assert all(line.startswith("# ") for line in words)
    assert "It needs hw3 0.1.0" in first.source
    assert install == f'%pip install --quiet "./{wheel}[notebooks]"'
    assert ("The files that it reads" in first.source) == (name in {"benchmarks", "beyond-one-machine"})
    assert ("needs more" in first.source) == (name == "beyond-one-machine")


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_where_the_package_is_installed(notebooks, unpacked, installed, tmp_path, monkeypatch, name):
    monkeypatch.setenv("PYTHONPATH", str(installed))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.from_dict(notebooks[name])
    assert any(cell.get("outputs") for cell in notebook.cells), "it should come with its outputs"
    notebook.cells[0].source = "import hw3\nprint(hw3.__file__)"  # what it was would install into this environment
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(unpacked)}})
    with TemporaryDirectory() as folder:
        listen_in(folder, client)
        client.execute()
    assert Path(notebook.cells[0].outputs[0].text.strip()).is_relative_to(installed)
    shown = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", [])]
    assert sum(VERDICT_TYPE in data for data in shown) == len(published(DOCS / f"{name}.md"))


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_markdown_that_jupyter_shows(notebooks, name):
    assert [found for text in texts(notebooks[name]) for found in left_over(text)] == []
    assert all(f"**{claim}**" in "\n".join(texts(notebooks[name])) for claim in claims_on(name))


def claims_on(name):
    """Return how the claims of a page are called."""
    problem = {"lstm-gradient": "1", "multidimensional-rnn": "2", "reversibility": "3", "exact-reversal": "B"}.get(name)
    listed = tomllib.loads((ROOT / "hw3" / "claims.toml").read_text("utf-8"))
    of_problem = [claim for claim, entry in listed.items() if str(entry["problem"]) == problem]
    return [f"Claim {problem}.{n}" for n, claim in enumerate(of_problem, 1) if claim in published(DOCS / f"{name}.md")]


def test_what_jupyter_does_not_show_is_found():
    left = [
        "See {claim}`a`.",
        "- {eq}`e`",
        "(label)=",
        ":::{note}",
        "| {doc}`x` |\n|---|",
        "```{figure} x\n```",
        "% no",
    ]
    assert all(left_over(text) for text in left)
    shown = ["`{claim}`", "$\\frac{claim}{a}$", "$$\n\\tag{3.2}\n$$", "```text\n:::{claim} a\n```", "(label) = 2"]
    assert not any(left_over(text) for text in shown)


@pytest.mark.parametrize("name", NAMES)
def test_no_link_of_a_notebook_is_dead(notebooks, unpacked, name):
    here = set().union(*map(anchors, texts(notebooks[name])))
    for cell in notebooks[name].cells:
        for link in links(cell.source) if cell.cell_type == "markdown" else []:
            place, _, anchor = unquote(link).partition("#")
            if link.startswith("attachment:"):
                assert place.removeprefix("attachment:") in cell.attachments
            elif not link.startswith("https://"):
                assert not place or (unpacked / place).is_file(), link
                assert not anchor or (not place and anchor in here), link


def test_a_figure_goes_with_its_notebook(notebooks):
    figures = {
        name: [image for cell in notebook.cells for image in cell.get("attachments", {})]
        for name, notebook in notebooks.items()
    }
    assert figures["lstm-gradient"] == ["lstm-cell.svg"]
    assert figures["multidimensional-rnn"] == ["mdrnn-cell.svg"]
    assert figures["reversibility"] == ["jacobian-factors.svg"]


def test_nothing_that_is_taken_away_names_a_folder_of_this_machine(unpacked):
    for path in unpacked.rglob("*"):
        text = path.read_text("utf-8", errors="replace") if path.is_file() else ""
        assert str(ROOT) not in text
        assert os.path.expanduser("~") + os.sep not in text  # noqa: PTH111


def test_what_the_pages_import_is_asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked_for = [*project["dependencies"], *project["optional-dependencies"]["notebooks"]]
    known = {re.match(r"[\w-]+", requirement)[0] for requirement in asked_for} | set(sys.stdlib_module_names)
    known |= {"claimcheck", "hw3", "IPython"}  # the last is what ipykernel runs
    for name in NAMES:
        cells = "\n".join(cells_of(DOCS / f"{name}.md"))
        for node in ast.walk(ast.parse(cells)):
            if isinstance(node, ast.Import):
                assert {alias.name.partition(".")[0] for alias in node.names} <= known
            if isinstance(node, ast.ImportFrom):
                assert node.module.partition(".")[0] in known
