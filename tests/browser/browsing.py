"""Chromium, and the built site served on this machine: for the tests that open pages, and for the README's picture."""

import functools
import http.server
import shutil
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"


QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@contextmanager
def chromium():
    """Launch the Chromium that is installed, which asks nothing of the network by itself."""
    with sync_playwright() as playwright:
        launched = launch(playwright.chromium)
        yield launched
        launched.close()


def launch(browser_type, *arguments):
    """Launch the Chromium that is installed with further arguments."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        sys.exit("Chromium is needed, and there is none here: on Debian and Ubuntu, run apt-get install chromium")
    return browser_type.launch(executable_path=program, args=[*QUIET, *arguments])


@contextmanager
def served():
    """Serve the built site; give its address."""
    if not (SITE / "index.html").exists():
        sys.exit("there is no site in _build/html: run make html")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
