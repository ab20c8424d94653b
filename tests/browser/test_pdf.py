"""All pages on paper, by the Makefile's own recipe."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def make(*arguments):
    return subprocess.run(
        ["make", "--no-print-directory", "pdf", *arguments],  # noqa: S607  whichever make runs the tests
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.usefixtures("browser")
def test_all_pages_are_one_tagged_pdf_with_an_outline():
    made = make()
    assert made.returncode == 0, made.stderr
    assert made.stdout.endswith("The PDF is in _build/pdf/hw3.pdf\n")
    pdf = (ROOT / "_build" / "pdf" / "hw3.pdf").read_bytes()
    assert b"/StructTreeRoot" in pdf
    assert re.search(rb"/MarkInfo\s*<<[^>]*/Marked true", pdf)
    assert b"/Outlines" in pdf
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) > 50


def test_without_chromium_it_says_what_to_install():
    made = make("CHROMIUM=no-such-browser")
    assert made.returncode != 0
    assert "apt-get install chromium" in made.stderr
