"""The site, built in four situations, and its pages' weight; beside the same cells in Jupyter Book 1 and nbsphinx.

The others are given the take-away notebooks without outputs: the same cells, the same prose, none of this
site's directives. They build neither the ledger nor the reference, and check no verdict.
"""

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import sync_playwright

from contest import contest, machine, report

ROOT = Path(__file__).parent.parent
PEERS = ROOT / ".venv-peers" / "bin"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OURS, BOOK, NBSPHINX = "this site", "Jupyter Book 1", "nbsphinx, in the theme of this site"
PAGES = ["exact-reversal", "lstm-gradient", "multidimensional-rnn", "reversibility"]
EDITED_PAGE = "lstm-gradient"
SENTENCE = "A sentence that was added."
WORDING = "largest relative error"
"""What an edit of the package changes in the evidence under many cells."""

NBSPHINX_CONFIGURATION = """
project = "Homework 3, verified"
extensions = ["nbsphinx"]
nbsphinx_execute = "always"
nbsphinx_timeout = 300
html_theme = "furo"
exclude_patterns = ["_build"]
"""
BOOK_CONFIGURATION = """
title: Homework 3, verified
execute: {execute_notebooks: cache, timeout: 300}
"""


class Builder:
    """A folder with the sources of a site, and the command that builds it."""

    def __init__(self, folder: Path, command: list[str | Path], repository: Path) -> None:
        self.folder, self.command, self.repository = folder, command, repository
        self.built = folder / "_build"
        self.html = self.built / "html"

    def build(self) -> None:
        """Run the command; show what it printed if it fails."""
        environment = os.environ | {
            "PATH": f"{PEERS}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(self.repository),
            "MATPLOTLIBRC": str(self.repository / "claimcheck" / "sphinx" / "matplotlibrc"),
        }
        done = subprocess.run(  # noqa: S603  the programs are those of this bench
            self.command, cwd=self.folder, env=environment, check=False, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"{self.command} failed:\n{done.stdout}\n{done.stderr}")

    def clear(self) -> None:
        """Forget every build, and every cell that ran."""
        shutil.rmtree(self.built, ignore_errors=True)

    def add_sentence(self) -> None:
        """Edit one page's prose."""
        page = self.folder / "docs" / f"{EDITED_PAGE}.md"
        if page.exists():
            page.write_text(f"{page.read_text(encoding='utf-8')}\n{SENTENCE}\n", encoding="utf-8")
        else:
            page = self.folder / f"{EDITED_PAGE}.ipynb"
            notebook = nbformat.read(page, as_version=4)
            notebook.cells[0].source += f"\n\n{SENTENCE}\n"
            nbformat.write(notebook, page)

    def reword(self) -> str:
        """Edit the package as it never was before; return what many cells then print."""
        module = self.repository / "claimcheck" / "checks.py"
        text = module.read_text(encoding="utf-8")
        found = re.search(rf"{WORDING}( in edition \d+)?", text)
        edition = int(found[1].split()[-1]) + 1 if found[1] else 1
        module.write_text(text.replace(found[0], new := f"{WORDING} in edition {edition}"), encoding="utf-8")
        return new

    def page(self) -> str:
        """Return the HTML of the page that is edited."""
        return (self.html / f"{EDITED_PAGE}.html").read_text(encoding="utf-8")


