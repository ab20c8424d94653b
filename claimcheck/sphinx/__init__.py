r"""A site of checked claims: an extension that a conf.py loads by name, with its own values and a style.

::

    extensions = ["claimcheck.sphinx"]
    claimcheck_claims = "claims.toml"

`claimcheck_claims` is the list of claims. `claimcheck_depends_on` holds patterns of all files, besides the cells
themselves, that a cell's output depends on: when one of them changes, the cells run again. Both are relative to the
folder of conf.py. `claimcheck_run_elsewhere` names the pages whose code is run by something else than the build.
`claimcheck_booklet` names the pages that the builder `booklet` puts together to be printed, in that order: all of
them, if it names none; `claimcheck_booklet_about` holds the lines of its title page. `claimcheck_macros` are the
macros of the formulas: `{"R": r"\mathbb{R}", "norm": r"\lVert #1 \rVert"}`. `claimcheck_proofs` names the record of
what Coq proved: see the module `proofs`. `claimcheck_wheel`, `claimcheck_wheel_extra` and `claimcheck_take_away` say
what goes with the notebooks: see the module `take_away`. What conf.py says of Sphinx, MyST and the theme is taken; what
it leaves open is set here. The site's address, `html_baseurl`, is needed where its page for what was not found should
find its style, and the site is not served from the root of a host.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

from claimcheck import __version__
from claimcheck.sphinx.palette import style_sheet

HERE = Path(__file__).parent

MODULES = [
    "domain",
    "builders",
    "booklet",
    "cells",
    "code_links",
    "equations",
    "execution",
    "figures",
    "folded",
    "font",
    "formulas",
    "head",
    "incremental",
    "ledger",
    "markup",
    "mathml",
    "notebooks",
    "previews",
    "proofs",
    "refusals",
    "take_away",
]

DEFAULTS: dict[str, Any] = {
    "nitpicky": True,
    "default_role": "code",
    "exclude_patterns": ["README.md"],
    "myst_enable_extensions": ["colon_fence", "deflist", "dollarmath"],
    "myst_dmath_allow_space": False,  # so that "$5 and $6" is no formula
    "myst_heading_anchors": 3,
    "nb_execution_timeout": 120,  # a page takes some seconds
    "nb_code_prompt_show": "Show the code",
    "nb_code_prompt_hide": "Hide the code",
    "nb_merge_streams": True,
    "nb_render_markdown_format": "gfm",  # tables
    "nb_number_source_lines": False,
    "html_theme": "furo",
    "html_favicon": str(HERE / "static" / "favicon.svg"),
    "html_show_sourcelink": False,
    "html_copy_source": False,
    "html_show_copyright": False,
    "html_show_sphinx": False,
    "html_domain_indices": False,
    "html_search_scorer": str(HERE / "scorer.js"),
    "html_math_renderer": "mathml",
    "notfound_context": {
        "title": "Page not found",
        "body": "<h1>Page not found</h1><p>There is no page at this address. The contents lead on, or the search.</p>",
    },
    "notfound_urls_prefix": "",
    "pygments_style": "a11y-high-contrast-light",
}
"""What a conf.py that leaves these open gets."""

DARK_STYLE = "github-dark"
"""The style of code on a dark page, if conf.py leaves it to the theme."""


def complete(app: Sphinx, config: Config) -> None:
    """Add this package's style to what conf.py says; have cells run once, and their outputs kept."""
    config.version = config.version or config.release or "0"  # no book is made without
    config.copyright = config.copyright or config.author or config.project  # nor without this
    config.nb_execution_mode, config.nb_execution_excludepatterns = "cache", []  # every cell runs
    config.myst_enable_extensions = {*config.myst_enable_extensions, "colon_fence"}  # for the blocks of claims
    config.exclude_patterns = [*config.exclude_patterns, *no_pages(app)]
    if config.html_theme == "furo":  # there is nothing to search in one page
        beside = ["sidebar/brand.html", "sidebar/navigation.html"]
        config.singlehtml_sidebars = config.singlehtml_sidebars or {"**": beside}
    path = urlsplit(config.html_baseurl).path.rstrip("/")
    config.notfound_urls_prefix = config.notfound_urls_prefix or f"{path}/"
    config.html_static_path = [str(HERE / "static"), *config.html_static_path]
    config.templates_path = [*config.templates_path, str(HERE / "templates")]


def no_pages(app: Sphinx) -> list[str]:
    """Return what may stand among the pages and holds none: what is built, hidden folders, wheels."""
    inside = [folder for folder in (app.outdir, app.doctreedir) if folder.is_relative_to(app.srcdir)]
    written = [folder.relative_to(app.srcdir) for folder in inside]
    return [
        "_build",
        ".*",
        "jupyter_execute",
        "wheels",
        *(folder.as_posix() for folder in written if folder.parts[:1] != ("_build",)),
    ]


def write_palette(app: Sphinx) -> None:
    """Write the style sheet of colours, which is made here, where the others will be copied to."""
    if app.builder.format == "html":
        (app.outdir / "_static").mkdir(parents=True, exist_ok=True)
        (app.outdir / "_static" / "palette.css").write_text(style_sheet(), encoding="utf-8")


def set_dark_style(app: Sphinx) -> None:
    """Set the style of dark code, now that the theme, which knows of it, is there."""
    option = app.config.values.get("pygments_dark_style")
    if option and app.config.pygments_dark_style == option.default:
        app.config.pygments_dark_style = DARK_STYLE


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the parts of this package, its values, and the style."""
    app.setup_extension("myst_nb")
    app.setup_extension("notfound.extension")
    for module in MODULES:
        app.setup_extension(f"{__name__}.{module}")
    for name, value in DEFAULTS.items():
        option = app.config.values[name]
        app.config.values[name] = type(option)(value, option.rebuild, option.valid_types)
    app.connect("config-inited", complete, priority=100)
    app.connect("builder-inited", set_dark_style, priority=0)
    app.connect("builder-inited", write_palette)
    app.add_css_file("palette.css")
    app.add_css_file("site.css")
    app.add_js_file("site.js")
    app.add_js_file("explorers.js")
    app.add_js_file("copying.js")
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
