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
from tempfile import TemporaryDirectory
from textwrap import shorten
from typing import Any, NamedTuple

from docutils import nodes
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_core.utils import ensure_event_loop
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from claimcheck.claims import CLAIMS_VARIABLE
from claimcheck.pages import directives, read
from claimcheck.sphinx.domain import list_path_of
from claimcheck.sphinx.incremental import files_in
from claimcheck.sphinx.palette import matplotlib_settings

logger = logging.getLogger(__name__)
for library in ("traitlets", "asyncio"):  # nbclient tells of every kernel, and of what it leaves behind
    getLogger(library).setLevel(CRITICAL)
HERE = Path(__file__).parent
OURS = re.compile("[0-9a-f]{16}")
"""The name of a folder with what cells printed: a hash."""

ANSI = re.compile(r"\x1b\[[\d;]*m")
KERNEL = """c.InlineBackend.figure_formats = {"svg"}
c.HistoryManager.enabled = False
c.IPKernelApp.log_level = 40
"""


def keep_outputs_apart(app: Sphinx, config: Config) -> None:
    """Keep what cells print in a folder named by a hash of all that it depends on, besides the cells themselves."""
    setting = "claimcheck_depends_on"
    sources = [path for pattern in config[setting] for path in named_by(pattern, Path(app.confdir), setting)]
    sources += [path for path in [Path(app.confdir, config.claimcheck_claims)] if path.is_file()]
    folder = Path(config.nb_execution_cache_path or app.doctreedir / "executed")
    config.nb_execution_cache_path = str(folder / fingerprint(Path(app.confdir), sources))


def named_by(pattern: str, folder: Path, setting: str) -> list[Path]:
    """Return the files that a pattern names, or that stand in folders that it names; warn if there is none."""
    found = [Path(pattern)] if Path(pattern).is_absolute() else list(folder.glob(pattern))
    files = [file for file in files_in(found) if "__pycache__" not in file.parts]
    if not files:
        logger.warning("%s: %r names no file", setting, pattern, type="claims")
    return files


def fingerprint(root: Path, sources: list[Path]) -> str:
    """Return a hash of this Python, what is installed, the sources and this package: of all that cells depend on."""
    installed = sorted({path for folder in sys.path for path in Path(folder).glob("*.dist-info")})
    digest = hashlib.sha256("\n".join([sys.version, *(path.name for path in installed)]).encode())
    for record in filter(Path.is_file, (path / "RECORD" for path in installed)):  # of the hashes of all its files
        digest.update(record.read_bytes())
    for source in [*sorted({*sources}), *sorted(HERE.parent.rglob("*.py")), HERE / "matplotlibrc"]:
        bases = [base for base in (root, HERE.parent) if source.is_relative_to(base)]
        name = source.relative_to(bases[0]) if bases else Path(source.name)
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
    settings = env.myst_config, env.mystnb_config  # type: ignore[attr-defined]
    markdown = [page for page in pages if env.doc2path(page).suffix == ".md"]
    found = {page: notebook for page in markdown if (notebook := read(Path(env.doc2path(page)), *settings))}
    refuse_same_cells(found)
    ran_before = {page: notebook for page in found if (notebook := kept(cache, found[page]))}
    app.notebooks = found | ran_before  # type: ignore[attr-defined]
    to_run = sorted(found.keys() - ran_before.keys(), key=lambda page: -len(str(found[page])))  # the longest first
    environment = kernel_environment(app)
    env.failed_pages, env.pages_that_ran = set(), set(to_run)  # type: ignore[attr-defined]
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:  # a kernel that starts mostly waits
        runs = {pool.submit(run, app, page, found[page], environment): page for page in to_run}
        for done in as_completed(runs):
            page, ran = runs[done], done.result()
            if ran.error:
                env.failed_pages.add(page)  # type: ignore[attr-defined]
                line, message = describe(env, page, found[page], ran)
                logger.warning("%s", message, location=(page, line))
            else:
                keep(cache, env.doc2path(page), found[page], ran.seconds)
                say(app, page, ran.seconds, "ran its cells")
    if env.failed_pages:  # type: ignore[attr-defined]
        leave_out_failed_pages(app, env)


def refuse_same_cells(notebooks: dict[str, NotebookNode]) -> None:
    """Warn of a page that has the cells of another: what cells print is kept by their code, and would be of either."""
    first: dict[tuple[str, ...], str] = {}
    for page, notebook in sorted(notebooks.items()):
        cells = tuple(cell.source for cell in notebook.cells if cell.cell_type == "code")
        if cells and first.setdefault(cells, page) != page:
            logger.warning(
                "its cells are those of %r: what they print can't be told apart", first[cells], location=page
            )


def notebook_of(app: Sphinx, page: str) -> NotebookNode | None:
    """Return a page that is being read as a notebook, with what its cells printed; nothing if it has no cells."""
    found: dict[str, NotebookNode] = app.notebooks  # type: ignore[attr-defined]
    return found.get(page)


