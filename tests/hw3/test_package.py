import subprocess
import sys
import tomllib
from pathlib import Path

import hw3


def test_one_import_gives_all_solutions():
    code = "import hw3; print(hw3.lstm.__name__, *(getattr(hw3, name).__name__ for name in hw3.__all__))"
    printed = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    modules = {f"hw3.{path.stem}" for path in Path(hw3.__file__).parent.glob("[!_]*.py")} - {
        "hw3.grader"
    }  # it imports claimcheck
    assert printed[0] == "hw3.lstm"
    assert set(printed) == modules


def test_the_version_is_that_of_the_project():
    project = Path(hw3.__file__).parents[1] / "pyproject.toml"
    assert hw3.__version__ == tomllib.loads(project.read_text("utf-8"))["project"]["version"]
