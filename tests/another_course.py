"""The page that a teacher follows to have such a site: its commands, and what they are to print."""

import re
import subprocess
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "another-course.md"


def commands():
    """Return each command of the page with what it is said to print."""
    blocks = re.findall(r"^```console\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    found = []
    for line in "".join(blocks).splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        else:
            found[-1][1].append(line)
    return found


def follow(folder, python, environment, skipped=()):
    """Run the page's commands in the folder with that Python; each fails if, and only if, it is said to warn."""
    for command, lines in commands():
        if any(word in command for word in skipped):
            continue
        done = subprocess.run(  # noqa: S602  the page says it to a shell
            command.replace(".venv/bin/python", str(python)),
            cwd=folder,
            env=environment,
            shell=True,
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
        )
        printed = done.stdout + done.stderr
        assert (done.returncode != 0) == any("WARNING" in line for line in lines), f"{command}\n{printed}"
        for line in lines:
            assert line in printed


def shown(folder):
    """Return the words of the site's page."""
    html = (folder / "_build" / "html" / "index.html").read_text("utf-8")
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())
