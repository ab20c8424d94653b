"""Sphinx's configuration: `make html` builds docs/ into _build/html."""

import sys
import zlib
from importlib.metadata import version as version_of
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "extensions"))

from homework_site import settings  # noqa: E402  its folder is on the path only now

project = "Homework 3, verified"
author = "The hw3 developers"
release = version_of("hw3")
html_title = "Homework 3, verified"

extensions: list[str] = []
globals().update(
    settings(
        ROOT,
        depends_on=[
            "hw3/**/*.py",
            "hw3/claims.toml",
            "bench/results/*.json",
            "docs/inventories/*",
            "conf.py",
        ],
    )
)
extensions += ["sphinx.ext.autodoc", "sphinx.ext.intersphinx", "sphinx.ext.napoleon", "sphinx_autodoc_typehints"]

# Reference
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
always_use_bars_union = True
typehints_defaults = "braces"
typehints_use_signature = False
typehints_document_rtype_none = False
napoleon_google_docstring = False
napoleon_use_rtype = False


def _inventory(name: str) -> str:
    """Pack the names of docs/inventories/NAME.txt for intersphinx, so that the build downloads nothing."""
    lines = (ROOT / "docs" / "inventories" / f"{name}.txt").read_bytes()
    packed = ROOT / "_build" / "inventories" / f"{name}.inv"
    packed.parent.mkdir(parents=True, exist_ok=True)
    header = f"# Sphinx inventory version 2\n# Project: {name}\n# Version: \n# The rest is packed with zlib.\n"
    packed.write_bytes(header.encode() + zlib.compress(lines))
    return str(packed)


intersphinx_mapping = {
    "python": ("https://docs.python.org/3/", _inventory("python")),
    "numpy": ("https://numpy.org/doc/stable/", _inventory("numpy")),
    "sympy": ("https://docs.sympy.org/latest/", _inventory("sympy")),
}


def setup(app: Sphinx) -> None:
    """Leave out of the reference what a NamedTuple says of its fields by itself."""
    app.connect(
        "autodoc-skip-member",
        lambda app, what, name, member, skip, options: (
            skip or str(getattr(member, "__doc__", "")).startswith("Alias for field number")
        ),
    )
