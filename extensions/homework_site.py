"""The settings that any site of checked claims needs, for its conf.py.

Another homework puts this folder on its path and starts from `settings`; what it adds is its own.
"""

import gc
import hashlib
import os
import sys
from pathlib import Path
from typing import Any

from jupyter_cache import get_cache

from hw3.verify.claims import CLAIMS_VARIABLE

HERE = Path(__file__).parent


def settings(root: Path, claims: str | None = None, depends_on: list[str] | None = None) -> dict[str, Any]:
    """Return Sphinx's settings for the site of the repository at `root`, and prepare the kernels that run its cells.

    `claims` is the file with the list of claims, and `depends_on` holds patterns of all files, besides the cells
    themselves and this folder, that a cell's output depends on: when one of them changes, the cells run again.
    Both are relative to `root`.
    """
    gc.disable()  # a build is short, and makes little that only the collector could free; it took a sixth of the time
    if claims is not None:
        os.environ[CLAIMS_VARIABLE] = str(root / claims)
    sources = [path for pattern in depends_on or [] for path in root.glob(pattern)]
    executed = root / "_build" / "executed" / fingerprint(root, sources)
    get_cache(str(executed)).db  # noqa: B018  made before Sphinx forks, or its workers race to make it
    prepare_kernels(root)
    return {
        "extensions": ["myst_nb", "claims", "figures", "incremental", "ledger", "markup", "mathml", "notebooks"],
        "nitpicky": True,
        "default_role": "code",
        "exclude_patterns": ["_build"],
        "myst_enable_extensions": ["colon_fence", "deflist", "dollarmath"],
        "myst_heading_anchors": 3,
        "nb_execution_mode": "cache",
        "nb_execution_cache_path": str(executed),
        "nb_execution_raise_on_error": False,  # a failure is a warning with its traceback; -W makes that an error
        "nb_execution_show_tb": True,
        "nb_execution_timeout": 300,
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


def fingerprint(root: Path, sources: list[Path]) -> str:
    """Return a hash of this Python, what is installed, the sources and this folder: of all that cells depend on."""
    installed = sorted({path.name for folder in sys.path for path in Path(folder).glob("*.dist-info")})
    digest = hashlib.sha256("\n".join([sys.version, *installed]).encode())
    for source in [*sorted(sources), *sorted(HERE.glob("*.py")), HERE / "matplotlibrc"]:
        name = source.relative_to(root if source.is_relative_to(root) else HERE)
        digest.update(name.as_posix().encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:16]


def prepare_kernels(root: Path) -> None:
    """Have the kernels find the repository's modules, and draw figures as SVG in the style of this folder."""
    os.environ["PYTHONPATH"] = os.pathsep.join([str(root), *filter(None, [os.environ.get("PYTHONPATH")])])
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    os.environ["MATPLOTLIBRC"] = str(HERE / "matplotlibrc")
    os.environ["IPYTHONDIR"] = str(root / "_build" / "ipython")
    profile = root / "_build" / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(
        'c.InlineBackend.figure_formats = {"svg"}\nc.HistoryManager.enabled = False\nc.IPKernelApp.log_level = 40\n',
        encoding="utf-8",
    )
