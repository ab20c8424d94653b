"""What a page's head tells search engines and those who show a link to it: its title, and what is on it.

What is on it is the `description` under `myst: html_meta:` in the page's front matter; without one, nothing is said.
"""

import re
from html import escape, unescape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


def describe(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Add the tags of the Open Graph protocol to the head of a page that is about to be written."""
    named = doctree.findall(nodes.meta) if doctree is not None else []
    descriptions = [meta["content"] for meta in named if meta.get("name") == "description"]
    properties = {
        "type": "article",
        "site_name": app.config.html_title,
        "title": unescape(re.sub(r"<[^>]*>", "", context.get("title") or "")),
        "description": "".join(descriptions),
        "url": context.get("pageurl"),
    }
    tags = [
        f'<meta property="og:{name}" content="{escape(content)}" />' for name, content in properties.items() if content
    ]
    context["metatags"] = "\n".join([context.get("metatags") or "", *tags])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the description."""
    app.connect("html-page-context", describe)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
