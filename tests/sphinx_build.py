"""Sphinx as make runs it, in a process forked from one that has imported it: that takes longer than a small site."""

import os
import tomllib
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path

from sphinx.cmd.build import build_main

HERE = Path(__file__).parent
START_METHOD = os.environ.get("START_METHOD", "forkserver" if "forkserver" in get_all_start_methods() else "spawn")
PROCESSES = get_context(START_METHOD)
if START_METHOD == "forkserver":
    PROCESSES.set_forkserver_preload(tomllib.loads((HERE / "planted.toml").read_text("utf-8"))["libraries"])


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
