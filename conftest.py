"""What pytest needs to run the pages: their cells are tests, read by Sybil."""

import os
from functools import cache
from pathlib import Path

import matplotlib as mpl
from hypothesis import Phase, settings
from hypothesis.configuration import set_hypothesis_home_dir
from sybil import Example, Sybil
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser

from claimcheck import Verdict
from claimcheck.pages import published, run_cell

mpl.use("template")  # figures are drawn when the site is built; here they need no window
mpl.rcParams["figure.max_open_warning"] = 0  # and stay open, those of all pages in one process

# No test depends on timing; in CI the examples are the same at every run, elsewhere they go on exploring.
set_hypothesis_home_dir(Path(os.environ.get("BUILD", "_build"), "hypothesis").resolve())
settings.register_profile("hw3", deadline=None, derandomize=bool(os.environ.get("CI")))
# A planted fault is to be noticed at every run alike, and the first example that fails is enough
first = [Phase.explicit, Phase.generate]
settings.register_profile("faults", phases=first, derandomize=True, deadline=None, database=None)
settings.load_profile("hw3")


published_on = cache(published)


def run_example(example: Example) -> None:
    """Run the code of a page; a verdict that it comes to must be the one that the page publishes."""
    first = example.line + example.parsed.line_offset + 1
    shown = run_cell(example.parsed, example.namespace, example.path, first)
    if isinstance(shown, Verdict):
        assert shown.text == published_on(Path(example.path))[shown.claim_id]


class Cells(PythonCodeBlockParser):
    """The cells of a page, and other Python that stands on it."""

    def __init__(self) -> None:
        super().__init__()
        self.codeblock_parser = CodeBlockParser("python", run_example)


pytest_collect_file = Sybil(
    parsers=[Cells()],
    patterns=["README.md", "docs/*.md"],
    excludes=["docs/beyond-one-machine.md"],  # its code needs PyTorch and JAX: make test-backends runs it
).pytest()
