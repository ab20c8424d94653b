"""What readers take away: the notebooks, what they need, and an archive of all of it.

A page offers it by the directive `{take-away}`. Three values of conf.py say what the notebooks need. `claimcheck_wheel`
is the folder of a project, whose wheel is then built with the site, or a pattern that names a wheel;
`claimcheck_wheel_extra` is an extra that is asked for with it; `claimcheck_take_away` holds patterns of the files that
cells read. All are relative to the folder of conf.py. The list of claims is always among the files.
"""

import ast
import shutil
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from claimcheck.claims import CLAIMS_FILE
from claimcheck.sphinx.domain import list_path_of
from claimcheck.sphinx.execution import named_by
from claimcheck.sphinx.wheel import Wheel, wheel_of

logger = logging.getLogger(__name__)

FOLDER = "take-away"
"""Where all of it lies in the site."""

ARCHIVE = "notebooks.zip"
INSIDE = "notebooks"
"""The folder that the archive unpacks to."""

HAS_CELLS = "claimcheck: has cells"
OFFERS = "claimcheck: offers notebooks"
"""What is noted of pages."""


class take_away(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801  nodes are named so
    """A place for the links to a page's notebook and to the archive."""


class TakeAwayDirective(SphinxDirective):
    """`{take-away}`: a line that offers the page as a notebook, and all of them in an archive."""

    def run(self) -> list[nodes.Node]:
        """Leave the place, and note that there is one."""
        self.env.metadata[self.env.docname][OFFERS] = True
        return [take_away()]


class Offer(SphinxPostTransform):
    """Write the line, where the site is one of HTML files; elsewhere there is nothing to download."""

    default_priority = 5

    def run(self, **_options: Any) -> None:
        """Fill the places of one page."""
        page = self.env.docname
        for place in list(self.document.findall(take_away)):
            place.replace_self(line(self.app, page) if is_site(self.app) else [])


def line(app: Sphinx, page: str) -> nodes.container:
    """Return the line on a page; one without cells offers the archive alone."""
    here = app.builder.get_target_uri(page)

    def link(words: str, name: str) -> nodes.Node:
        return addnodes.download_reference("", words, refuri=relative_uri(here, f"{FOLDER}/{name}"))

    words = nodes.paragraph("", "")
    if HAS_CELLS in app.env.metadata[page]:
        words += link("Take this page away as a notebook", name_of(page))
        words += nodes.Text(". It holds the outputs of this build, and its first cell gets what it needs. Or ")
        words += link("take all notebooks in one archive", ARCHIVE)
    else:
        words += link("Take all notebooks away in one archive", ARCHIVE)
    words += nodes.Text(".")
    return nodes.container("", words, classes=["take-away"])


def is_site(app: Sphinx) -> bool:
    """Return whether what is built is a site of HTML files, a page each."""
    return app.builder.name in {"html", "dirhtml"}


def pages_that(env: BuildEnvironment, what: str) -> list[str]:
    """Return the pages of which something is noted."""
    return sorted(page for page in env.found_docs if what in env.metadata[page])


def name_of(page: str) -> str:
    """Return the name of a page's notebook, all of which lie in one folder.

    >>> name_of("part/page")
    'part-page.ipynb'
    """
    return f"{page.replace('/', '-')}.ipynb"


def notebook_path(app: Sphinx, page: str) -> Path:
    """Return where MyST-NB keeps the notebook of a page."""
    return Path(app.env.mystnb_config.output_folder, f"{page}.ipynb")  # type: ignore[attr-defined]


def address(app: Sphinx) -> str:
    """Return the address of the site, with a slash at the end; nothing if it is not known."""
    return f"{app.config.html_baseurl.rstrip('/')}/" if app.config.html_baseurl else ""


# What a notebook needs


def find(app: Sphinx, env: BuildEnvironment) -> None:
    """Find the files and find or build the wheel, if some page offers notebooks, before pages are written."""
    env.wheel, env.taken_files = None, {}  # type: ignore[attr-defined]
    if is_site(app) and pages_that(env, OFFERS):
        env.taken_files = files(app)  # type: ignore[attr-defined]
        refuse_one_name_for_two(pages_that(env, HAS_CELLS))
        env.wheel = wheel_of(app.config.claimcheck_wheel, Path(app.confdir), app.doctreedir / "wheel")  # type: ignore[attr-defined]


def refuse_one_name_for_two(pages: list[str]) -> None:
    """Warn of a page whose notebook has the name of another's."""
    first: dict[str, str] = {}
    for page in pages:
        if first.setdefault(name_of(page), page) != page:
            logger.warning("its notebook has the name of that of %r", first[name_of(page)], location=page)


def needs(app: Sphinx, page: str, code: str) -> list[str]:
    """Return the lines of a notebook's first cell: what it needs, in words, and what installs it."""
    if not pages_that(app.env, OFFERS):
        return []
    wheel, site = app.env.wheel, address(app)  # type: ignore[attr-defined]
    lines = [f"# A page of {app.config.project!r}" + f", {site}{app.builder.get_target_uri(page)}" * bool(site)]
    if wheel:
        where = "that site" if site else f"the file beside it in {ARCHIVE}"
        lines.append(f"# It needs {wheel.words} and what goes with it. The line below installs them, from {where}.")
    else:
        lines.append(f"# It needs {', '.join(imported(code, Path(app.confdir))) or 'nothing'}.")
    if any(Path(name).parts[0] in code for name in app.env.taken_files):  # type: ignore[attr-defined]
        archive = f"{site}{FOLDER}/{ARCHIVE}" if site else ARCHIVE
        lines.append(f"# The files that it reads lie beside it in {archive}")
    if page in app.config.claimcheck_run_elsewhere:
        lines.append("# The code in its text was run elsewhere, and needs more: the text says what.")
    return [*lines, f"%pip install --quiet {requirement(app, wheel)}"] if wheel else lines


def requirement(app: Sphinx, wheel: Wheel) -> str:
    """Return how pip is asked for the wheel: on the site, if its address is known, or beside the notebook."""
    extra, site = app.config.claimcheck_wheel_extra, address(app)
    extra = f"[{extra}]" if extra else ""
    return f'"{wheel.name}{extra} @ {site}{FOLDER}/{wheel.path.name}"' if site else f'"./{wheel.path.name}{extra}"'


def imported(code: str, folder: Path) -> list[str]:
    r"""Return the packages that code imports, but for Python's own, and those that lie in the folder.

    >>> imported("import math, numpy as np\nfrom claimcheck.pages import read", Path("a course"))
    ['claimcheck', 'numpy']
    """
    names = []
    for node in ast.walk(ast.parse(code)):
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    packages = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    return sorted(name for name in packages if not any((folder / file).exists() for file in (name, f"{name}.py")))


# The folder and the archive


def files(app: Sphinx) -> dict[str, Path]:
    """Return the files that cells read, by the name that each has beside the notebooks."""
    root, found = Path(app.confdir), {CLAIMS_FILE: Path(list_path_of(app.config))}
    for pattern in filter(None, app.config.claimcheck_take_away):
        for path in named_by(pattern, root, "claimcheck_take_away"):
            found[path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name] = path
    return {name: path for name, path in found.items() if path.is_file()}


def offered(app: Sphinx) -> Iterator[tuple[str, bytes]]:
    """Yield all that is taken away, by name: notebooks, wheel, words, and the files that cells read or pages offer."""
    pages = pages_that(app.env, HAS_CELLS)
    for page in pages:
        yield name_of(page), notebook_path(app, page).read_bytes()
    for name, path in app.env.taken_files.items():  # type: ignore[attr-defined]
        yield name, path.read_bytes()
    for file, (named_on, _) in ((Path(name), found) for name, found in app.env.dlfiles.items()):
        if not named_on.isdisjoint(pages) and ".." not in file.parts:
            yield file.as_posix(), (app.srcdir / file).read_bytes()
    wheel = app.env.wheel  # type: ignore[attr-defined]
    if wheel:
        yield wheel.path.name, wheel.path.read_bytes()
    yield "README.md", readme(app, wheel).encode()


def readme(app: Sphinx, wheel: Wheel | None) -> str:
    """Return five lines that lead from the archive to a notebook that runs."""
    python, extra = ".venv/bin/python", app.config.claimcheck_wheel_extra
    asked_for = f'"./{wheel.path.name}{f"[{extra}]" * bool(extra)}"' if wheel else "and what their first cells name"
    first = f" {name_of(app.config.root_doc)}" * (HAS_CELLS in app.env.metadata[app.config.root_doc])
    return f"""\
# {app.config.project}: its pages as notebooks
1. Unpack the archive, and open a terminal in the folder of this file. You need Python{wheel.python if wheel else ""}.
2. Make an environment: `python3 -m venv .venv` (on Windows `py -m venv .venv`, and `.venv\\Scripts\\python` below).
3. Install: `{python} -m pip install jupyterlab {asked_for}`
4. Open: `{python} -m jupyterlab{first}`
"""


def gather(app: Sphinx, error: Exception | None) -> None:
    """Put into one folder of the site, and into an archive, what is taken away; nothing else, if nothing is offered."""
    folder = app.outdir / FOLDER
    if error or not is_site(app):
        return
    if not pages_that(app.env, OFFERS):
        shutil.rmtree(folder, ignore_errors=True)
        return
    contents = dict(sorted(offered(app)))
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in {*contents, ARCHIVE}:
            path.unlink()
    for name, data in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)
    pack(folder / ARCHIVE, contents)


def pack(path: Path, contents: dict[str, bytes]) -> None:
    """Write the archive, the same of the same contents whenever it is written; not if it has them already."""
    digest = sha256(repr(sorted(contents.items())).encode()).hexdigest().encode()
    if path.is_file() and ZipFile(path).comment == digest:
        return
    with ZipFile(path, "w") as archive:
        archive.comment = digest
        for name, data in contents.items():
            entry = ZipInfo(f"{INSIDE}/{name}")  # of 1980
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, ZIP_DEFLATED)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, the values, and what is made of them."""
    app.add_config_value("claimcheck_wheel", "", "html", [str])
    app.add_config_value("claimcheck_wheel_extra", "", "html", [str])
    app.add_config_value("claimcheck_take_away", [], "html", [list])
    app.add_node(take_away)
    app.add_directive("take-away", TakeAwayDirective)
    app.add_post_transform(Offer)
    app.connect("env-updated", find, priority=400)  # before it is known which pages are written
    app.connect("build-finished", gather)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
