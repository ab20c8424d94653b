"""Runs the cells of the pages on all cores, before Sphinx reads the pages one after the other.

MyST-NB would run a page when it comes to it. Here the longest page starts first, in a kernel of its own, and what the
cells print is kept where MyST-NB looks for it. A cell that fails is a warning that names its line, the claim above
it, its code and its error; its page is shown without outputs.
"""

import hashlib
import os
import re
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from logging import CRITICAL, getLogger
from pathlib import Path
from textwrap import shorten
from typing import Any, NamedTuple

from docutils import nodes
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)
for library in ("traitlets", "asyncio"):  # nbclient tells of every kernel, and of what it leaves behind
    getLogger(library).setLevel(CRITICAL)
HERE = Path(__file__).parent
ANSI = re.compile(r"\x1b\[[\d;]*m")
CLAIM = re.compile(r"^:::\{claim\} (\S+)", re.MULTILINE)
KERNEL = """c.InlineBackend.figure_formats = {"svg"}
c.HistoryManager.enabled = False
c.IPKernelApp.log_level = 40
"""


def keep_outputs_apart(app: Sphinx, config: Config) -> None:
    """Keep what cells print in a folder named by a hash of all that it depends on, besides the cells themselves."""
    sources = [path for pattern in config.cells_depend_on for path in Path(app.confdir).glob(pattern)]
    folder = Path(config.nb_execution_cache_path or app.doctreedir / "executed")
    config.nb_execution_cache_path = str(folder / fingerprint(Path(app.confdir), sources))


def fingerprint(root: Path, sources: list[Path]) -> str:
    """Return a hash of this Python, what is installed, the sources and this folder: of all that cells depend on."""
    installed = sorted({path.name for folder in sys.path for path in Path(folder).glob("*.dist-info")})
    digest = hashlib.sha256("\n".join([sys.version, *installed]).encode())
    for source in [*sorted(sources), *sorted(HERE.glob("*.py")), HERE / "matplotlibrc"]:
        name = source.relative_to(root if source.is_relative_to(root) else HERE)
        digest.update(name.as_posix().encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:16]


class Run(NamedTuple):
    """How the cells of a page ran: the seconds it took, the place of the last cell that was begun, and its error."""

    seconds: float
    last: int
    error: Exception | None


def run_cells(app: Sphinx, env: BuildEnvironment, pages: list[str]) -> None:
    """Run the cells of the pages that are to be read, but for those whose outputs are kept from a build before."""
    cache = get_cache(app.config.nb_execution_cache_path)
    notebooks = {page: notebook for page in pages if (notebook := read(env, page)) and not kept(cache, notebook)}
    longest_first = sorted(notebooks, key=lambda page: -len(str(notebooks[page])))
    environment = kernel_environment(app)
    env.failed_pages, env.pages_that_ran = set(), set(notebooks)  # type: ignore[attr-defined]
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:  # a kernel that starts mostly waits
        runs = {pool.submit(run, app, page, notebooks[page], environment): page for page in longest_first}
        for done in as_completed(runs):
            page, ran = runs[done], done.result()
            if ran.error:
                env.failed_pages.add(page)  # type: ignore[attr-defined]
                line, message = describe(env, page, notebooks[page], ran)
                logger.warning("%s", message, location=(page, line))
            else:
                keep(cache, env.doc2path(page), notebooks[page], ran.seconds)
                say(app, page, ran.seconds, "ran its cells")
    if env.failed_pages:  # type: ignore[attr-defined]
        leave_out_failed_pages(app, env)


def read(env: BuildEnvironment, page: str) -> NotebookNode | None:
    """Return the page as a notebook, as MyST-NB reads it; nothing if it has no cells."""
    path = Path(env.doc2path(page))
    text = path.read_text(encoding="utf-8")
    reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)  # type: ignore[attr-defined]
    return reader.read(text) if reader else None


def read_with_outputs(env: BuildEnvironment) -> NotebookNode | None:
    """Return the page that is being read as a notebook with what its cells printed; nothing if it has no cells."""
    notebook = read(env, env.docname)
    if notebook is None or env.docname in env.failed_pages:  # type: ignore[attr-defined]
        return None
    cache = get_cache(env.config.nb_execution_cache_path)
    return cache.merge_match_into_notebook(notebook)[1]


def kept(cache: JupyterCacheAbstract, notebook: NotebookNode) -> bool:
    """Return whether the outputs of these very cells are there."""
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


def keep(cache: JupyterCacheAbstract, path: Path, notebook: NotebookNode, seconds: float) -> None:
    """Keep the outputs of a page's cells."""
    bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def run(app: Sphinx, page: str, notebook: NotebookNode, environment: dict[str, str]) -> Run:
    """Run the cells of a page, in its folder, and put their outputs into the notebook."""
    begun, start = [0], time.perf_counter()
    client = NotebookClient(
        notebook,
        timeout=app.config.nb_execution_timeout,
        resources={"metadata": {"path": str(Path(app.env.doc2path(page)).parent)}},
        on_cell_execute=lambda cell, cell_index: begun.append(cell_index),  # noqa: ARG005  nbclient names them
        record_timing=False,  # or the page would differ at every build
        shutdown_kernel="immediate",  # a kernel that is asked to end takes up to five seconds
    )
    error = None
    try:
        with (app.doctreedir / "kernels.log").open("a") as log:
            client.execute(env=environment, stdout=log, stderr=log)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as failure:
        error = failure
    return Run(time.perf_counter() - start, begun[-1], error)


