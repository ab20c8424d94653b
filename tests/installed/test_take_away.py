"""The archive that readers take away, where nothing of this project is: each notebook gets what it needs, and runs."""

import os
import re
import subprocess
import sys
from zipfile import ZipFile

import nbformat
import pytest

from running import RUN
from small_sites import ROOT

BUILD = ROOT / os.environ.get("BUILD", "_build")
NAMES = sorted(path.stem for path in (BUILD / "html" / "take-away").glob("*.ipynb"))


def clean(**more):
    """Return an environment that knows nothing of this checkout, and takes the versions that were tried."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return kept | more


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """Return the unpacked archive, with an environment in it that can run notebooks and has nothing else."""
    folder = tmp_path_factory.mktemp("reader")
    ZipFile(BUILD / "html" / "take-away" / "notebooks.zip").extractall(folder)
    locked = (ROOT / "requirements" / "dev.lock").read_text("utf-8")
    pinned = [line.strip() for line in re.findall(r"^[\w.-]+==[^\\\n]+", locked, re.MULTILINE)]
    (folder / "versions.txt").write_text("\n".join(pinned), encoding="utf-8")  # those that were tried
    inside = folder / "notebooks"
    subprocess.run([sys.executable, "-m", "venv", inside / ".venv"], check=True)
    run(inside, "-m", "pip", "install", "--quiet", "nbclient", "ipykernel")
    return inside


def run(folder, *arguments):
    """Run the environment's Python in the folder."""
    environment = clean(PIP_CONSTRAINT=str(folder.parent / "versions.txt"), IPYTHONDIR=str(folder.parent / "ipython"))
    command = [folder / ".venv" / "bin" / "python", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_there_are_notebooks():
    assert {"index", "lstm-gradient", "how-it-works", "benchmarks", "beyond-one-machine"} <= {*NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_gets_what_it_needs_and_runs_from_top_to_bottom(unpacked, name):
    run(unpacked, "-c", RUN, f"{name}.ipynb")
    first, *cells = nbformat.read(unpacked / f"{name}.ipynb", as_version=4).cells
    assert "%pip install" in first.source
    assert "ERROR" not in "".join(output.get("text", "") for output in first.outputs)
    assert any(cell.get("execution_count") for cell in cells)
    where = run(unpacked, "-c", "import hw3; print(hw3.__file__)").strip()
    assert where.startswith(str(unpacked / ".venv"))


def test_what_the_archive_says_installs_it(unpacked):
    [step] = [line for line in (unpacked / "README.md").read_text("utf-8").splitlines() if "Install" in line]
    [command] = re.findall(r"`(\.venv/bin/python .*)`", step)
    asked_for = command.replace(" jupyterlab ", " ")  # a hundred packages, which no cell needs
    subprocess.run(asked_for, cwd=unpacked, env=clean(), check=True, shell=True, timeout=600)  # noqa: S602  as it says
