"""What pytest needs to run the pages: their cells are tests, read by Sybil."""

import os
from pathlib import Path

import matplotlib as mpl
from hypothesis import Phase, settings
from hypothesis.configuration import set_hypothesis_home_dir
from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser

mpl.use("template")  # figures are drawn when the site is built; here they need no window
mpl.rcParams["figure.max_open_warning"] = 0  # and stay open, those of all pages in one process

# No test depends on timing; in CI the examples are the same at every run, elsewhere they go on exploring.
set_hypothesis_home_dir(Path(os.environ.get("BUILD", "_build"), "hypothesis").resolve())
settings.register_profile("hw3", deadline=None, derandomize=bool(os.environ.get("CI")))
# A planted fault is to be noticed at every run alike, and the first example that fails is enough
first = [Phase.explicit, Phase.generate]
settings.register_profile("faults", phases=first, derandomize=True, deadline=None, database=None)
settings.load_profile("hw3")

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=["README.md", "docs/*.md"],
    excludes=["docs/beyond-one-machine.md"],  # its code needs PyTorch and JAX: make test-backends runs it
).pytest()
