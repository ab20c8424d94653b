"""Sphinx as make runs it, in a process forked from one that has imported it: that takes longer than a small site."""

import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from multiprocessing import get_all_start_methods, get_context

from sphinx.cmd.build import build_main

PROCESSES = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
PROCESSES.set_forkserver_preload(
    [
        "fontTools.subset",
        "furo",
        "jupyter_cache",
        "math_core",
        "matplotlib",
        "myst_nb.sphinx_",
        "nbclient",
        "sphinx.builders.html",
        "sphinx.cmd.build",
        "sphinx.ext.autodoc",
        "sphinx.ext.intersphinx",
        "sphinx.ext.napoleon",
        "sphinx_autodoc_typehints",
        "sympy",
        "ziamath",
    ]
)


def sphinx_build(*arguments, strict=True, **environment):
    """Run Sphinx, warnings being errors if strict; return the exit status and what was printed."""
    options = ["--no-color", "-b", "html", *(["-W"] if strict else [])]
    with ProcessPoolExecutor(1, mp_context=PROCESSES) as pool:
        return pool.submit(run, [*options, *map(str, arguments)], environment).result()


def run(arguments, environment):
    os.environ.update(environment)
    with redirect_stdout(StringIO()) as printed, redirect_stderr(printed):
        try:
            status = build_main(arguments)
        except SystemExit as stopped:
            return 1, str(stopped)
    return status, printed.getvalue()
