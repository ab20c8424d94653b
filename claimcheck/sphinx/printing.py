"""Prints a booklet with Chromium: `python -m claimcheck.sphinx.printing PAGE PDF [CHROMIUM]`.

It prints twice, as Chromium's style sheets can't ask on which page a link ends: the second time with the page numbers
that the first print had.
"""

import os
import subprocess
import sys
from pathlib import Path

from pypdf import PdfReader

OPTIONS = [
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
]

NUMBERED = """
.booklet-contents a { align-items: baseline; display: flex; gap: 0.4em; }
.booklet-contents a::before { border-bottom: 1px dotted; content: ""; flex: 1; order: 1; }
.booklet-contents a::after { order: 2; }
"""


def print_page(page: Path, pdf: Path, chromium: str) -> None:
    """Print a page to a PDF; raise CalledProcessError, with what Chromium said, if it can't."""
    as_root = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []  # its sandbox refuses root
    command = [chromium, *OPTIONS, *as_root, f"--print-to-pdf={pdf}", page.resolve().as_uri()]
    subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  the browser that was named


def page_numbers(pdf: Path) -> dict[str, int]:
    """Return the number of the page on which each anchor stands that a link leads to."""
    printed = PdfReader(pdf)
    places = printed.named_destinations.items()
    found = {name.removeprefix("/"): printed.get_destination_page_number(place) for name, place in places}
    return {anchor: number + 1 for anchor, number in found.items() if number is not None}


def style(numbers: dict[str, int]) -> str:
    """Return the style that puts them into the contents.

    >>> style({"errata": 40}).splitlines()[-1]
    '.booklet-contents a[href="#errata"]::after { content: "40"; }'
    """
    rules = [f'.booklet-contents a[href="#{a}"]::after {{ content: "{n}"; }}' for a, n in numbers.items()]
    return NUMBERED + "\n".join(rules)


def print_booklet(page: Path, pdf: Path, chromium: str = "chromium") -> None:
    """Print a page to a PDF, with page numbers in its contents."""
    print_page(page, pdf, chromium)
    numbered = page.with_name("numbered.html")
    text = page.read_text(encoding="utf-8")
    numbered.write_text(text.replace("</head>", f"<style>{style(page_numbers(pdf))}</style></head>", 1), "utf-8")
    print_page(numbered, pdf, chromium)


if __name__ == "__main__":
    try:
        print_booklet(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
    except subprocess.CalledProcessError as failed:
        sys.exit(f"{failed}\n{failed.stderr}")
