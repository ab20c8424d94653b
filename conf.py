"""Sphinx's configuration: `make html` builds docs/ into _build/html."""

import hashlib
import os
import sys
import zlib
from importlib.metadata import version as version_of
from pathlib import Path

from jupyter_cache import get_cache
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "extensions"))

project = "Homework 3, verified"
author = "The hw3 developers"
release = version_of("hw3")
html_title = "Homework 3, verified"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx.ext.napoleon",
    "sphinx_autodoc_typehints",
    "claims",
    "figures",
    "incremental",
    "ledger",
    "markup",
    "mathml",
    "notebooks",
]
exclude_patterns = ["inventories", "_templates"]
nitpicky = True
default_role = "code"

# Pages
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "cache"
nb_execution_raise_on_error = False  # a failure is a warning with its traceback, and -W makes that an error
nb_execution_show_tb = True
nb_execution_timeout = 300
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Hide the code"
nb_merge_streams = True
nb_render_markdown_format = "gfm"  # tables
nb_number_source_lines = False


def _fingerprint() -> str:
    """Return a hash of all that a cell's output depends on besides the cells themselves."""
    sources = [*ROOT.glob("hw3/**/*.py"), *ROOT.glob("hw3/*.toml"), *ROOT.glob("extensions/*.py")]
    sources += [*ROOT.glob("bench/results/*.json"), *ROOT.glob("docs/inventories/*")]
    sources += [ROOT / "conf.py", ROOT / "requirements.lock", ROOT / "docs" / "matplotlibrc"]
    digest = hashlib.sha256(sys.version.encode())
    for source in sorted(sources):
        digest.update(source.relative_to(ROOT).as_posix().encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:16]


nb_execution_cache_path = str(ROOT / "_build" / "executed" / _fingerprint())
get_cache(nb_execution_cache_path).db  # noqa: B018  made before Sphinx forks, or its workers race to make it

# The kernels: the package on their path, figures as SVG
os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
os.environ["IPYTHONDIR"] = str(ROOT / "_build" / "ipython")
_profile = Path(os.environ["IPYTHONDIR"]) / "profile_default"
_profile.mkdir(parents=True, exist_ok=True)
(_profile / "ipython_kernel_config.py").write_text(
    'c.InlineBackend.figure_formats = {"svg"}\nc.HistoryManager.enabled = False\nc.IPKernelApp.log_level = 40\n',
    encoding="utf-8",
)

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


# Appearance
html_theme = "furo"
html_static_path = ["docs/_static"]
templates_path = ["docs/_templates"]
html_favicon = "docs/_static/favicon.svg"
html_css_files = ["site.css"]
html_js_files = ["site.js", "explorers.js"]
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_domain_indices = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "github-dark"
