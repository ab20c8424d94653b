"""The page for a teacher, to the letter: in a new folder, with the wheel, in an environment of its own."""

import os
import re
import shutil
import subprocess
from zipfile import ZipFile

import nbformat

from another_course import follow, shown
from running import RUN
from small_sites import ROOT


def test_a_new_folder_becomes_a_site(tmp_path, tmp_path_factory):
    (tmp_path / "wheels").mkdir()
    [wheel] = (ROOT / os.environ.get("BUILD", "_build") / "dist").glob("*.whl")
    shutil.copy(wheel, tmp_path / "wheels")
    pinned = re.findall(r"^[\w.-]+==[^\\\n]+", (ROOT / "requirements" / "dev.lock").read_text("utf-8"), re.MULTILINE)
    versions = tmp_path_factory.mktemp("pip") / "versions.txt"  # those that were tried, whatever came out since
    versions.write_text("\n".join(line.strip() for line in pinned), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    environment = kept | {"NO_COLOR": "1", "PIP_CONSTRAINT": str(versions)}
    follow(tmp_path, ".venv/bin/python", environment)
    assert "2 faults were planted, 0 survived." in shown(tmp_path)

    away = tmp_path_factory.mktemp("away")
    ZipFile(tmp_path / "_build" / "html" / "take-away" / "notebooks.zip").extractall(away)
    command = [tmp_path / ".venv" / "bin" / "python", "-c", RUN, "index.ipynb"]
    subprocess.run(command, cwd=away / "notebooks", env=environment, check=True, timeout=300)
    first, *cells = nbformat.read(away / "notebooks" / "index.ipynb", as_version=4).cells
    assert f'%pip install --quiet "./{wheel.name}[notebooks]"' in first.source
    assert "odd-plus-odd: wrong" in str(cells)
