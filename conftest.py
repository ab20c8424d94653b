"""What pytest needs to run the pages: their cells are tests, read by Sybil."""

import os

from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser

os.environ["MPLBACKEND"] = "template"  # figures are drawn when the site is built; here they need no window

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=["README.md", "docs/*.md"],
).pytest()