def kept(cache: JupyterCacheAbstract, notebook: NotebookNode) -> NotebookNode | None:
    """Return the notebook with the outputs of these very cells, if they are there."""
    try:
        merged: NotebookNode = cache.merge_match_into_notebook(notebook)[1]
    except KeyError:
        return None
    return merged


def keep(cache: JupyterCacheAbstract, path: Path, notebook: NotebookNode, seconds: float) -> None:
    """Keep the outputs of a page's cells."""
    bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def run(app: Sphinx, page: str, notebook: NotebookNode, environment: dict[str, str]) -> Run:
    """Run the cells of a page, in its folder, and put their outputs into the notebook."""
    first = [cell.cell_type for cell in notebook.cells].index("code")
    begun, start, error = [first], time.perf_counter(), None
    with TemporaryDirectory() as folder, (app.doctreedir / "kernels.log").open("a") as log:
        client = NotebookClient(
            notebook,
            timeout=app.config.nb_execution_timeout,
            kernel_name="python3",
            resources={"metadata": {"path": str(Path(app.env.doc2path(page)).parent)}},
            on_cell_execute=lambda cell, cell_index: begun.append(cell_index),  # noqa: ARG005  nbclient names them
            record_timing=False,  # or the page would differ at every build
            shutdown_kernel="immediate",  # a kernel that is asked to end takes up to five seconds
        )
        listen_in(folder, client)
        try:
            client.execute(env=environment, stdout=log, stderr=log)
        except (CellExecutionError, CellTimeoutError, RuntimeError) as failure:  # the last: its kernel died
            error = failure
        finally:
            ensure_event_loop().close()  # the one of this thread, which nbclient leaves open
    return Run(time.perf_counter() - start, begun[-1], error)


def listen_in(folder: str, client: NotebookClient) -> None:
    """Have the kernel listen in a folder of its own: a port may be taken between its choice and its use."""
    if os.name != "nt":
        client.config.KernelManager.transport = "ipc"
        client.config.KernelManager.ip = str(Path(folder, "kernel"))


def kernel_environment(app: Sphinx) -> dict[str, str]:
    """Have the kernels find the modules beside conf.py, and draw figures as SVG in the style of this folder."""
    profile = app.doctreedir / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(KERNEL, encoding="utf-8")
    (app.doctreedir / "kernels.log").unlink(missing_ok=True)
    (app.doctreedir / "matplotlibrc").write_text(matplotlib_settings(HERE / "matplotlibrc"), encoding="utf-8")
    return os.environ | {
        "IPYTHONDIR": str(app.doctreedir / "ipython"),
        CLAIMS_VARIABLE: list_path_of(app.config),
        "MATPLOTLIBRC": str(app.doctreedir / "matplotlibrc"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "SOURCE_DATE_EPOCH": "0",  # Matplotlib dates its drawings, and the same one would be another at every run
        "PYTHONPATH": os.pathsep.join([str(app.confdir), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }


def describe(env: BuildEnvironment, page: str, notebook: NotebookNode, ran: Run) -> tuple[int, str]:
    """Return the line of the page that failed, and what to say of it: the error, the claim above it, the cell."""
    code = notebook.cells[ran.last].source.splitlines()
    source = Path(env.doc2path(page)).read_text(encoding="utf-8").splitlines()
    first = first_line(source, notebook, ran.last)
    within = line_within(ran.error, blank=len(code) - len("\n".join(code).lstrip("\n").splitlines()))
    blocks = directives("\n".join(source))
    claims = [block.argument for block in blocks if block.name == "{claim}" and block.first <= first]
    below = f", below the claim {claims[-1]!r}" if claims else ""
    listing = [f"  {'>' if n == within else ' '} {first + n:4}  {line}" for n, line in enumerate(code)]
    message = "\n".join([f"this cell failed{below}: {reason(ran.error)}", *listing])
    return first + (within or 0), message


def first_line(source: list[str], notebook: NotebookNode, place: int) -> int:
    """Return the line of the page at which the code of a cell begins: its options may stand above."""
    code, first = notebook.cells[place].source.splitlines(), notebook.metadata["source_map"][place] + 1
    while source[first - 1 : first - 1 + len(code)] != code and first < len(source):
        first += 1
    return int(first)


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
        is_ours = OURS.fullmatch(folder.name) and (folder / "global.db").is_file()
        if not error and folder != current and is_ours:
            shutil.rmtree(folder)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the running of cells, before MyST-NB reads a page."""
    app.add_config_value("claimcheck_depends_on", [], "", [list])
    app.connect("config-inited", keep_outputs_apart)
    app.connect("env-before-read-docs", run_cells)
    app.connect("source-read", note_start)
    app.connect("doctree-read", tell_of_reading)
    app.connect("build-finished", drop_old_outputs)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