def builders(folder: Path) -> dict[str, Builder]:
    """Copy this repository, and write the sources of the others beside it."""
    site = folder / "site"
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S607
    for name in listed.stdout.splitlines():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, site / name)
    (site / ".venv").symlink_to(ROOT / ".venv")
    ours = Builder(site, ["make", "-o", ".venv/installed", "html"], site)
    ours.build()

    pages = {}
    for page in PAGES:
        pages[page] = nbformat.read(site / "_build" / "html" / "take-away" / f"{page}.ipynb", as_version=4)
    for notebook in pages.values():
        notebook.cells = notebook.cells[1:]  # the first installs what is installed here
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
    for name in ("book", "nbsphinx"):
        (folder / name).mkdir()
        for page, notebook in pages.items():
            nbformat.write(notebook, folder / name / f"{page}.ipynb")
    (folder / "book" / "_config.yml").write_text(BOOK_CONFIGURATION, encoding="utf-8")
    (folder / "book" / "index.md").write_text("# Homework 3, verified\n", encoding="utf-8")
    chapters = "".join(f"- file: {page}\n" for page in pages)
    (folder / "book" / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{chapters}", encoding="utf-8")
    (folder / "nbsphinx" / "conf.py").write_text(NBSPHINX_CONFIGURATION, encoding="utf-8")
    contents = "".join(f"   {page}\n" for page in pages)
    index = f"Homework 3, verified\n====================\n\n.. toctree::\n\n{contents}"
    (folder / "nbsphinx" / "index.rst").write_text(index, encoding="utf-8")
    sphinx = [PEERS / "sphinx-build", "-b", "html", "-j", "auto", "-d", "_build/doctrees", ".", "_build/html"]
    return {
        OURS: ours,
        BOOK: Builder(folder / "book", [PEERS / "jupyter-book", "build", "."], site),
        NBSPHINX: Builder(folder / "nbsphinx", sphinx, site),
    }


def compare(sites: dict[str, Builder]) -> tuple[dict[str, Any], dict[str, bool]]:
    """Time the four situations; return them, and which sites see an edit of the package by themselves."""

    def timed(situation: str, before: Callable[[Builder], None], rounds: int) -> dict[str, Any]:
        found = contest(
            {name: site.build for name, site in sites.items()},
            rounds=rounds,
            before={name: functools.partial(before, site) for name, site in sites.items()},
        )
        print(f"{situation}: timed", flush=True)
        return found

    contests = {"cold build": timed("cold build", Builder.clear, 3)}
    deciding = {name: site.page().count("data-verdict") for name, site in sites.items()}
    assert len(set(deciding.values())) == 1, f"the same cells decide on every site, but these are shown: {deciding}"
    contests["no change"] = timed("no change", lambda _: None, 5)
    contests["one sentence in one page"] = timed("one sentence in one page", Builder.add_sentence, 5)
    assert all(SENTENCE in site.page() for site in sites.values())

    words = sites[OURS].reword()
    for site in sites.values():
        site.build()
    sees = {name: words in site.page() for name, site in sites.items()}
    blind = [site for name, site in sites.items() if not sees[name]]

    def edit_package(site: Builder) -> None:
        site.reword()
        if site in blind:
            site.clear()

    contests["an edit of the package"] = timed("an edit of the package", edit_package, 3)
    return contests, sees


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def weigh(sites: dict[str, Builder]) -> dict[str, dict[str, int]]:
    """Open the edited page of each site in a browser; return what it asks for."""
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, site in sites.items():
            with served(site.html) as address:
                page, requests, responses = browser.new_page(), [], []
                page.on("request", lambda request, requests=requests: requests.append(request.url))
                page.on("response", lambda response, responses=responses: responses.append(response))
                page.goto(f"{address}/{EDITED_PAGE}.html", wait_until="load")
                page.wait_for_timeout(2000)
                here = [r for r in responses if r.url.startswith(address) and r.ok]
                found[name] = {
                    "bytes": sum(len(response.body()) for response in here),
                    "requests": sum(url.startswith(address) for url in requests),
                    "elsewhere": sum(not url.startswith((address, "data:", "blob:")) for url in requests),
                }
                page.close()
        browser.close()
    return found


def peer_versions() -> dict[str, str]:
    """Return the versions of what the others are built with."""
    names = ["jupyter-book", "nbsphinx", "sphinx"]
    code = f"from importlib.metadata import version; print(*map(version, {names}))"
    found = subprocess.run([PEERS / "python", "-c", code], check=True, capture_output=True, text=True)  # noqa: S603
    return {f"{name} (of the others)": number for name, number in zip(names, found.stdout.split(), strict=True)}


if __name__ == "__main__":
    if CHROMIUM is None:
        sys.exit("the pages are weighed in Chromium: on Debian and Ubuntu, run apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        sites = builders(Path(folder))
        contests, sees = compare(sites)
        here = machine("sphinx", "myst-nb", "furo")
        here["versions"] |= peer_versions()
        report("site_builds", {"machine": here, "contests": contests, "sees_an_edit": sees, "page": weigh(sites)})