def kernel_environment(app: Sphinx) -> dict[str, str]:
    """Have the kernels find the modules beside conf.py, and draw figures as SVG in the style of this folder."""
    profile = app.doctreedir / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(KERNEL, encoding="utf-8")
    (app.doctreedir / "kernels.log").unlink(missing_ok=True)
    return os.environ | {
        "IPYTHONDIR": str(app.doctreedir / "ipython"),
        "MATPLOTLIBRC": str(HERE / "matplotlibrc"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": os.pathsep.join([str(app.confdir), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }


def describe(env: BuildEnvironment, page: str, notebook: NotebookNode, ran: Run) -> tuple[int, str]:
    """Return the line of the page that failed, and what to say of it: the error, the claim above it, the cell."""
    code = notebook.cells[ran.last].source.splitlines()
    source = Path(env.doc2path(page)).read_text(encoding="utf-8").splitlines()
    first = notebook.metadata["source_map"][ran.last] + 1
    while source[first - 1 : first - 1 + len(code)] != code and first < len(source):  # options stand between
        first += 1
    within = line_within(ran.error, blank=len(code) - len("\n".join(code).lstrip("\n").splitlines()))
    claims = CLAIM.findall("\n".join(source[:first]))
    below = f", below the claim {claims[-1]!r}" if claims else ""
    listing = [f"  {'>' if n == within else ' '} {first + n:4}  {line}" for n, line in enumerate(code)]
    message = "\n".join([f"this cell failed{below}: {reason(ran.error)}", *listing])
    return first + (within or 0), message


def line_within(error: Exception | None, blank: int) -> int | None:
    """Return the line of the cell at which it failed, counted from 0, if the error says it; it skips leading blanks."""
    found = re.search(r"Cell In\[\d+\], line (\d+)", ANSI.sub("", getattr(error, "traceback", "")))
    return blank + int(found[1]) - 1 if found else None


def reason(error: Exception | None) -> str:
    """Return the exception and its message, and where in a module it was raised if not in the cell itself."""
    if not isinstance(error, CellExecutionError):
        return "it ran too long, and was stopped" if isinstance(error, CellTimeoutError) else "its process died"
    frames = re.findall(r"^File (\S+):(\d+)", ANSI.sub("", error.traceback), re.MULTILINE)
    inside = f" (raised in {os.path.relpath(frames[-1][0])}:{frames[-1][1]})" if frames else ""
    message = re.sub(r" \(\d+\.py, line \d+\)$", "", error.evalue)  # a syntax error names the kernel's own file
    return f"{error.ename}: {shorten(message, 400)}".removesuffix(": ") + inside


def leave_out_failed_pages(app: Sphinx, env: BuildEnvironment) -> None:
    """Have MyST-NB leave the cells of failed pages alone: it would run them again, and tell of it at length."""
    config = env.mystnb_config  # type: ignore[attr-defined]
    failed = [Path(env.doc2path(page)).as_posix() for page in env.failed_pages]  # type: ignore[attr-defined]
    patterns = [*config.execution_excludepatterns, *failed]
    env.mystnb_config = config.copy(execution_excludepatterns=patterns)  # type: ignore[attr-defined]
    app.config.suppress_warnings = [*app.config.suppress_warnings, "myst-nb.lexer"]  # no cell ran to name its language


def note_start(app: Sphinx, page: str, _source: list[str]) -> None:
    """Note when Sphinx begins to read a page."""
    app.env.temp_data["reading_since"] = time.perf_counter()


def tell_of_reading(app: Sphinx, _doctree: nodes.document) -> None:
    """Tell that a page was read, if it was not told that its cells ran."""
    page = app.env.docname
    if page not in app.env.pages_that_ran:  # type: ignore[attr-defined]
        say(app, page, time.perf_counter() - app.env.temp_data["reading_since"], "read")


def say(app: Sphinx, page: str, seconds: float, what: str) -> None:
    """Tell a person who waits that a page is done, where Sphinx itself is told to be quiet."""
    if app.quiet:
        print(f"{seconds:6.1f} s  {os.path.relpath(app.env.doc2path(page))}: {what}", flush=True)  # noqa: T201


def drop_old_outputs(app: Sphinx, error: Exception | None) -> None:
    """Drop what cells printed before the package, the machinery or what is installed changed."""
    current = Path(app.config.nb_execution_cache_path)
    for folder in current.parent.glob("*"):
        if not error and folder != current:
            shutil.rmtree(folder)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the running of cells, before MyST-NB reads a page."""
    app.add_config_value("cells_depend_on", [], "", [list])
    app.connect("config-inited", keep_outputs_apart)
    app.connect("env-before-read-docs", run_cells)
    app.connect("source-read", note_start)
    app.connect("doctree-read", tell_of_reading)
    app.connect("build-finished", drop_old_outputs)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
