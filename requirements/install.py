"""Install what a lock names into the environment of the Python that runs this, and check it.

    python requirements/install.py requirements/dev.lock [FOLDER]

No version is chosen here. A lock names every package, and each is installed as it stands there, whatever it asks
for itself: a release that comes out later changes nothing. uv, which dev.lock pins, does it in seconds; where there
is no uv, or it fails, pip does. FOLDER holds a package of our own, installed so that an edit of it counts at once.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

AS_LOCKED = ["--quiet", "--no-deps", "--require-hashes", "--requirement"]
OURS = ["--quiet", "--no-deps", "--no-build-isolation", "--editable"]
PIP = [sys.executable, "-m", "pip"]
UV = [sys.executable, "-m", "uv", "pip"]
os.environ.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_ROOT_USER_ACTION="ignore", UV_NO_CACHE="1")


def works(command: list[str]) -> bool:
    """Run a command; return whether it succeeded."""
    return subprocess.run(command, check=False).returncode == 0


def outcome(command: list[str]) -> tuple[bool, str]:
    """Run a command; return whether it succeeded, and what it printed."""
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode == 0, done.stdout


def lines_of(package: str, lock: Path) -> str:
    """Return the lines of a lock that pin one package."""
    return re.search(rf"^{package}==(?:.|\n\s)*\n", lock.read_text(encoding="utf-8"), re.MULTILINE)[0]


def got_uv() -> bool:
    """Have pip install uv as dev.lock pins it, to use the index that pip uses; return whether it did."""
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder, "uv.lock")
        alone.write_text(lines_of("uv", Path(__file__).with_name("dev.lock")), encoding="utf-8")
        if index := re.search(r"(?<!extra-)index-url='(\S+)'", outcome([*PIP, "config", "list"])[1]):
            os.environ.setdefault("UV_DEFAULT_INDEX", index[1])
        installed, printed = outcome([*PIP, "install", *AS_LOCKED, str(alone)])
        print(end="" if installed else printed)
        return installed


def install(lock: str, *folder: str) -> None:
    """Install what the lock names, and our own package; refuse an environment in which something is missing."""
    steps = [["install", *AS_LOCKED, lock], *(["install", *OURS, path] for path in folder)]
    to_here = ["--python", sys.executable, "--compile-bytecode"]  # or every process that a build starts compiles
    if not (got_uv() and all(works([*UV, *step, *to_here]) for step in steps)):
        print("uv could not do it; pip does, which takes a minute", flush=True)
        if not all(works([*PIP, *step]) for step in steps):
            sys.exit(f"{lock} could not be installed: pip says why above")
    fits, printed = outcome([*PIP, "check"])
    if not fits:
        sys.exit(f"what {lock} names does not fit together:\n{printed}")


if __name__ == "__main__":
    install(*sys.argv[1:])
