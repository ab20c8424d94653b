"""The notebooks that readers take away run where the package is installed, away from this folder."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import pytest
from nbclient import NotebookClient

from claimcheck.claims import VERDICT_TYPE
from claimcheck.pages import cells_of
from claimcheck.sphinx.execution import listen_in
from sphinx_build import sphinx_build

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
NAMES = ["lstm-gradient", "multidimensional-rnn", "reversibility", "exact-reversal"]


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    """Build the site as `make html` does; return the notebooks that it offers."""
    folder = tmp_path_factory.mktemp("site")
    outputs = Path(os.environ.get("BUILD", ROOT / "_build"), "doctrees", "executed")  # those of make html, if it ran
    options = ["-c", ROOT, "-d", folder / "doctrees", "-D", f"nb_execution_cache_path={outputs.resolve()}"]
    status, printed = sphinx_build(*options, DOCS, folder / "html")
    assert status == 0, printed
    return {path.stem: path for path in (folder / "html" / "_downloads").glob("*/*.ipynb")}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Install the package by pip, without what it needs, into a folder of its own."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", folder, ROOT], check=True, capture_output=True, timeout=300)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_where_the_package_is_installed(notebooks, installed, tmp_path, monkeypatch, name):
    monkeypatch.setenv("PYTHONPATH", str(installed))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(notebooks[name], as_version=4)
    assert any(cell.get("outputs") for cell in notebook.cells), "it should come with its outputs"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    notebook.cells.append(nbformat.v4.new_code_cell("import hw3\nprint(hw3.__file__)"))
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}})
    with TemporaryDirectory() as folder:
        listen_in(folder, client)
        client.execute()
    assert Path(notebook.cells[-1].outputs[0].text.strip()).is_relative_to(installed)
    verdicts = [output for cell in notebook.cells[:-1] for output in cell.get("outputs", []) if "data" in output]
    assert any(VERDICT_TYPE in output.data for output in verdicts)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_plain_markdown(notebooks, name):
    notebook = nbformat.read(notebooks[name], as_version=4)
    texts = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert not re.search(r":::|\{[\w-]+\}`|^```\{|^\(.*\)=$", texts, re.MULTILINE)
    assert "**Claim" in texts
    assert "<details><summary>Solution</summary>" in texts


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_names_no_folder_of_this_machine(notebooks, name):
    assert str(ROOT) not in notebooks[name].read_text(encoding="utf-8")
    assert os.path.expanduser("~") + os.sep not in notebooks[name].read_text(encoding="utf-8")  # noqa: PTH111


def test_what_the_pages_import_is_asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked_for = [*project["dependencies"], *project["optional-dependencies"]["notebooks"]]
    known = (
        {re.match(r"[\w-]+", requirement)[0] for requirement in asked_for}
        | {"claimcheck", "hw3"}
        | set(sys.stdlib_module_names)
    )
    for name in NAMES:
        cells = "\n".join(cells_of(DOCS / f"{name}.md"))
        for node in ast.walk(ast.parse(cells)):
            if isinstance(node, ast.Import):
                assert {alias.name.partition(".")[0] for alias in node.names} <= known
            if isinstance(node, ast.ImportFrom):
                assert node.module.partition(".")[0] in known
