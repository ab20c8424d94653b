"""Sphinx as a program of its own, as make runs it."""

import os
import subprocess
import sys


def sphinx_build(*arguments, cwd=None, **environment):
    """Run Sphinx, warnings being errors; return the exit status and what was printed."""
    result = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", *arguments],
        cwd=cwd,
        env=os.environ | {"NO_COLOR": "1"} | environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    return result.returncode, result.stdout
