"""Sphinx's configuration: `make html` builds docs/ into _build/html."""

import tomllib
import warnings
import zlib
from importlib.metadata import metadata
from pathlib import Path

import yaml
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.deprecation import RemovedInNextVersionWarning

ROOT = Path(__file__).resolve().parent

project = "Homework 3, verified"
author = "The hw3 developers"
package = metadata("hw3")
version = release = package["Version"]
html_title = "Homework 3, verified"
addresses = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
html_baseurl = addresses.get("Documentation", "")

extensions = [
    "claimcheck.sphinx",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx.ext.napoleon",
    "sphinx_autodoc_typehints",
]
claimcheck_claims = "hw3/claims.toml"
claimcheck_depends_on = ["hw3/**/*.py", "bench/results/*.json", "docs/inventories/*", "conf.py"]
claimcheck_proofs = "docs/proofs.json"
claimcheck_wheel = "."  # built with the site, for the notebooks that readers take away
claimcheck_wheel_extra = "notebooks"
claimcheck_take_away = ["bench/results/*.json"]
claimcheck_run_elsewhere = ["beyond-one-machine"]  # its code needs PyTorch and JAX: make test-backends runs it

# Paper
homework = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["references"][0]
claimcheck_booklet = ["lstm-gradient", "multidimensional-rnn", "reversibility", "exact-reversal", "errata"]
claimcheck_booklet_about = [
    f"{homework['title']}. {homework['authors'][0]['name']}, {homework['year']}",
    f"{package['Summary']}.",
]

# Reference
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
always_use_bars_union = True
typehints_defaults = "braces"
typehints_use_signature = False
typehints_document_rtype_none = False
napoleon_google_docstring = False
napoleon_use_rtype = False


# One a line of the reference that it parses; its newer versions, for newer Pythons, are mended
warnings.filterwarnings("ignore", category=RemovedInNextVersionWarning, module="sphinx_autodoc_typehints")


def pack_inventories(app: Sphinx, config: Config) -> None:
    """Pack the names of docs/inventories for intersphinx, so that the build downloads nothing."""
    app.doctreedir.mkdir(parents=True, exist_ok=True)
    for name, (address, _) in list(config.intersphinx_mapping.items()):
        lines = (ROOT / "docs" / "inventories" / f"{name}.txt").read_bytes()
        packed = app.doctreedir / f"{name}.inv"
        header = f"# Sphinx inventory version 2\n# Project: {name}\n# Version: \n# The rest is packed with zlib.\n"
        packed.write_bytes(header.encode() + zlib.compress(lines))
        config.intersphinx_mapping[name] = (address, str(packed))


intersphinx_mapping = {
    "python": ("https://docs.python.org/3/", None),
    "numpy": ("https://numpy.org/doc/stable/", None),
    "sympy": ("https://docs.sympy.org/latest/", None),
}


def setup(app: Sphinx) -> None:
    """Pack the inventories; leave out of the reference what a NamedTuple says of its fields by itself."""
    app.connect("config-inited", pack_inventories, priority=100)
    app.connect(
        "autodoc-skip-member",
        lambda app, what, name, member, skip, options: (
            skip or str(getattr(member, "__doc__", "")).startswith("Alias for field number")
        ),
    )
