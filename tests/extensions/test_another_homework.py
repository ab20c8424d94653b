"""A homework of another author, in a folder outside this repository, built with the machinery of this one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def build(folder):
    """Run the command that the page prints."""
    environment = os.environ | {"EXTENSIONS": str(ROOT / "extensions"), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "sphinx", "-W", ".", "_build/html"]
    result = subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=300
    )
    return result.returncode, result.stdout + result.stderr


def test_it_is_built_and_a_false_verdict_is_refused(tmp_path):
    homework = tmp_path / "arithmetic"
    shutil.copytree(Path(__file__).parent / "homework", homework)
    status, printed = build(homework)
    assert status == 0, printed
    html = (homework / "_build" / "html" / "index.html").read_text(encoding="utf-8")
    assert html.count('id="verdict-') == 2
    assert "As it should read" in html
    for word in ("lstm", "momentum", "planted faults"):  # what belongs to this homework alone
        assert word not in html.lower()

    page = homework / "index.md"
    page.write_text(page.read_text(encoding="utf-8").replace(":verdict: wrong", ":verdict: holds"), encoding="utf-8")
    for _ in range(2):
        status, printed = build(homework)
        assert status != 0
        assert "'sum-of-odd' is published as 'holds', but the run says 'wrong'" in printed


def test_the_machinery_names_nothing_of_this_homework():
    solutions = {path.stem for path in (ROOT / "hw3").glob("*.py")} - {"__init__"}
    for path in sorted((ROOT / "extensions").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert not [name for name in solutions if re.search(rf"hw3\.{name}\b|from hw3 import .*\b{name}\b", text)]
