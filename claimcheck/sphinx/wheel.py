"""The wheel that goes with the notebooks: built from a project's folder when what it is made of changed, or found."""

import os
import re
import shutil
import subprocess
import sys
from email import message_from_string
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

from sphinx.util import logging

from claimcheck.sphinx.incremental import files_in

logger = logging.getLogger(__name__)

EPOCH = "315532800"
"""1980, when archives begin: a wheel is the same whenever it is built."""

DESCRIBED_IN = ("*.toml", "setup.*", "MANIFEST.in", "README*", "LICENSE*")
"""What a wheel is made of, besides its packages."""


class Wheel(NamedTuple):
    """A wheel, and what it says of itself; `words` name it, with the address of its repository if it has one."""

    path: Path
    name: str
    python: str
    words: str


def wheel_of(named: str, root: Path, folder: Path) -> Wheel | None:
    """Return the wheel that conf.py names, by a project's folder or a pattern; warn if it can't be had."""
    if not named:
        return None
    place = root / named
    pattern = str(place.relative_to(place.anchor))
    found = built(place, folder) if place.is_dir() else sorted(Path(place.anchor).glob(pattern))
    if len(found) != 1:
        logger.warning("claimcheck_wheel: expected a project or one wheel, got %r, %d files", named, len(found))
        return None
    return described(found[0])


def described(path: Path) -> Wheel:
    """Return a wheel with what it says of itself."""
    with ZipFile(path) as wheel:
        [place] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
        says = message_from_string(wheel.read(place).decode())
    links = dict(link.split(", ", 1) for link in says.get_all("Project-URL", []))
    source = {label.lower(): link for label, link in links.items()}.get("repository", "")
    words = f"{says['Name']} {says['Version']}" + f" ({source})" * bool(source)
    python = re.sub(r"^>=([\d.]+)$", r"\1 or newer", says.get("Requires-Python", ""))
    return Wheel(path, says["Name"], f" {python}".rstrip(), words)


def built(project: Path, folder: Path) -> list[Path]:
    """Return the wheel of a project, built into the folder if it is not there as its sources are now."""
    digest = sha256()
    for source in sources(project):
        digest.update(source.relative_to(project).as_posix().encode() + b"\0" + source.read_bytes())
    place = folder / digest.hexdigest()[:16]
    if not list(place.glob("*.whl")):
        shutil.rmtree(folder, ignore_errors=True)
        build(project, place)
    return list(place.glob("*.whl"))


def build(project: Path, folder: Path) -> None:
    """Build a project's wheel into a folder, with the build backend that is installed; warn if that fails."""
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
    command = [sys.executable, "-m", "pip", "wheel", *options, str(project)]
    environment = {"SOURCE_DATE_EPOCH": EPOCH} | os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)  # noqa: S603  our own
    if done.returncode:
        logger.warning("claimcheck_wheel: the wheel of %s can't be built: %s", project, done.stdout + done.stderr)


def sources(project: Path) -> list[Path]:
    """Return the files that a project's wheel is made of: its packages, and what describes it."""
    packages = [folder for folder in project.iterdir() if folder.name == "src" or (folder / "__init__.py").is_file()]
    found = files_in([path for pattern in DESCRIBED_IN for path in project.glob(pattern)]) + files_in(packages)
    return sorted(path for path in found if "__pycache__" not in path.parts)
