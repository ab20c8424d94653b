"""Sphinx's configuration of another homework."""

import os
import sys
from pathlib import Path

sys.path.insert(0, os.environ["EXTENSIONS"])  # the folder of that name in a clone

from homework_site import settings

project = "Arithmetic, verified"
here = Path(__file__).parent
globals().update(settings(here, claims="claims.toml", depends_on=["*.toml", "conf.py"]))
