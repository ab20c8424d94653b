"""The settings that any site of checked claims needs, for its conf.py.

Another homework puts this folder on its path and starts from `settings`; what it adds is its own.
"""

import gc
import os
from pathlib import Path
from typing import Any

from hw3.verify.claims import CLAIMS_VARIABLE

HERE = Path(__file__).parent


def settings(root: Path, claims: str | None = None, depends_on: list[str] | None = None) -> dict[str, Any]:
    """Return Sphinx's settings for the site of the repository at `root`.

    `claims` is the file with the list of claims, and `depends_on` holds patterns of all files, besides the cells
    themselves and this folder, that a cell's output depends on: when one of them changes, the cells run again.
    Both are relative to `root`.
    """
    gc.disable()  # a build is short, and makes little that only the collector could free; it took a sixth of the time
    if claims is not None:
        os.environ[CLAIMS_VARIABLE] = str(root / claims)
    return {
        "extensions": [
            "myst_nb",
            "cells",
            "claims",
            "execution",
            "figures",
            "incremental",
            "ledger",
            "markup",
            "mathml",
            "notebooks",
            "refusals",
        ],
        "cells_depend_on": depends_on or [],
        "nitpicky": True,
        "default_role": "code",
        "exclude_patterns": ["_build"],
        "myst_enable_extensions": ["colon_fence", "deflist", "dollarmath"],
        "myst_heading_anchors": 3,
        "nb_execution_mode": "cache",
        "nb_execution_timeout": 120,  # a page takes some seconds
        "nb_code_prompt_show": "Show the code",
        "nb_code_prompt_hide": "Hide the code",
        "nb_merge_streams": True,
        "nb_render_markdown_format": "gfm",  # tables
        "nb_number_source_lines": False,
        "html_theme": "furo",
        "html_static_path": [str(HERE / "static")],
        "templates_path": [str(HERE / "templates")],
        "html_favicon": str(HERE / "static" / "favicon.svg"),
        "html_css_files": ["site.css"],
        "html_js_files": ["site.js", "explorers.js"],
        "html_show_sourcelink": False,
        "html_copy_source": False,
        "html_show_copyright": False,
        "html_show_sphinx": False,
        "html_domain_indices": False,
        "pygments_style": "a11y-high-contrast-light",
        "pygments_dark_style": "github-dark",
    }
