"""The links within a built site, and what they lead to."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The anchors of a page, and what it links to."""

    def __init__(self, text):
        super().__init__()
        self.anchors, self.links = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id" or (name == "name" and tag == "a"):
                self.anchors.append(value)
            elif name in {"href", "src"} and value is not None:
                self.links.append(value)


def dead_links(folder):
    """Return each link of the pages in a folder, and each anchor that stands twice, that leads nowhere."""
    pages = {path.resolve(): Page(path.read_text("utf-8")) for path in sorted(folder.rglob("*.*html"))}
    found = []
    for path, page in pages.items():
        found += [
            f"{path.name}: #{anchor} stands twice" for anchor in {*page.anchors} if page.anchors.count(anchor) > 1
        ]
        found += [f"{path.name}: {link}" for link in page.links if not leads_somewhere(link, path, pages, folder)]
    return found


def leads_somewhere(link, path, pages, root):
    """Return whether a link leads to a file of the site at this root and an anchor in it, or out of the site."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    base = root / "x" if parts.path.startswith("/") else path
    target = (base.parent / unquote(parts.path).lstrip("/")).resolve() if parts.path else path
    target = target / "index.html" if target.is_dir() else target
    if not target.exists():
        return False
    return not parts.fragment or target not in pages or unquote(parts.fragment) in pages[target].anchors


def previews(folder, page):
    """Return the words that a link to each anchor of a page shows."""
    script = (folder / "html" / "_static" / "previews" / f"{page}.js").read_text(encoding="utf-8")
    name, found = json.loads(script.replace("previews(", "[", 1).replace(");\n", "]"))
    assert name == page
    not_read = re.compile("<annotation.*?</annotation>|<[^>]*>")
    return {anchor: " ".join(not_read.sub(" ", html).split()) for anchor, html in found.items()}


def dead_references(latex):
    """Return the labels that a LaTeX file refers to and does not set."""
    set_there = {*re.findall(r"\\label\{\\detokenize\{(.*?)\}\}", latex)}
    return {*re.findall(r"\\(?:hyperref\[|ref\{|eqref\{)\\detokenize\{(.*?)\}", latex)} - set_there
